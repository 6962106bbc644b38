from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.graph import ClipGraph, Coverage, Event, ObjectNode, Provenance, VideoGraph
from videostep.induce.bridge import BridgeConfig, bridge_video, find_candidates, sightings_of
from videostep.induce.parse import Sighting
from videostep.store.graph_file import check_graph
from videostep.testing.graphs import random_graph, street_graph
from videostep.testing.parser import ScriptedParser
from videostep.video import Clip, Keyframe, TimeSpan

PROVENANCE = Provenance(generator="test", version="1", model="table", config_sha256="", seed=0)


class TableParser(ScriptedParser):
    """Says how alike two objects are by their ids; counts how often it was asked."""

    def __init__(self, table: Mapping[tuple[str, str], float], *, otherwise: float = 0.0) -> None:
        super().__init__(street_graph())
        self._table = table
        self._otherwise = otherwise
        self.asked: list[tuple[str, str]] = []

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        ids = (first.object.id, second.object.id)
        self.asked.append(ids)
        return self._table.get(ids, self._otherwise)

    def event_of(self, graph: ClipGraph) -> Event:
        return Event(
            id=f"{graph.clip.id}.event",
            description="nothing happens",
            span_s=graph.clip.span_s,
            participants=(),
            confidence=1.0,
        )


def clip_graph(number: int, *labels: str) -> ClipGraph:
    """A clip of 1 s with one object a label: `c1-person-1`, `c1-person-2` ..."""
    clip, span = f"c{number}", TimeSpan(number - 1.0, float(number))
    frame = Keyframe(id=f"{clip}-k1", time_s=span.start_s, covers_s=span, image="k.jpg")
    objects = tuple(
        ObjectNode(
            id=f"{clip}-{label}-{labels[: rank + 1].count(label)}",
            clip=clip,
            label=label,
            kind="dynamic",
            spans_s=(span,),
            boxes=(),
            confidence=1.0,
            evidence=(frame.id,),
        )
        for rank, label in enumerate(labels)
    )
    return ClipGraph(
        clip=Clip(id=clip, span_s=span, keyframes=(frame,)),
        objects=objects,
        attributes=(),
        relations=(),
        motions=(),
        doubts=(),
        appearances={},
    )


def bridge(graphs: list[ClipGraph], parser: TableParser, **config: float) -> VideoGraph:
    return bridge_video(random_graph(0).video, graphs, parser, BridgeConfig(**config), PROVENANCE)  # type: ignore[arg-type]


def joined(graph: VideoGraph) -> dict[tuple[str, str], float]:
    return {edge.objects: edge.confidence for edge in graph.references}


def test_only_equal_labels_of_different_clips_are_compared() -> None:
    parser = TableParser({})
    bridge([clip_graph(1, "person", "car"), clip_graph(2, "person"), clip_graph(3, "car")], parser)
    assert parser.asked == [("c1-person-1", "c2-person-1"), ("c1-car-1", "c3-car-1")]


def test_a_sure_pair_gets_an_edge_with_its_confidence() -> None:
    parser = TableParser({("c1-person-1", "c2-person-1"): 0.93})
    graph = bridge([clip_graph(2, "person"), clip_graph(1, "person")], parser, min_confidence=0.9)
    (edge,) = graph.references
    assert edge.id == "c1-person-1.same-as.c2-person-1"
    assert joined(graph) == {("c1-person-1", "c2-person-1"): 0.93}


def test_an_unsure_pair_gets_none() -> None:
    parser = TableParser({("c1-person-1", "c2-person-1"): 0.89})
    assert not joined(bridge([clip_graph(1, "person"), clip_graph(2, "person")], parser, min_confidence=0.9))


def test_two_clips_are_matched_one_to_one_for_the_largest_sum() -> None:
    table = {
        ("c1-person-1", "c2-person-1"): 0.8,
        ("c1-person-1", "c2-person-2"): 0.8,
        ("c1-person-2", "c2-person-1"): 0.8,
        ("c1-person-2", "c2-person-2"): 0.5,
    }
    graphs = [clip_graph(1, "person", "person"), clip_graph(2, "person", "person")]
    found = joined(bridge(graphs, TableParser(table), min_confidence=0.4, min_margin=0.0))
    assert set(found) == {("c1-person-1", "c2-person-2"), ("c1-person-2", "c2-person-1")}


def test_of_two_that_look_alike_neither_is_taken() -> None:
    table = {("c1-person-1", "c2-person-1"): 0.95, ("c1-person-1", "c2-person-2"): 0.93}
    graphs = [clip_graph(1, "person"), clip_graph(2, "person", "person")]
    assert not joined(bridge(graphs, TableParser(table), min_margin=0.05))
    assert joined(bridge(graphs, TableParser(table), min_margin=0.01))


@pytest.mark.parametrize(("beside", "found"), [(0.0, True), (0.4, True), (0.6, False)])
def test_who_is_as_like_somebody_seen_beside_it_is_not_taken(beside: float, found: bool) -> None:
    table = {("c1-person-1", "c2-person-1"): 0.9, ("c2-person-1", "c2-person-2"): beside}
    graphs = [clip_graph(1, "person"), clip_graph(2, "person", "person")]
    assert bool(joined(bridge(graphs, TableParser(table), min_margin=0.4))) == found


def test_pieces_of_one_track_are_no_rivals() -> None:
    # two people who are never seen at once may be one whom the tracker lost for a while
    first, second = clip_graph(1, "person"), clip_graph(2, "person", "person")
    early, late = second.objects
    halves = (replace(early, spans_s=(TimeSpan(1.0, 1.5),)), replace(late, spans_s=(TimeSpan(1.5, 2.0),)))
    table = {("c1-person-1", "c2-person-1"): 0.9, ("c2-person-1", "c2-person-2"): 0.9}
    assert joined(bridge([first, replace(second, objects=halves)], TableParser(table)))


@pytest.mark.parametrize("setting", [{"min_confidence": 1.1}, {"min_margin": -0.1}, {"window_clips": 0}])
def test_a_setting_out_of_range_is_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(setting))):
        BridgeConfig(**setting)  # type: ignore[arg-type]


def test_no_chain_joins_two_objects_of_one_clip() -> None:
    # c3's person is like the second of c1; c2's is like the first of c1 and like c3's
    table = {
        ("c1-person-1", "c2-person-1"): 0.95,
        ("c2-person-1", "c3-person-1"): 0.9,
        ("c1-person-2", "c3-person-1"): 0.85,
    }
    graphs = [clip_graph(1, "person", "person"), clip_graph(2, "person"), clip_graph(3, "person")]
    assert set(joined(bridge(graphs, TableParser(table)))) == {
        ("c1-person-1", "c2-person-1"),
        ("c2-person-1", "c3-person-1"),
    }


def test_an_edge_between_what_is_joined_already_is_left_out() -> None:
    graphs = [clip_graph(number, "dog") for number in (1, 2, 3)]
    table = {("c1-dog-1", "c2-dog-1"): 0.9, ("c2-dog-1", "c3-dog-1"): 0.95, ("c1-dog-1", "c3-dog-1"): 0.85}
    assert set(joined(bridge(graphs, TableParser(table)))) == {
        ("c1-dog-1", "c2-dog-1"),
        ("c2-dog-1", "c3-dog-1"),
    }


@pytest.mark.parametrize(("window", "found"), [(1, False), (2, True)])
def test_the_window_counts_clips_that_hold_the_label(window: int, found: bool) -> None:
    graphs = [clip_graph(1, "dog"), clip_graph(2, "car"), clip_graph(3, "dog"), clip_graph(4, "dog")]
    parser = TableParser({("c1-dog-1", "c4-dog-1"): 0.9})
    assert bool(joined(bridge(graphs, parser, window_clips=window))) == found


def test_comparisons_grow_with_the_clips_not_with_their_square() -> None:
    parser = TableParser({}, otherwise=0.0)
    bridge([clip_graph(number, "person", "person") for number in range(1, 101)], parser, window_clips=4)
    assert len(parser.asked) < 100 * 4 * 4


def test_a_parser_is_given_attributes_and_appearance() -> None:
    graph = street_graph()
    parser = ScriptedParser(graph)
    one = graph.clips[0]
    clip = Clip(id=one.id, span_s=one.span_s, keyframes=one.keyframes)
    nodes = tuple(node for node in graph.objects if node.clip == one.id)
    attributes = tuple(node for node in graph.attributes if node.object.startswith("c1-person-1"))
    merged = ClipGraph(
        clip=clip,
        objects=nodes,
        attributes=attributes,
        relations=(),
        motions=(),
        doubts=(),
        appearances={"c1-person-1": (1.0,)},
    )
    sighting = sightings_of(merged)[1]
    assert sighting.attributes == (
        ("posture", "standing"),
        ("top colour", "red"),
        ("trouser colour", "black"),
    )
    assert sighting.appearance == (1.0,)
    assert find_candidates([sightings_of(merged)], parser, BridgeConfig()) == []


def test_the_graph_holds_what_the_clips_and_the_parser_gave() -> None:
    graph = bridge([clip_graph(2, "dog"), clip_graph(1, "person", "car")], TableParser({}))
    assert [clip.id for clip in graph.clips] == ["c1", "c2"]
    assert [node.id for node in graph.objects] == ["c1-person-1", "c1-car-1", "c2-dog-1"]
    assert graph.provenance == PROVENANCE
    assert graph.coverage == street_graph().coverage != Coverage()
    check_graph(graph, source="bridged")


SCORES = st.integers(0, 20).map(lambda twentieth: twentieth / 20)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.integers(1, 3), min_size=2, max_size=5), st.data())
def test_whatever_the_parser_says_every_thing_has_one_object_a_clip(
    sizes: list[int], data: st.DataObject
) -> None:
    graphs = [clip_graph(number, *["person"] * size) for number, size in enumerate(sizes, start=1)]
    ids = [node.id for graph in graphs for node in graph.objects]
    table = {(a, b): data.draw(SCORES) for a in ids for b in ids if a < b}
    graph = bridge(graphs, TableParser(table), min_confidence=0.3, min_margin=0.0)
    thing = {id_: {id_} for id_ in ids}
    for first, second in joined(graph):
        thing[first] |= thing[second]
        for id_ in thing[first]:
            thing[id_] = thing[first]
    for members in thing.values():
        clips: defaultdict[str, int] = defaultdict(int)
        for id_ in members:
            clips[id_.split("-")[0]] += 1
        assert max(clips.values()) == 1
    assert all(confidence >= 0.3 for confidence in joined(graph).values())
