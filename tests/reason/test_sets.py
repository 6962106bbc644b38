"""What counts say, and what a "no" about something described elsewhere rests on."""

from __future__ import annotations

import re

import pytest

from videostep.graph import Coverage
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.index import GraphIndex
from videostep.reason.nouns import definite
from videostep.reason.set_words import count_question, count_statement
from videostep.reason.sets import Group, count_core, groups
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph, street_graph


def beside_a_bus(*spans_s: tuple[float, float]) -> GraphIndex:
    """People each of whom is next to a bus for a time."""
    graph = GraphBuilder("stop", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    bus = graph.thing(clip, "bus")
    people = [graph.thing(clip, "person", kind="dynamic") for _ in spans_s]
    for person, span_s in zip(people, spans_s, strict=True):
        graph.relation(person, "next to", bus, [span_s])
    graph.event(clip, "people wait", people)
    coverage = Coverage(labels=("bus", "person"), attributes=(), relations=("next to",), motions=())
    return GraphIndex(graph.build(coverage=coverage))


@pytest.mark.parametrize(
    ("spans_s", "is_negated", "words"),
    [
        (((0.0, 4.0), (2.0, 6.0)), False, "How many people are next to the bus?"),
        (((0.0, 4.0), (5.0, 9.0)), False, "How many people are next to the bus at some time?"),
        (((0.0, 4.0), (2.0, 6.0)), True, "How many people are not next to the bus at any time?"),
        (((0.0, 10.0), (0.0, 10.0)), True, "How many people are not next to the bus?"),
    ],
    ids=["together", "apart", "not, for a time", "not, all the time"],
)
def test_a_count_says_whether_it_is_one_of_a_moment(
    spans_s: tuple[tuple[float, float], ...], is_negated: bool, words: str
) -> None:
    index = beside_a_bus(*spans_s)
    view = index.view(index.whole_s)
    bus = next(thing.key for thing in index.things if thing.label == "bus")
    core = count_core(Group("person", "subjects", "next to", neighbour=bus, is_negated=is_negated), view)
    assert count_question(core, lambda _: definite("bus")) == words
    ending = re.search(r"( at \w+ time)?\?$", words)
    assert ending is not None
    assert count_statement(core, 2, lambda _: definite("bus")).endswith(f"the bus{ending[1] or ''}")


def test_what_is_described_in_another_scene_is_evidence_for_its_absence_here() -> None:
    config = AskConfig(min_confidence=0.0, samples_per_video=150)
    refused = "its evidence does not show what the step finds"
    for seed in range(4):
        result = ask_graph(random_graph(seed, 12, 6), graph_sha256="0" * 64, config=config, seed=seed)
        assert not [dropped for dropped in result.dropped if refused in dropped.reason]


def test_what_was_looked_up_in_vain_makes_no_group():
    index = GraphIndex(street_graph())
    view = index.view(index.whole_s)
    before = groups(view)
    assert not view.subjects["riding", len(index.things)]
    assert groups(view) == before
    assert all(before.values())
