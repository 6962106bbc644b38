"""Reader of AGQA's scene graphs. The files are written by hand from descriptions, none is AGQA's own."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError, InputError
from videostep.formats.graphs.agqa import read
from videostep.formats.graphs.agqa_words import predicate_of_phrase
from videostep.formats.graphs.imported import Imported, ImportOptions, Refused
from videostep.store.graph_file import check_graph
from videostep.testing.clips import encode_video, shots
from videostep.video import TimeSpan


class AgqaVideo(dict[str, Any]):
    """The vertices of one video of AGQA; they hold each other as those in the files do."""

    def frame(self, id_: str, secs: Any) -> dict[str, Any]:
        before = [vertex for vertex in self.values() if vertex["type"] == "frame"]
        self[id_] = vertex = {"id": id_, "type": "frame", "secs": secs, "metadata": "test", "next": None}
        vertex["objects"] = {"names": [], "vertices": []}
        vertex["prev"] = before[-1] if before else None
        if before:
            before[-1]["next"] = vertex
        return vertex

    def thing(self, code: str, frame: str, **changed: Any) -> dict[str, Any]:
        vertex = {
            "id": f"{code}/{frame}",
            "type": "object",
            "class": code,
            "visible": True,
            "bbox": (1, 2, 3, 4),
        }
        self[f"{code}/{frame}"] = vertex = {**vertex, "frame_num": frame, **changed}
        if frame in self:
            self[frame]["objects"]["names"].append(code)
            self[frame]["objects"]["vertices"].append(vertex)
        return vertex

    def relation(self, type_: str, code: str, frame: str, things: Any) -> None:
        self[f"{code}/{frame}"] = {
            "id": f"{code}/{frame}",
            "type": type_,
            "class": code,
            "objects": things,
            "frame": frame,
        }

    def action(self, id_: str, phrase: Any, start: Any, end: Any, type_: str = "act") -> None:
        code = id_.partition("/")[0]
        self[id_] = {"id": id_, "type": type_, "charades": code, "phrase": phrase, "start": start, "end": end}


def write(folder: Path, videos: Any, codes: str | None = None) -> Path:
    """A folder of AGQA's scene graphs."""
    plain = (
        {name: dict(video) if isinstance(video, AgqaVideo) else video for name, video in videos.items()}
        if isinstance(videos, dict)
        else videos
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "AGQA_test_stsgs.pkl").write_bytes(pickle.dumps(plain))
    if codes is not None:
        (folder / "ENG.txt").write_text(codes)
    return folder


def imported(folder: Path, **options: Any) -> Imported:
    (item,) = read(folder, ImportOptions(**options))
    assert isinstance(item, Imported), item
    check_graph(item.graph, source="imported")
    assert item.account.imbalance() == {}
    return item


@pytest.fixture
def pillow() -> AgqaVideo:
    """Somebody holds a pillow at 1 and 2 s, then throws it."""
    video = AgqaVideo()
    for id_, secs in (("000030", 1.0), ("000060", 2.0), ("000300", 10.0)):
        video.frame(id_, secs)
    for id_ in ("000030", "000060"):
        thing = video.thing("o26", id_)
        video.relation("contact", "r15", id_, {"names": ["o26"], "vertices": [thing]})
    video.action("c080/1", "throwing a pillow somewhere", 2.5, 4.0)
    return video


def test_things_relations_and_actions_are_read(tmp_path, pillow):
    graph = imported(write(tmp_path, {"YSKX3": pillow})).graph
    assert [(node.id, node.kind) for node in graph.objects] == [
        ("c1-person-1", "dynamic"), ("c1-pillow-1", "static"),
    ]  # fmt: skip
    (relation,) = graph.relations
    assert (relation.subject, relation.predicate, relation.object) == (
        "c1-person-1",
        "holding",
        "c1-pillow-1",
    )
    assert relation.spans_s == (TimeSpan(0.0, 3.0),)
    (motion,) = graph.motions
    assert (motion.predicate, motion.span_s) == ("throws a pillow somewhere", TimeSpan(2.5, 4.0))
    assert graph.objects[0].spans_s == (TimeSpan(0.0, 4.0),)
    assert graph.video.path == "YSKX3.mp4"
    assert graph.video.duration_s == 10.0333
    assert graph.coverage.relations == ()


def test_complete_annotations_cover_what_anybody_does(tmp_path, pillow):
    other = AgqaVideo()
    other.frame("000001", 0.0)
    other.action("c001/1", "standing up", 0, 2)
    first, second = read(write(tmp_path, {"A": pillow, "B": other}), ImportOptions(complete=True))
    assert isinstance(first, Imported)
    assert isinstance(second, Imported)
    assert first.graph.coverage.motions == ("stands up", "throws a pillow somewhere")
    assert second.graph.coverage.motions == first.graph.coverage.motions
    assert second.graph.coverage.labels == first.graph.coverage.labels != ()
    assert "behind" not in first.graph.coverage.relations


def test_the_words_of_codes_are_those_of_the_file_beside(tmp_path, pillow):
    pillow.relation("verb", "v025", "000060", ["o26/000060"])
    without = imported(write(tmp_path, {"A": pillow}))
    assert without.account.lost["relations"] == {"an unknown relationship": 1}
    having = imported(write(tmp_path, {"A": pillow}, '{"v025": "throwing", "o26": "cushion"}'))
    assert {edge.predicate for edge in having.graph.relations} == {"holding", "throwing"}
    assert having.graph.objects[1].label == "cushion"


def test_words_may_stand_for_codes(tmp_path):
    video = AgqaVideo()
    video.frame("000001", 0.0)
    video.thing("o004", "000001", **{"class": "blanket"})
    video.relation("contacting", "touching", "000001", ["blanket"])
    (relation,) = imported(write(tmp_path, {"A": video})).graph.relations
    assert (relation.predicate, relation.object) == ("touching", "c1-blanket-1")


def test_everything_is_accounted_for(tmp_path, pillow):
    pillow.frame("000400", float("nan"))
    pillow.thing("o99", "000030")
    pillow.thing("o2", "000030", visible=False, bbox=None)
    pillow.thing("o2", "999999")
    pillow.relation("attention", "r2", "000030", ["o26"])
    pillow.relation("spatial", "r7", "000030", ["o26"])
    pillow.relation("contact", "r22", "000030", {"names": ["o2", "o31"], "vertices": []})
    pillow.relation("contact", "r10", "000030", None)
    pillow.action("c001/1", "standing up", 3.0, 2.0)
    pillow.action("c001/2", "standing up", 30.0, "x", "action")
    pillow.action("c080/2", "throwing a pillow somewhere", 3.5, 5.0)
    pillow.action("c002/1", None, 1, 2)
    pillow["odd"] = 3
    account = imported(write(tmp_path, {"A": pillow})).account
    assert account.lost == {
        "frames": {"without a time": 1},
        "boxes": {"in a layout that is not documented": 4},
        "objects": {"an unknown class": 1, "not visible": 1, "in a frame that is lost or not there": 1},
        "relations": {
            "a negation": 1,
            "spatial: who is where of whom is not documented": 1,
            "to a thing that is not seen in its frame": 2,
            "to nothing": 1,
        },
        "actions": {"ends before it starts": 1, "without a time": 1, "without words": 1},
        "other vertices": {"of an unknown type": 1},
    }
    assert account.repaired == {
        "videos": {"assumed: duration_s and fps": 1},
        "actions": {"joined with one of the same words that it overlaps": 1},
    }
    assert account.found["relations"] == 7


def test_a_video_file_cuts_what_lies_after_its_end(tmp_path, pillow):
    (tmp_path / "videos").mkdir()
    encode_video(tmp_path / "videos" / "A.mp4", shots([75]))
    pillow.action("c077/1", "putting a pillow somewhere", 1.0, 2.8)
    item = imported(write(tmp_path / "agqa", {"A": pillow}), videos=tmp_path / "videos")
    assert item.graph.video.duration_s == 3.0
    assert item.account.lost["frames"] == {"after the end of the video": 1}
    assert item.account.repaired["actions"] == {"cut to the video": 1}


@pytest.mark.parametrize("vertices", [{}, 3, {"000001": {"type": "frame", "secs": -1.0}}, {"000001": None}])
def test_a_video_without_a_frame_is_refused(tmp_path, vertices):
    (item,) = read(write(tmp_path, {"A": vertices}), ImportOptions())
    assert isinstance(item, Refused)
    assert item.name == "A"


def test_files_of_another_kind_are_refused_as_a_whole(tmp_path):
    with pytest.raises(FormatError, match="no dictionary of videos"):
        list(read(write(tmp_path, []), ImportOptions()))
    with pytest.raises(FormatError, match=r"ENG\.txt is no JSON object"):
        list(read(write(tmp_path, {}, "[]"), ImportOptions()))
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no \.pkl files"):
        list(read(tmp_path / "empty", ImportOptions()))


@pytest.mark.parametrize(
    ("phrase", "predicate"),
    [
        ("putting a pillow somewhere", "puts a pillow somewhere"),
        ("Working/Playing on a laptop", "works or plays on a laptop"),
        ("Reaching for and grabbing a picture", "reaches for and grabs a picture"),
        ("Tidying a shelf or something on a shelf", "tidies a shelf or something on a shelf"),
        ("Tidying up a blanket/s", "tidies up a blanket"),
        ("Holding a cup/glass/bottle of something", "holds a cup, glass or bottle of something"),
        ("Someone is undressing", "undresses"),
        ("Lying on a bed", "lies on a bed"),
    ],
)
def test_phrases_become_third_person(phrase, predicate):
    assert predicate_of_phrase(phrase) == predicate


ANY = (
    st.none()
    | st.booleans()
    | st.integers(-2, 40)
    | st.floats()
    | st.sampled_from(["o4", "r15", "000001", "a b"])
)
VERTEX = st.fixed_dictionaries(
    {"type": st.sampled_from(["frame", "object", "contact", "spatial", "verb", "act", "odd"]) | ANY},
    optional={
        "secs": st.floats(0, 30) | ANY,
        "class": st.sampled_from(["o4", "o5", "r15", "r22", "blanket"]) | ANY,
        "visible": ANY | st.just(True),
        "objects": ANY
        | st.lists(ANY, max_size=3)
        | st.fixed_dictionaries({"names": st.lists(ANY, max_size=2)}),
        "phrase": st.sampled_from(["standing up", "a/", "/"]) | ANY,
        "start": ANY,
        "end": ANY,
        "bbox": ANY,
    },
)
IDS = st.sampled_from(["000001", "000030", "o4/000001", "o5/000030", "r15/000001", "c001/1", "c001/2"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(vertices=st.dictionaries(IDS, VERTEX | ANY), complete=st.booleans())
def test_whatever_stands_there_balances_and_gives_a_valid_graph(tmp_path_factory, vertices, complete):
    folder = write(tmp_path_factory.getbasetemp() / "any-agqa", {"A": vertices})
    for item in read(folder, ImportOptions(complete=complete)):
        if isinstance(item, Imported):
            check_graph(item.graph, source="any")
            assert item.account.imbalance() == {}
