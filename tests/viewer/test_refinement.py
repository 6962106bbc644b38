"""The page says what became of a rewriter's words."""

from videostep.store.refinement import PartCounts, Refinement, write_refinement
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import street_graph
from videostep.viewer.report import write_report

REFINEMENT = Refinement(
    refined_by="model/7",
    parts={"question": PartCounts(accepted=30, unchanged=1, refused=10)},
    refused={"meaning": 8, "names": 2},
)


def test_the_page_holds_the_counts_of_a_refinement(make_run, blocks_of):
    run = make_run(street_graph())
    write_refinement(RunFolder(run), REFINEMENT)
    refinement = blocks_of(write_report(run))["run"]["refinement"]
    assert refinement["refined_by"] == "model/7"
    assert refinement["parts"]["question"]["accepted"] == 30
    assert refinement["refused"] == {"meaning": 8, "names": 2}


def test_without_a_refinement_it_holds_none(make_run, blocks_of):
    assert blocks_of(write_report(make_run(street_graph())))["run"]["refinement"] is None
