"""The page says what was said of the videos and stands in no graph."""

from videostep.store.graph_drops import GraphDrop, write_graph_drops
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import street_graph
from videostep.viewer.report import write_report

STREET = street_graph()
GHOST = GraphDrop(
    clip="c1", keyframes=("c1-k1",), kind="object", words="ghost", reason="not seen", confidence=0.2
)


def test_the_page_counts_what_was_not_confirmed(make_run, blocks_of):
    run = make_run(STREET)
    write_graph_drops(RunFolder(run), STREET.video.id, [GHOST, GHOST])
    counted = blocks_of(write_report(run))["run"]["not_confirmed"]
    assert counted["kinds"]["objects"] == 2
    assert counted["reasons"] == {"objects: not seen": 2}


def test_of_a_parser_without_an_account_it_says_nothing(make_run, blocks_of):
    assert blocks_of(write_report(make_run(STREET)))["run"]["not_confirmed"] is None
