from dataclasses import replace

import pytest

from videostep.errors import InputError, RunFolderError
from videostep.evaluate.run_score import THRESHOLDS, score_runs
from videostep.store.graph_file import write_graph
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import random_graph, street_graph


@pytest.fixture
def make_run(tmp_path):
    def make(name, *graphs):
        run = RunFolder(tmp_path / name)
        run.root.mkdir()
        run.config.touch()
        for graph in graphs:
            write_graph(graph, run.graph(graph.video.id))
        return run

    return make


def less(graph):
    """The graph without its last attribute."""
    return replace(graph, attributes=graph.attributes[:-1])


def test_videos_are_added_up(make_run):
    graphs = [street_graph(), random_graph(1)]
    score = score_runs(make_run("a", *map(less, graphs)), make_run("b", *graphs))
    attributes = score.scores["hungarian"].total("attributes")
    true = sum(len(graph.attributes) for graph in graphs)
    assert (attributes.found, attributes.predicted, attributes.true) == (true - 2, true - 2, true)
    assert score.paired_by == {"id": 2}
    assert [video.predicted for video in score.videos] == [
        graph.video.id for graph in (random_graph(1), street_graph())
    ]


def test_videos_of_one_run_only_are_named_and_not_scored(make_run):
    street, other, third = street_graph(), random_graph(1), random_graph(2)
    score = score_runs(make_run("a", street, other), make_run("b", street, third))
    assert [video.id for video in score.only_predicted] == [other.video.id]
    assert [video.id for video in score.only_true] == [third.video.id]
    assert score.scores["hungarian"].total("objects").true == len(street.objects)


def test_a_damaged_graph_is_told_and_not_scored(make_run):
    run, truth = (make_run(name, street_graph(), random_graph(1)) for name in "ab")
    path = truth.graph(street_graph().video.id)
    path.write_text(path.read_text().replace('"confidence": 0.9', '"confidence": 9', 1))
    heard = []
    score = score_runs(run, truth, hear=heard.append)
    assert [video.true for video in score.videos] == [random_graph(1).video.id]
    assert (score.only_predicted, score.only_true) == ((), ())
    assert [str(error) for error in heard] == list(score.damaged)
    assert "lies outside 0..1" in score.damaged[0]


def test_the_curve_leaves_out_what_is_less_sure(make_run):
    graph = random_graph(1)
    run = make_run("a", graph)
    score = score_runs(run, run)
    kept = [sum(node.confidence >= threshold for node in graph.objects) for threshold in THRESHOLDS]
    assert [point.total("objects").found for point in score.curve] == kept
    assert kept[0] == len(graph.objects) > kept[8] > kept[10] == 0
    assert score.curve[0] == score.scores["hungarian"]


def test_graphs_that_are_cut_elsewhere_are_told_apart(make_run):
    graph = street_graph()
    shifted = replace(random_graph(1), video=graph.video)
    run = make_run("a", graph)
    assert [video.same_clips for video in score_runs(run, run).videos] == [True]
    long = replace(shifted, video=replace(graph.video, duration_s=shifted.video.duration_s))
    assert [video.same_clips for video in score_runs(run, make_run("b", long)).videos] == [False]


def test_runs_without_a_common_video_are_refused(make_run):
    with pytest.raises(InputError, match="no video has a sound graph in both"):
        score_runs(make_run("a", street_graph()), make_run("b", random_graph(1)))


def test_a_run_without_graphs_is_refused(make_run):
    with pytest.raises(InputError, match="empty holds no graph"):
        score_runs(make_run("empty"), make_run("b", street_graph()))


def test_a_folder_that_is_no_run_is_refused(make_run, tmp_path):
    with pytest.raises(RunFolderError, match="there is no run folder"):
        score_runs(make_run("a", street_graph()), RunFolder(tmp_path / "nowhere"))
