"""How one thing is related to another just before or after another relation: only where both are known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError, ProgramError
from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Executor, Verifier
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder
from videostep.testing.grammar import faults

SHA256 = "0" * 64
KNOWN = ("behind", "holding", "in front of", "looking at", "on")
BOY, SOFA = 'unique(called(things(), "boy"))', 'unique(called(things(), "sofa"))'
Stated = tuple[str, tuple[float, float]]
USUAL: tuple[Stated, ...] = (("in front of", (0.0, 5.0)), ("behind", (5.0, 9.0)), ("on", (9.5, 15.0)))


def home(*stated: Stated, known: tuple[str, ...] = KNOWN) -> VideoGraph:
    """A boy and a sofa, and how he is related to it over time; a man looks at a box and takes it."""
    graph = GraphBuilder("home", duration_s=15.0)
    clip = graph.clip(0.0, 15.0)
    boy, man = graph.thing(clip, "boy", kind="dynamic"), graph.thing(clip, "man", kind="dynamic")
    sofa, box = graph.thing(clip, "sofa"), graph.thing(clip, "box")
    for predicate, span_s in stated or USUAL:
        graph.relation(boy, predicate, sofa, [span_s])
    graph.relation(man, "looking at", box, [(0.0, 4.0)])
    graph.relation(man, "holding", box, [(4.0, 15.0)])
    coverage = Coverage(labels=("boy", "box", "man", "sofa"), attributes=(), relations=known, motions=())
    return graph.build(coverage=coverage)


def shift(predicate: str, k: int) -> str:
    return f'shift({BOY}, "{predicate}", {SOFA}, {k})'


def asked(graph: VideoGraph) -> list[Sample]:
    config = AskConfig(min_confidence=0.0, samples_per_thing=20.0)
    results = [ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed) for seed in range(24)]
    return [s for result in results for s in result.samples if "shift(" in s.program]


@pytest.mark.parametrize(
    ("predicate", "k", "answer"),
    [("on", -1, "behind"), ("behind", -1, "in front of"), ("behind", 1, "on"), ("in front of", 1, "behind")],
)
def test_the_relation_beside_the_given_one_is_found(predicate: str, k: int, answer: str) -> None:
    assert Executor(home()).run(shift(predicate, k)) == answer


@pytest.mark.parametrize(
    ("graph", "k", "error"),
    [
        (home(), 1, EmptyError),
        (home(), 2, EmptyError),
        (home(("behind", (0.0, 6.0)), ("on", (5.0, 9.0))), -1, AmbiguousError),
        (home(("on", (0.0, 2.0)), ("behind", (2.0, 6.0)), ("on", (6.0, 9.0))), -1, AmbiguousError),
        (home(("leaning on", (0.0, 5.0)), ("on", (5.0, 9.0))), -1, AmbiguousError),
        (home(("behind", (0.0, 5.0)), ("on", (7.0, 9.0))), -1, OutOfCoverageError),
        (home(known=("on",)), -1, OutOfCoverageError),
        (home(known=("behind",)), -1, OutOfCoverageError),
    ],
    ids=[
        "nothing after",
        "no side",
        "both at once",
        "given twice",
        "may be the same",
        "a gap",
        "found",
        "given",
    ],
)
def test_what_is_not_known_on_both_sides_has_no_answer(
    graph: VideoGraph, k: int, error: type[ProgramError]
) -> None:
    with pytest.raises(error):
        Executor(graph).run(shift("on", k))
    assert not [sample for sample in asked(graph) if sample.program == shift("on", k)]


def test_a_relation_that_is_stated_in_two_pieces_is_one() -> None:
    graph = home(("behind", (0.0, 2.0)), ("behind", (4.0, 6.0)), ("on", (6.0, 9.0)))
    assert Executor(graph).run(shift("on", -1)) == "behind"


def test_they_are_asked_as_people_ask() -> None:
    samples = asked(home())
    assert {s.answer for s in samples} >= {"behind", "holding", "looking at", "on", "yes"}
    for sample in samples:
        assert not [*faults(sample.question), *faults(sample.rationale)]
        assert sample.type.semantics == "relation"
        assert not sample.rationale.endswith(("of. So the answer is no.", "behind. So the answer is no."))
        assert sample.choices is None or not {
            choice for choice in sample.choices if f'"{choice}", {SOFA}' in sample.program
        }
    words = " ".join(sample.question for sample in samples)
    for said in (
        "before being on it?",
        "after being behind it",
        "before holding it?",
        "after looking at it?",
    ):
        assert said in words


def test_without_either_relation_the_proof_fails() -> None:
    graph, verifier = home(), Verifier(home(), SHA256)
    for sample in asked(graph):
        (step,) = sample.steps
        assert verifier.check(sample).ok
        for edge in {edge.id for edge in graph.relations}.intersection(step.evidence):
            bare = replace(step, evidence=tuple(id_ for id_ in step.evidence if id_ != edge))
            assert verifier.check(replace(sample, steps=(bare,))).checks["evidence"] == "fail"


TIMES = st.lists(st.floats(0.0, 15.0, width=16), min_size=2, max_size=6, unique=True).map(sorted)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from((*KNOWN, "leaning on")), TIMES), min_size=1, max_size=4))
def test_whatever_is_stated_sampler_and_executor_agree(stated: list[tuple[str, list[float]]]) -> None:
    spans = [(predicate, (times[0], times[1])) for predicate, times in stated]
    graph = home(*spans)
    config = AskConfig(min_confidence=0.0, samples_per_thing=9.0)
    result = ask_graph(graph, graph_sha256=SHA256, config=config, seed=1)
    assert not [drop for drop in result.dropped if "shift(" in drop.program and "holds" not in drop.reason]
    for sample in result.samples:
        assert Executor(graph).run(sample.program) == sample.answer
