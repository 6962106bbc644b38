from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import FormatError
from videostep.graph import VideoGraph
from videostep.store.graph_file import (
    check_graph,
    decode_graph,
    encode_graph,
    graph_sha256,
    read_graph,
    write_graph,
)
from videostep.testing.graphs import random_graph, street_graph


@pytest.fixture
def street() -> dict[str, Any]:
    """The street graph as JSON that a test may spoil."""
    plain: dict[str, Any] = json.loads(encode_graph(street_graph()))
    return plain


class TestWriting:
    def test_a_graph_comes_back_as_it_was(self, tmp_path: Path) -> None:
        path = tmp_path / "graphs" / "street.json"
        data = write_graph(street_graph(), path)
        assert path.read_bytes() == data
        assert read_graph(path) == street_graph()

    def test_each_node_and_edge_has_its_own_line(self) -> None:
        lines = encode_graph(street_graph()).decode().splitlines()
        assert sum('"id": "c1-bus-1",' in line for line in lines) == 1
        assert json.loads(
            next(line for line in lines if '"c1-bus-1"' in line and '"boxes"' in line).strip(" ,")
        )

    def test_the_bytes_name_the_graph(self) -> None:
        assert graph_sha256(encode_graph(street_graph())) == graph_sha256(encode_graph(street_graph()))
        assert graph_sha256(encode_graph(random_graph(1))) != graph_sha256(encode_graph(random_graph(2)))

    def test_a_graph_that_breaks_a_rule_is_not_written(self, street: dict[str, Any], tmp_path: Path) -> None:
        graph = street_graph()
        twice = VideoGraph(**{**fields(graph), "objects": (*graph.objects, graph.objects[0])})
        with pytest.raises(FormatError, match="c1-bus-1: two elements have this id"):
            write_graph(twice, tmp_path / "twice.json")
        assert not list(tmp_path.iterdir())


class TestReading:
    def test_unknown_fields_are_written_again(self, street: dict[str, Any]) -> None:
        street["future"] = {"a": [1, None]}
        street["coverage"]["scenes"] = ["street"]
        street["objects"][0]["mask"] = "rle"
        street["objects"][0]["boxes"][0]["score"] = 0.5
        graph = decode_graph(json.dumps(street).encode(), source="street.json")
        assert json.loads(encode_graph(graph)) == street

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(FormatError, match=r"none\.json cannot be read: No such file"):
            read_graph(tmp_path / "none.json")

    def test_a_broken_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "half.json").write_bytes(encode_graph(street_graph())[:500])
        with pytest.raises(FormatError, match=r"half\.json is not JSON"):
            read_graph(tmp_path / "half.json")

    @pytest.mark.parametrize("version", ["videostep.stsg/2", "videostep.qra/1"])
    def test_another_format_is_refused(self, street: dict[str, Any], version: str) -> None:
        with pytest.raises(FormatError, match=r"\$\.format"):
            decode_graph(json.dumps({**street, "format": version}).encode(), source="street.json")

    def test_the_number_of_further_breaches_is_told(self, street: dict[str, Any]) -> None:
        street["objects"][0]["confidence"] = 2
        street["objects"][1]["confidence"] = -1
        with pytest.raises(
            FormatError, match=r"c1-bus-1: its confidence 2.0 lies outside 0..1 \(and 1 more\)"
        ):
            decode_graph(json.dumps(street).encode(), source="street.json")


def fields(graph: VideoGraph) -> dict[str, Any]:
    return {name: getattr(graph, name) for name in VideoGraph.__dataclass_fields__}


def same_as(first: str, second: str) -> dict[str, Any]:
    return {"id": f"{first}.same-as.{second}", "objects": [first, second], "confidence": 0.9}


Spoil = Callable[[dict[str, Any]], object]
BREACHES: list[tuple[str, str, str, Spoil]] = [
    ("clip order", "c2", "overlaps the clip before", lambda g: g["clips"][1].update(span_s=[9.0, 18.0])),
    (
        "frames no time apart",
        "coverage",
        "no time between two frames",
        lambda g: g["coverage"].update(sampled_every_s=0.0),
    ),
    (
        "motions known worse than by the frames",
        "coverage",
        "edges_every_s gives motions 3.0",
        lambda g: g["coverage"].update(sampled_every_s=2.0, edges_every_s={"motions": 3.0}),
    ),
    (
        "relations known worse than in every frame",
        "coverage",
        "edges_every_s gives relations 0.5",
        lambda g: g["coverage"].update(edges_every_s={"relations": 0.5}),
    ),
    (
        "attributes known by a negative time",
        "coverage",
        "edges_every_s gives attributes -1.0",
        lambda g: g["coverage"].update(sampled_every_s=2.0, edges_every_s={"attributes": -1.0}),
    ),
    ("clip past end", "c3", "leaves the video", lambda g: g["video"].update(duration_s=20.0)),
    ("no keyframe", "c1", "has no keyframe", lambda g: g["clips"][0].update(keyframes=[])),
    (
        "gap in covers",
        "c2-k2",
        "does not begin where",
        lambda g: g["clips"][1]["keyframes"][1].update(covers_s=[15.0, 18.0]),
    ),
    (
        "covers end early",
        "c2-k2",
        "end elsewhere",
        lambda g: g["clips"][1]["keyframes"][1].update(covers_s=[14.0, 17.0]),
    ),
    (
        "keyframe outside",
        "c2-k1",
        "time_s lies outside",
        lambda g: g["clips"][1]["keyframes"][0].update(time_s=14.0),
    ),
    (
        "event outside",
        "c1.event",
        "leaves the clip",
        lambda g: g["clips"][0]["event"].update(span_s=[0.0, 11.0]),
    ),
    (
        "participant missing",
        "c1.event",
        "'c1-cat-1', which does not exist",
        lambda g: g["clips"][0]["event"]["participants"].append("c1-cat-1"),
    ),
    (
        "participant elsewhere",
        "c1.event",
        "in another clip",
        lambda g: g["clips"][0]["event"]["participants"].append("c2-bench-1"),
    ),
    ("clip missing", "c1-person-2", "the clip 'c9'", lambda g: g["objects"][2].update(clip="c9")),
    ("label in capitals", "c1-bus-1", "'Bus' is not", lambda g: g["objects"][0].update(label="Bus")),
    ("empty label", "c1-bus-1", "'' is not", lambda g: g["objects"][0].update(label="")),
    ("no span", "c1-bus-1", "no time span", lambda g: g["objects"][0].update(spans_s=[])),
    ("empty span", "c1-bus-1", "is empty", lambda g: g["objects"][0].update(spans_s=[[2.0, 2.0]])),
    (
        "span outside",
        "c1-bus-1",
        "leaves the clip c1",
        lambda g: g["objects"][0].update(spans_s=[[8.0, 10.5]]),
    ),
    (
        "overlapping spans",
        "c1-bus-1",
        "overlaps another",
        lambda g: g["objects"][0].update(spans_s=[[0.0, 3.0], [2.0, 4.0]]),
    ),
    (
        "unsorted spans",
        "c1-bus-1",
        "out of order",
        lambda g: g["objects"][0].update(spans_s=[[3.0, 4.0], [0.0, 1.0]]),
    ),
    (
        "evidence",
        "c1-bus-1",
        "'c2-k1', which is no keyframe",
        lambda g: g["objects"][0]["evidence"].append("c2-k1"),
    ),
    (
        "box too wide",
        "c1-bus-1",
        "box in c1-k1 is no rectangle",
        lambda g: g["objects"][0]["boxes"][0].update(xyxy=[0.1, 0.1, 1.2, 0.5]),
    ),
    (
        "box turned over",
        "c1-bus-1",
        "box in c1-k1 is no rectangle",
        lambda g: g["objects"][0]["boxes"][0].update(xyxy=[0.5, 0.1, 0.4, 0.5]),
    ),
    (
        "two boxes",
        "c1-bus-1",
        "two boxes in one keyframe",
        lambda g: g["objects"][0]["boxes"].append(dict(g["objects"][0]["boxes"][0])),
    ),
    (
        "attribute of nothing",
        "c1-bus-1.colour.white",
        "'c1-cat-1'",
        lambda g: g["attributes"][0].update(object="c1-cat-1"),
    ),
    (
        "relation over a cut",
        "c1-person-1.next-to.c1-bus-1",
        "different clips",
        lambda g: g["relations"][0].update(object="c2-bench-1"),
    ),
    (
        "relation to itself",
        "c1-person-1.next-to.c1-bus-1",
        "to itself",
        lambda g: g["relations"][0].update(object="c1-person-1"),
    ),
    (
        "motion of nothing",
        "c1-bus-1.drives-to-the-right.1",
        "'c1-cat-1'",
        lambda g: g["motions"][0].update(object="c1-cat-1"),
    ),
    (
        "motion's keyframe",
        "c1-bus-1.drives-to-the-right.1",
        "no keyframe",
        lambda g: g["motions"][0].update(to_keyframe="c3-k1"),
    ),
    (
        "reference in one clip",
        "c1-person-1.same-as.c2-person-2",
        "two objects of one clip",
        lambda g: g["references"][0].update(objects=["c1-person-1", "c1-person-2"]),
    ),
    (
        "reference to nothing",
        "c1-person-1.same-as.c2-person-2",
        "'c2-cat-1'",
        lambda g: g["references"][0].update(objects=["c1-person-1", "c2-cat-1"]),
    ),
    (
        "references in a ring over clips",
        "c1-person-2.same-as.c3-person-1",
        "over others it joins 'c1-person-1' and 'c1-person-2', two objects of one clip",
        lambda g: g.update(
            references=[
                same_as("c1-person-1", "c2-person-2"),
                same_as("c2-person-2", "c3-person-1"),
                same_as("c1-person-2", "c3-person-1"),
            ]
        ),
    ),
    ("doubt's clip", "c3.doubt.person.1", "the clip 'c9'", lambda g: g["doubts"][0].update(clip="c9")),
    (
        "doubt's span",
        "c3.doubt.person.1",
        "leaves the clip",
        lambda g: g["doubts"][0].update(spans_s=[[0.0, 1.0]]),
    ),
    (
        "id of another kind",
        "c1-k1",
        "two elements have this id",
        lambda g: g["attributes"][0].update(id="c1-k1"),
    ),
]


class TestRules:
    @pytest.mark.parametrize(
        ("element", "rule", "spoil"), [case[1:] for case in BREACHES], ids=[case[0] for case in BREACHES]
    )
    def test_a_breach_names_file_element_and_rule(
        self, street: dict[str, Any], element: str, rule: str, spoil: Spoil
    ) -> None:
        spoil(street)
        with pytest.raises(FormatError) as caught:
            decode_graph(json.dumps(street).encode(), source="street.json")
        assert str(caught.value).startswith(f"street.json: {element}: ")
        assert rule in str(caught.value)

    def test_the_street_breaks_none(self) -> None:
        check_graph(street_graph(), source="street")

    def test_references_may_close_a_ring_of_different_clips(self, street: dict[str, Any]) -> None:
        street["references"] = [
            same_as("c1-person-1", "c2-person-1"),
            same_as("c2-person-1", "c3-person-1"),
            same_as("c1-person-1", "c3-person-1"),
        ]
        graph = decode_graph(json.dumps(street).encode(), source="street.json")
        assert len(graph.references) == 3

    def test_every_edge_that_closes_a_forbidden_chain_counts(self, street: dict[str, Any]) -> None:
        street["references"] = [
            same_as("c1-person-1", "c2-person-1"),
            same_as("c1-person-2", "c2-person-1"),
            same_as("c1-person-3", "c2-person-1"),
        ]
        with pytest.raises(FormatError, match=r"c1-person-2\.same-as\.c2-person-1: .* \(and 1 more\)"):
            decode_graph(json.dumps(street).encode(), source="street.json")

    @settings(deadline=None, max_examples=40, derandomize=True)
    @given(st.integers(0, 10_000), st.integers(0, 5), st.integers(0, 9))
    def test_random_graphs_break_none_and_come_back(self, seed: int, n_clips: int, n_objects: int) -> None:
        graph = random_graph(seed, n_clips=n_clips, n_objects=n_objects)
        assert decode_graph(encode_graph(graph), source="random") == graph
