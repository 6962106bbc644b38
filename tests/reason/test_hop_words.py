from __future__ import annotations

import pytest

from videostep.reason.describe import Describer, Description
from videostep.reason.hop_words import finding, statement
from videostep.reason.index import GraphIndex, View
from videostep.reason.nouns import NounPhrase, definite, some
from videostep.reason.verify import execute
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import street_graph

STREET = street_graph()


@pytest.fixture(scope="module")
def scene() -> View:
    index = GraphIndex(STREET)
    return index.view(STREET.clips[1].span_s)


def every_way(view: View) -> list[Description]:
    return [way for thing in sorted(view.visible) for way in Describer(view).descriptions(thing, 1)]


def described(view: View, operator: str, name: str) -> Description:
    ways = every_way(view)
    return next(way for way in ways if way.hop and (way.hop.operator, way.hop.name) == (operator, name))


def other_end(way: Description) -> NounPhrase | None:
    assert way.hop
    if way.hop.kind:
        return some(way.hop.kind)
    return definite(way.inner.label) if way.inner else None


@pytest.mark.parametrize(
    ("operator", "name", "question", "told"),
    [
        ("with", "top colour", "Is there a person in a red top?", "one person wears a red top"),
        ("does", "leaves", "Is there a person who leaves?", "one person leaves"),
        ("subjects", "on", "Is there a person on the bench?", "one person is on the bench"),
        ("objects", "riding", "Is there a bicycle ridden by a person?", "a person is riding a bicycle"),
    ],
)
def test_that_something_fits_is_confirmed(
    scene: View, operator: str, name: str, question: str, told: str
) -> None:
    way = described(scene, operator, name)
    assert way.hop
    found = finding(way, way.hop, other_end(way), scene)
    assert (found.question, found.answer) == (question, "yes")
    assert statement(way.hop, NounPhrase(f"one {way.label}", way.label), other_end(way)) == told


def test_what_a_relation_alone_tells_is_asked_for() -> None:
    graph = GraphBuilder(duration_s=4.0)
    clip = graph.clip(0.0, 4.0)
    graph.relation(graph.thing(clip, "bench"), "behind", graph.thing(clip, "bus"))
    index = GraphIndex(graph.build())
    view = index.view(index.whole_s)
    asked = [finding(way, way.hop, other_end(way), view) for way in every_way(view) if way.hop]
    assert [(found.question, found.answer) for found in asked] == [
        ("What is behind the bus?", "bench"),
        ("What is the bench behind?", "bus"),
    ]


@pytest.mark.parametrize(
    ("again", "question", "answer"),
    [
        (False, "When does the first dog to stop do so?", "1.0 s to 2.0 s"),
        (True, "Is there a dog that stops first?", "yes"),
    ],
)
def test_who_does_it_first_is_asked_when(again: bool, question: str, answer: str) -> None:
    graph = GraphBuilder(duration_s=9.0)
    clip = graph.clip(0.0, 9.0)
    first, second = graph.thing(clip, "dog"), graph.thing(clip, "dog")
    graph.motion(first, "stops", 1.0, 2.0)
    graph.motion(second, "stops", 3.0, 4.0)
    if again:
        graph.motion(first, "stops", 6.0, 7.0)
    built = graph.build()
    index = GraphIndex(built)
    view = index.view(index.whole_s)
    way = described(view, "nth", "stops")
    assert way.hop
    found = finding(way, way.hop, None, view)
    assert (found.question, found.answer) == (question, answer)
    assert execute(found.program, built) == answer


def test_the_program_of_a_step_gives_its_answer(scene: View) -> None:
    ways = every_way(scene)
    assert ways
    for way in ways:
        assert way.hop
        found = finding(way, way.hop, other_end(way), scene)
        assert execute(f"at(scene(2), {found.program})", STREET) == found.answer
