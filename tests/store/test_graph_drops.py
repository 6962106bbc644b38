"""What was not confirmed comes back as it was written, and is counted."""

import pytest

from videostep.errors import FormatError
from videostep.store.atomic import atomic_write
from videostep.store.graph_drops import GraphDrop, count_graph_drops, read_graph_drops, write_graph_drops
from videostep.store.run_folder import RunFolder

CAT = GraphDrop(
    clip="c1",
    keyframes=("c1-k1", "c1-k2"),
    kind="object",
    words="cat",
    reason="not seen when asked for",
    confidence=0.4,
)
WALK = GraphDrop(
    clip="c2",
    keyframes=("c2-k1",),
    kind="motion",
    words="cat: walks",
    reason="too few replies say so",
    confidence=0.2,
)


@pytest.fixture
def run(tmp_path):
    """With the graphs of two videos."""
    folder = RunFolder(tmp_path)
    for video in ("a-1", "b-2"):
        atomic_write(folder.graph(video), b"{}")
    return folder


def test_drops_come_back(run):
    write_graph_drops(run, "a-1", [CAT, WALK])
    assert tuple(read_graph_drops(run.graph_drops("a-1"))) == (CAT, WALK)


def test_they_are_counted_by_kind_and_reason_over_all_graphs(run):
    write_graph_drops(run, "a-1", [CAT, WALK])
    write_graph_drops(run, "b-2", [CAT])
    write_graph_drops(run, "deleted-3", [CAT])
    totals = count_graph_drops(run)
    assert totals.kinds == {"objects": 2, "attributes": 0, "relations": 0, "motions": 1, "events": 0}
    assert list(totals.reasons.items()) == [
        ("objects: not seen when asked for", 2),
        ("motions: too few replies say so", 1),
    ]


def test_a_parser_that_dropped_nothing_is_not_one_that_keeps_no_account(run):
    assert count_graph_drops(run) is None
    write_graph_drops(run, "a-1", [])
    assert sum(count_graph_drops(run).kinds.values()) == 0


def test_they_are_no_graphs_and_go_with_their_graph(run):
    write_graph_drops(run, "a-1", [CAT])
    assert len(run.graph_files()) == 2
    run.remove_graph("a-1")
    assert not run.graph_drops("a-1").exists()


def test_a_damaged_line_is_named(run):
    write_graph_drops(run, "a-1", [CAT, WALK])
    path = run.graph_drops("a-1")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(FormatError, match=r"a-1\.jsonl, line 2.*delete it"):
        count_graph_drops(run)
