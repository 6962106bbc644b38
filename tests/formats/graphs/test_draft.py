"""GraphDraft and the account: what every reader builds on."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError, InputError
from videostep.formats.graphs import READERS, open_reader
from videostep.formats.graphs.draft import GraphDraft, around, box_of_pixels, tile
from videostep.formats.graphs.imported import Account, ImportOptions
from videostep.formats.graphs.source_video import (
    VideoFacts,
    VideoFolder,
    described_video,
    import_provenance,
)
from videostep.graph import Box
from videostep.store.graph_file import check_graph
from videostep.video import TimeSpan

VIDEO = described_video("a.mp4", VideoFacts(duration_s=10.0, fps=25.0), {})


def draft(*times_s: float) -> GraphDraft:
    return GraphDraft(VIDEO, times_s or (2.0, 4.0, 8.0))


def test_keyframes_tile_the_video_half_way_between_frames():
    assert tile((2.0, 4.0, 8.0), TimeSpan(0.0, 10.0)) == ((0.0, 3.0), (3.0, 6.0), (6.0, 10.0))


def test_a_frame_holds_for_its_reach_and_not_beyond_its_cover():
    assert around(4.0, TimeSpan(3.5, 9.0), 1.0) == (3.5, 5.0)


def test_the_same_said_twice_is_one_element_with_joined_spans():
    graph = draft()
    person = graph.thing("person", [TimeSpan(0, 10)], kind="dynamic")
    door = graph.thing("door", [TimeSpan(5, 9), TimeSpan(-3, 2)], kind="static", extra={"tid": 7})
    for start_s in (1, 2, 6):
        assert graph.relation(person, "in front of", door, [TimeSpan(start_s, start_s + 1)], confidence=0.5)
        assert graph.motion(person, "waves", TimeSpan(start_s, start_s + 1))
        assert graph.attribute(door, "colour", "dark red", [TimeSpan(start_s, start_s + 1)])
        assert graph.doubt("cat", [TimeSpan(start_s, start_s + 1)])
    built = graph.build(import_provenance("x"))
    check_graph(built, source="built")
    assert built.objects[1].spans_s == (TimeSpan(0, 2), TimeSpan(5, 9))
    assert built.objects[1].extra == {"tid": 7}
    (relation,), (attribute,), (doubt,) = built.relations, built.attributes, built.doubts
    assert relation.spans_s == attribute.spans_s == doubt.spans_s == (TimeSpan(1, 3), TimeSpan(6, 7))
    assert (relation.id, relation.confidence) == ("c1-person-1.in-front-of.c1-door-1", 0.5)
    assert attribute.id == "c1-door-1.colour.dark-red"
    assert [(motion.id, motion.from_keyframe, motion.to_keyframe) for motion in built.motions] == [
        ("c1-person-1.waves.1", "c1-k1", "c1-k2"),
        ("c1-person-1.waves.2", "c1-k3", "c1-k3"),
    ]


def test_what_lies_outside_the_video_is_not_said():
    graph = draft()
    assert graph.thing("dog", [TimeSpan(10, 12)], kind="dynamic") is None
    dog = graph.thing("dog", [TimeSpan(9, 12)], kind="dynamic")
    assert not graph.motion(dog, "barks", TimeSpan(5, 5.00001))
    assert not graph.motion(dog, "barks", TimeSpan(6, 5))
    assert graph.build(import_provenance("x")).motions == ()


def test_an_event_that_nobody_told_is_not_believed():
    graph = draft()
    assert graph.build(import_provenance("x")).clips[0].event.confidence == 0
    graph.event("A dog barks.")
    assert graph.build(import_provenance("x")).clips[0].event.confidence == 1


@pytest.mark.parametrize(
    ("corners", "box"),
    [
        ((10, 10, 50, 20), Box(0.1, 0.2, 0.5, 0.4)),
        ((-10, 0, 200, 50), Box(0.0, 0.0, 1.0, 1.0)),
        ((20, 10, 10, 20), None),
        ((math.nan, 10, 50, 20), None),
        ((10, 10, math.nan, 20), None),
        ((120, 10, 150, 20), None),
    ],
)
def test_boxes_are_cut_to_the_picture(corners, box):
    assert box_of_pixels(corners, 100, 50) == box


def test_the_account_balances_or_says_what_is_missing():
    account = Account()
    account.find("boxes", 3)
    account.carry("boxes", repair="cut")
    account.lose("boxes", "no size")
    assert account.imbalance() == {"boxes": 1}
    account.lose("boxes", "no size")
    assert account.imbalance() == {}
    account.carry("ghosts")
    assert account.imbalance() == {"ghosts": -1}


COUNTS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", ""]), st.integers(0, 5)))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(parts=st.lists(COUNTS, max_size=4))
def test_accounts_add_up(parts):
    whole, total = Account(), Account()
    for part in parts:
        account = Account()
        for each in (account, whole):
            for kind, why, count in part:
                each.find(kind, 2 * count)
                each.carry(kind, count, repair=why)
                each.lose(kind, why or "z", count)
        total.add(account)
    assert (total.found, total.carried, total.repaired, total.lost) == (
        whole.found, whole.carried, whole.repaired, whole.lost,
    )  # fmt: skip


def test_videos_are_found_by_name_in_the_folder_and_below(tmp_path):
    for name in ("b/V.mp4", "a/V.mkv", "W.txt", ".X.mp4"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    folder = VideoFolder(tmp_path)
    assert folder.find("V") == folder.find("V.mp4") == tmp_path / "a" / "V.mkv"
    assert folder.find("W.txt") is folder.find("X") is None
    assert VideoFolder(None).read("V") is None
    with pytest.raises(InputError, match="there is no folder"):
        VideoFolder(tmp_path / "W.txt")


def test_every_reader_of_the_table_is_there():
    for name in READERS:
        assert callable(open_reader(name))


def test_an_unknown_format_is_an_error_with_the_nearest_known():
    with pytest.raises(ConfigError, match="did you mean 'agqa'"):
        open_reader("agqa2")


@pytest.mark.parametrize("fps", [0, -1, math.nan, math.inf])
def test_a_frame_rate_that_is_none_is_refused(fps):
    with pytest.raises(ConfigError, match="fps is"):
        ImportOptions(fps=fps)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    times=st.sets(st.integers(0, 19), min_size=1).map(sorted),
    drawn=st.lists(st.tuples(st.integers(0, 19), st.integers(1, 4)), min_size=1, max_size=4),
)
def test_evidence_is_what_was_taken_meanwhile_else_what_stands_for_it(times, drawn):
    graph = draft(*(time / 2 for time in times))
    assert graph.thing("cup", [TimeSpan(at / 2, (at + n) / 2) for at, n in drawn], kind="static")
    (cup,) = graph.build(import_provenance("test")).objects
    taken = [frame.id for frame in graph.keyframes if any(span.holds(frame.time_s) for span in cup.spans_s)]
    standing = [
        frame.id for frame in graph.keyframes if any(frame.covers_s.overlap(span) for span in cup.spans_s)
    ]
    assert list(cup.evidence) == (taken or standing)
