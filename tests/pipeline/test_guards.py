"""Guards stop a loop whose parser collapses, and never one whose rounds differ by chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import pytest

from videostep.graph import VideoGraph
from videostep.pipeline.guards import GuardConfig, find_collapse
from videostep.pipeline.rounds import Round, SampleMeasures, measure, measure_answers
from videostep.testing.graphs import random_graph

SEEDS = range(20)
VIDEOS, ROUNDS = 6, 4
WORDS_OF_ANSWERS = [f"answer {number}" for number in range(30)]


class Fault(NamedTuple):
    """What is wrong with a round, each 0..1."""

    missed: float = 0.15
    """Share of the elements that the parser does not state."""
    alike: float = 0.0
    """Share of the things that it calls person, whatever they are."""
    red: float = 0.0
    """Share of the attributes that it calls red."""
    unsure: float = 0.0
    """By how much less sure it is."""
    one_answer: float = 0.0
    """Share of the questions that have one answer."""


@cache
def truth(seed: int) -> tuple[VideoGraph, ...]:
    return tuple(random_graph(1000 * seed + video, n_clips=4, n_objects=8) for video in range(VIDEOS))


def parsed(graph: VideoGraph, fault: Fault, rng: random.Random) -> VideoGraph:
    """What a parser with that fault would say."""

    def seen(elements):
        return tuple(
            replace(each, confidence=min(1.0, max(0.0, rng.gauss(0.8 - fault.unsure, 0.1))))
            for each in elements
            if rng.random() >= fault.missed
        )

    return replace(
        graph,
        objects=tuple(
            replace(node, label="person") if rng.random() < fault.alike else node
            for node in seen(graph.objects)
        ),
        attributes=tuple(
            replace(node, name="colour", value="red") if rng.random() < fault.red else node
            for node in seen(graph.attributes)
        ),
        relations=seen(graph.relations),
        motions=seen(graph.motions),
    )


def asked(fault: Fault, rng: random.Random) -> SampleMeasures:
    """Samples of a round: frequent answers are frequent (Zipf), and a few sets are small."""
    questions = rng.choice((60, 200, 1000))
    shares = list(accumulate(1 / rank for rank in range(2, len(WORDS_OF_ANSWERS) + 2)))
    answers = Counter(rng.choices(WORDS_OF_ANSWERS, cum_weights=shares, k=questions))
    answers["nothing"] += round(questions * fault.one_answer / (1 - fault.one_answer))
    return measure_answers(Counter({1: answers.total()}), answers)


def loop(seed: int, fault_of_round: Callable[[int, random.Random], Fault]) -> Iterator[str]:
    """Why each round is stopped; empty where it is not."""
    rounds: list[Round] = []
    for number in range(1, ROUNDS + 1):
        rng = random.Random(f"{seed} {number}")
        fault = fault_of_round(number, rng)
        graphs = measure(parsed(graph, fault, rng) for graph in truth(seed))
        # How many questions there are is not what is varied here.
        samples = replace(asked(fault, rng), samples=500)
        yield find_collapse(graphs, samples, rounds, GuardConfig())
        rounds.append(Round(number=number, parser="p", graphs=graphs, samples=samples))


def healthy(number: int, rng: random.Random) -> Fault:
    """Now a little better, now a little worse."""
    return Fault(missed=rng.uniform(0.05, 0.25), alike=rng.uniform(0, 0.1), unsure=rng.uniform(-0.05, 0.05))


COLLAPSING: dict[str, tuple[Callable[[int, random.Random], Fault], str]] = {
    "everything is a person": (lambda number, _: Fault(alike=0.3 * (number - 1)), "variety of objects"),
    "everything is red": (lambda number, _: Fault(red=0.3 * (number - 1)), "variety of attributes"),
    "it sees less and less": (
        lambda number, _: Fault(missed=0.15 + 0.25 * (number - 1)),
        "elements a minute",
    ),
    "it is less and less sure": (lambda number, _: Fault(unsure=0.1 * (number - 1)), "self-consistency"),
    "one answer grows": (lambda number, _: Fault(one_answer=0.2 * (number - 1)), "the answer 'nothing'"),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_healthy_loop_is_never_stopped(seed):
    assert list(loop(seed, healthy)) == [""] * ROUNDS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", COLLAPSING)
def test_a_collapsing_loop_is_stopped_for_its_reason(way, seed):
    fault_of_round, reason = COLLAPSING[way]
    first, *later = loop(seed, fault_of_round)
    assert first == ""
    assert any(reason in why for why in later)
