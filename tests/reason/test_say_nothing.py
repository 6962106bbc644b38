"""A parser that says "unknown" has said nothing: it is no answer, and tells nobody from others."""

import pytest

from videostep.errors import AmbiguousError, EmptyError
from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.values import SAY_NOTHING
from videostep.reason.verify import Executor
from videostep.reason.verify.words import SAY_NOTHING as THE_VERIFIERS
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import COVERAGE

IN_RED = 'unique(with(called(things(), "person"), "top colour", "red"))'


def people(colour: str, predicate: str = "next to", motion: str = "stops") -> VideoGraph:
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    first, second = (graph.thing(clip, "person", kind="dynamic", top_colour=c) for c in ("red", colour))
    graph.relation(second, predicate, graph.thing(clip, "car"))
    graph.relation(first, "carrying", graph.thing(clip, "backpack"))
    graph.motion(second, motion, 2.0, 6.0)
    return graph.build(coverage=COVERAGE)


def test_the_sampler_and_the_verifier_know_the_same_words():
    assert SAY_NOTHING == THE_VERIFIERS


@pytest.mark.parametrize("word", ["unknown", "not visible"])
def test_nothing_is_asked_by_it(word):
    config = AskConfig(min_confidence=0.0, samples_per_thing=20.0)
    graph = people(word, word, word)
    samples = [
        s
        for seed in range(4)
        for s in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed).samples
    ]
    assert samples
    assert not [s.question for s in samples if word in f"{s.program} {s.rationale} {s.choices}"]


def test_who_may_wear_red_too_makes_red_ambiguous():
    assert Executor(people("blue")).run(f"name({IN_RED})") == "person"
    with pytest.raises(AmbiguousError, match="one more might"):
        Executor(people("unknown")).run(f"name({IN_RED})")


def test_an_unknown_motion_is_none():
    stops = 'name(unique(does(called(things(), "person"), "{}")))'
    assert Executor(people("blue")).run(stops.format("stops")) == "person"
    with pytest.raises(EmptyError):
        Executor(people("blue", motion="unclear")).run(stops.format("unclear"))
