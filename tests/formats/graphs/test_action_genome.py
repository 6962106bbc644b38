"""Reader of Action Genome. The files are written by hand from its README; no line is from the data set."""

import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError, InputError
from videostep.formats.graphs.action_genome import read
from videostep.formats.graphs.imported import Imported, ImportOptions, Refused
from videostep.graph import EdgeTimes
from videostep.store.graph_file import check_graph
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan


def entry(
    class_: Any,
    box: Any = (100.0, 50.0, 40.0, 30.0),
    *,
    attention: Any = (),
    spatial: Any = (),
    contact: Any = (),
    visible: Any = True,
) -> dict[str, Any]:
    """One thing of one frame of Action Genome."""
    return {
        "class": class_,
        "bbox": box,
        "attention_relationship": list(attention) if isinstance(attention, tuple) else attention,
        "spatial_relationship": list(spatial) if isinstance(spatial, tuple) else spatial,
        "contacting_relationship": list(contact) if isinstance(contact, tuple) else contact,
        "visible": visible,
        "metadata": {"tag": "VIDEO/FRAME", "set": "train"},
    }


def people(*boxes: tuple[float, ...], size: tuple[int, int] = (480, 270)) -> dict[str, Any]:
    """The people of one frame of Action Genome."""
    return {
        "bbox": np.array(boxes, dtype="float32").reshape(len(boxes), 4),
        "bbox_score": np.ones(len(boxes), dtype="float32"),
        "bbox_size": size,
        "bbox_mode": "xyxy",
    }


def write(folder: Path, objects: Any, persons: Any = None, listed: str | None = None) -> Path:
    """An annotation folder of Action Genome."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "object_bbox_and_relationship.pkl").write_bytes(pickle.dumps(objects))
    if persons is not None:
        (folder / "person_bbox.pkl").write_bytes(pickle.dumps(persons, 2))
    if listed is not None:
        (folder / "frame_list.txt").write_text(listed)
    return folder


def imported(folder: Path, **options: Any) -> Imported:
    (item,) = read(folder, ImportOptions(**options))
    assert isinstance(item, Imported), item
    check_graph(item.graph, source="imported")
    assert item.account.imbalance() == {}
    return item


def spans(edges: Any) -> dict[tuple[str, str, str], list[tuple[float, float]]]:
    return {(e.subject, e.predicate, e.object): [tuple(span) for span in e.spans_s] for e in edges}


PEOPLE = people((200.0, 20.0, 300.0, 250.0))
# Frames 1, 31, 151: 0, 1 and 5 s at 30 frames a second.
KEYS = ["V.mp4/000001.png", "V.mp4/000031.png", "V.mp4/000151.png"]


def test_relations_point_from_the_person_and_places_to_it(tmp_path):
    seen = entry(
        "chair", spatial=("beneath", "on_the_side_of"), contact=("sitting_on", "have_it_on_the_back")
    )
    folder = write(tmp_path, {key: [seen] for key in KEYS}, dict.fromkeys(KEYS, PEOPLE))
    found = spans(imported(folder).graph.relations)
    assert set(found) == {
        ("c1-chair-1", "below", "c1-person-1"),
        ("c1-chair-1", "beside", "c1-person-1"),
        ("c1-person-1", "sitting on", "c1-chair-1"),
        ("c1-person-1", "carrying on the back", "c1-chair-1"),
    }


def test_a_relation_holds_around_its_frames_and_joins_near_ones(tmp_path):
    frames = {key: [entry("cup/glass/bottle", contact=("holding",))] for key in KEYS}
    graph = imported(write(tmp_path, frames)).graph
    # The third frame is 4 s later: what was between is not known. The video ends with it.
    assert graph.video.duration_s == 5.0333
    (relation,) = graph.relations
    assert relation.spans_s == (TimeSpan(0.0, 2.0), TimeSpan(4.0, 5.0333))
    assert relation.evidence == ("c1-k1", "c1-k2", "c1-k3")


def test_the_graph_says_how_far_annotated_frames_lie_apart(tmp_path):
    frames = {key: [entry("laptop", contact=("touching",))] for key in KEYS}
    assert imported(write(tmp_path, frames)).graph.coverage.sampled_every_s == 4.0
    late = {KEYS[2]: frames[KEYS[2]]}
    coverage = imported(write(tmp_path, late)).graph.coverage
    assert coverage.sampled_every_s == 5.0
    assert coverage.edges_every_s == EdgeTimes(motions=0.0), "actions have annotated ends"


def test_complete_annotations_stand_until_the_next(tmp_path):
    frames = {key: [entry("laptop", contact=("touching",))] for key in KEYS[::2]}
    graph = imported(write(tmp_path, frames), complete=True).graph
    assert graph.relations[0].spans_s == (TimeSpan(0.0, 5.0333),)
    assert "laptop" in graph.coverage.labels
    assert "touching" in graph.coverage.relations
    assert "looking at" not in graph.coverage.relations
    assert imported(write(tmp_path, frames)).graph.coverage.labels == ()


def test_gaze_is_kept_but_hardly_believed(tmp_path):
    frames = {KEYS[0]: [entry("book", attention=("looking_at",), contact=("holding",))]}
    by_predicate = {
        edge.predicate: edge.confidence for edge in imported(write(tmp_path, frames)).graph.relations
    }
    assert by_predicate == {"looking at": 0.3, "holding": 1.0}


def test_boxes_become_fractions_of_the_annotated_picture(tmp_path):
    people_of = people((-48.0, 27.0, 240.0, 135.0))
    item = imported(write(tmp_path, {KEYS[0]: [entry("bag", (48, 27, 96, 54))]}, {KEYS[0]: people_of}))
    boxes = {node.label: node.boxes[0].xyxy for node in item.graph.objects}
    assert boxes == {"person": (0.0, 0.1, 0.5, 0.5), "bag": (0.1, 0.1, 0.3, 0.3)}
    assert item.account.repaired["person boxes"] == {"cut at the edge of the picture": 1}
    assert (item.graph.video.width_px, item.graph.video.height_px) == (480, 270)


def test_everything_is_accounted_for(tmp_path):
    frames = {
        KEYS[0]: [
            entry(
                "sofa/couch", attention=("unsure",), spatial=("in",), contact=("sitting_on", "not_contacting")
            ),
            entry("sofa/couch", contact=("touching",)),
            entry("dragon", None, contact=("holding",)),
            entry("towel", None, attention=None, spatial=None, contact=None, visible=False),
            entry(7, contact=("holding", 3)),
            "no entry",
        ],
        KEYS[1]: [entry("book", (0, 0, float("nan"), 3), spatial=("sideways",), contact="holding")],
        "V.mp4/x.png": [entry("book", contact=("holding",))],
        KEYS[2]: None,
    }
    persons = {
        KEYS[0]: people((1, 1, 90, 90), (2, 2, 91, 91)),
        KEYS[1]: people((1, 1, 9, 9), (50, 50, 90, 90)),
    }
    item = imported(write(tmp_path, frames, persons, f"{KEYS[0]}\nV.mp4/000200.png\n"))
    account = item.account
    assert account.found == {
        "videos": 1, "frames": 5, "objects": 8, "boxes": 5, "relations": 11, "person boxes": 4,
    }  # fmt: skip
    assert account.carried == {
        "videos": 1, "frames": 2, "objects": 2, "boxes": 1, "relations": 2, "person boxes": 1,
    }  # fmt: skip
    assert account.lost == {
        "frames": {"without a number": 1, "listed, but not annotated": 2},
        "objects": {
            "a second thing of its class in one frame: kept as a doubt": 1,
            "an unknown class": 3,
            "not visible": 1,
            "in a frame that is lost": 1,
        },
        "boxes": {
            "of a thing that is lost": 2,
            "no rectangle inside the picture": 1,
            "in a frame that is lost": 1,
        },
        "relations": {
            "the annotators were not sure": 1,
            "'in', which may say of either that it is in the other": 1,
            "a negation": 1,
            "of a thing that is lost": 4,
            "an unknown relationship": 1,
            "in a frame that is lost": 1,
        },
        "person boxes": {"a second box of the same person": 1, "of several people: kept as a doubt": 2},
    }
    assert account.repaired == {
        "objects": {"the first of several names": 1},
        "videos": {"assumed: duration_s and fps": 1},
    }
    assert Counter(doubt.label for doubt in item.graph.doubts) == {"sofa": 1, "person": 1}


def test_a_video_file_gives_rate_length_and_digest(tmp_path):
    (tmp_path / "videos" / "deep").mkdir(parents=True)
    encode_video(tmp_path / "videos" / "deep" / "V.mp4", shots([50]))
    folder = write(tmp_path / "ag", {key: [entry("door", contact=("holding",))] for key in KEYS})
    item = imported(folder, videos=tmp_path / "videos")
    video = item.graph.video
    assert (video.fps, video.duration_s) == (25.0, 2.0)
    assert video.path.endswith("deep/V.mp4")
    assert [keyframe.time_s for keyframe in item.graph.clips[0].keyframes] == [0.0, 1.2]
    assert item.account.lost["frames"] == {"after the end of the video": 1}
    assert item.account.repaired == {}


def test_a_video_file_that_is_broken_refuses_its_video(tmp_path):
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "V.mp4").write_bytes(b"no video")
    folder = write(tmp_path / "ag", {KEYS[0]: [], "W.mp4/000001.png": []})
    first, second = read(folder, ImportOptions(videos=tmp_path / "videos"))
    assert isinstance(first, Refused)
    assert first.reason == "its video cannot be decoded"
    assert isinstance(second, Imported)


def test_the_given_rate_is_not_assumed(tmp_path):
    item = imported(write(tmp_path, {KEYS[1]: [entry("door", contact=("holding",))]}), fps=15.0)
    assert item.graph.clips[0].keyframes[0].time_s == 2.0
    assert item.graph.video.extra == {"sha256_of": "annotations", "assumed": ["duration_s"]}
    assert item.graph.provenance.generator == "videostep import action-genome"
    assert item.graph.provenance.extra == {"settings": {"fps": "15.0", "complete": "False"}}


def test_other_annotations_of_a_video_have_another_id(tmp_path):
    ids = {
        imported(write(tmp_path, {KEYS[0]: [entry(label)]})).graph.video.id
        for label in ("book", "door", "book")
    }
    assert len(ids) == 2
    assert all(id_.startswith("v-") for id_ in ids)


@pytest.mark.parametrize("frames", [{"no frame": []}, {"V.mp4/000000.png": []}, {KEYS[0]: None}, {3: []}])
def test_a_video_without_a_frame_is_refused(tmp_path, frames):
    (item,) = read(write(tmp_path, frames), ImportOptions())
    assert isinstance(item, Refused)


def test_a_frame_that_holds_itself_is_read_once(tmp_path):
    frame = [entry("chair", contact=("sitting_on",))]
    frame.append(frame)
    assert [thing.label for thing in imported(write(tmp_path, {KEYS[0]: frame})).graph.objects].count(
        "chair"
    ) == 1


def test_names_that_no_file_can_hold_are_spelled_out(tmp_path):
    folder = write(tmp_path, {"V\ud800.mp4/000001.png": [entry("chair", contact=("sitting_on",))]})
    assert imported(folder).graph.video.path == "V\\ud800.mp4"


def test_files_of_another_kind_are_refused_as_a_whole(tmp_path):
    with pytest.raises(FormatError, match="no dictionary of frames"):
        list(read(write(tmp_path, [1]), ImportOptions()))
    with pytest.raises(FormatError, match="no dictionary of frames"):
        list(read(write(tmp_path, {}, persons=[1]), ImportOptions()))
    with pytest.raises(InputError):
        list(read(tmp_path / "none.pkl", ImportOptions()))
    with pytest.raises(InputError, match="no folder"):
        list(read(write(tmp_path, {}), ImportOptions(videos=tmp_path / "none")))


ANY = (
    st.none()
    | st.booleans()
    | st.integers(-3, 700)
    | st.floats()
    | st.sampled_from(["holding", "behind", "book"])
)
BOXES = st.none() | st.tuples(*[st.floats(-600, 600) | st.just(float("nan"))] * 4) | st.lists(ANY, max_size=5)
NAMES = ANY | st.lists(st.sampled_from(["looking_at", "behind", "in", "holding", "unsure"]) | ANY, max_size=3)
ENTRIES = st.builds(
    entry,
    st.sampled_from(["book", "person", "sofa/couch", "couch"]) | ANY,
    BOXES,
    attention=NAMES,
    spatial=NAMES,
    contact=NAMES,
    visible=ANY | st.just(True),
)
FRAMES = st.dictionaries(
    st.sampled_from([*KEYS, "V.mp4/31.jpg", "V.mp4/y.png"]),
    ANY | st.lists(ENTRIES | ANY, max_size=4),
    min_size=1,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(frames=FRAMES, complete=st.booleans(), fps=st.none() | st.floats(0.5, 900))
def test_whatever_stands_there_balances_and_gives_a_valid_graph(tmp_path_factory, frames, complete, fps):
    folder = write(tmp_path_factory.getbasetemp() / "any-ag", frames, {KEYS[0]: PEOPLE, KEYS[1]: people()})
    for item in read(folder, ImportOptions(complete=complete, fps=fps)):
        if isinstance(item, Imported):
            check_graph(item.graph, source="any")
            assert item.account.imbalance() == {}
