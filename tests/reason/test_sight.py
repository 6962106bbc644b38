from __future__ import annotations

import pytest

from videostep.reason.index import Fact, GraphIndex
from videostep.reason.sight import NOTHING, Sights
from videostep.testing.builder import GraphBuilder
from videostep.video import TimeSpan


@pytest.fixture
def index() -> GraphIndex:
    """A bus in two scenes, white in both; it stops in the first, and two people pass."""
    graph = GraphBuilder(duration_s=20.0)
    first, second = graph.clip(0.0, 10.0), graph.clip(10.0, 20.0)
    here, there = graph.thing(first, "bus", colour="white"), graph.thing(second, "bus", colour="white")
    graph.reference(here, there)
    graph.motion(here, "stops", 2.0, 4.0)
    graph.relation(graph.thing(first, "person", [(1.0, 3.0), (5.0, 7.0)]), "next to", here)
    return GraphIndex(graph.build())


def facts_of(index: GraphIndex, name: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in index.facts if fact.name == name)


def test_of_a_fact_only_what_lies_in_the_time_is_seen(index: GraphIndex) -> None:
    stops = facts_of(index, "stops")
    sights = Sights(index)
    assert sights.of(stops, TimeSpan(3.0, 9.0)).spans_s == (TimeSpan(3.0, 4.0),)
    gone = sights.of(stops, TimeSpan(5.0, 9.0))
    assert (gone.seen, gone.spans_s) == ((), ())


def test_a_sight_names_facts_then_the_nodes_they_hang_on(index: GraphIndex) -> None:
    beside = facts_of(index, "next to")[:1]
    sight = Sights(index).of(beside, index.whole_s)
    assert sight.seen == (beside[0].id, *beside[0].nodes)
    assert sight.spans_s == (TimeSpan(1.0, 3.0), TimeSpan(5.0, 7.0))


def test_only_what_has_several_nodes_comes_back(index: GraphIndex) -> None:
    assert Sights(index).of(facts_of(index, "next to")[:1], index.whole_s).recurring == ("c1-bus-1",)


def test_where_says_the_scene_if_there_is_only_one(index: GraphIndex) -> None:
    sights, colours = Sights(index), facts_of(index, "colour")
    assert [sights.of((fact,), index.whole_s).where for fact in colours] == [
        "in the first scene",
        "in the second scene",
    ]
    assert sights.of(colours, index.whole_s).where == ""


@pytest.mark.parametrize(
    ("start_s", "end_s", "where"),
    [
        (0.0, 2.0, "early in the video"),
        (4.0, 6.0, "in the middle of the video"),
        (8.0, 9.0, "late in the video"),
        (1.0, 9.0, ""),
    ],
)
def test_where_says_the_part_of_a_video_of_one_scene(start_s: float, end_s: float, where: str) -> None:
    graph = GraphBuilder(duration_s=10.0)
    graph.motion(graph.thing(graph.clip(0.0, 10.0), "bus"), "stops", start_s, end_s)
    index = GraphIndex(graph.build())
    assert Sights(index).of(index.facts, index.whole_s).where == where


def test_of_no_facts_nothing_is_seen(index: GraphIndex) -> None:
    assert Sights(index).of((), index.whole_s) is NOTHING
