"""Graphs of which only some frames were looked at: what cannot be told from those is no answer."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from videostep.errors import AmbiguousError, ProgramError
from videostep.graph import EdgeTimes, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier, execute, language
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph
from videostep.video import TimeSpan

EVERY_S = 2.0
DURATION_S = 40.0
RED, BLUE = (f'unique(with(called(things(), "person"), "top colour", "{top}"))' for top in ("red", "blue"))
WALKS, RUNS = f'when({RED}, "walks")', f'when({BLUE}, "runs")'


def graph_of(walks: TimeSpan, runs: TimeSpan, every_s: float | None) -> VideoGraph:
    """Somebody in red walks and somebody in blue runs."""
    told = GraphBuilder(duration_s=DURATION_S)
    clip = told.clip(0.0, DURATION_S)
    for top, predicate, span_s in (("red", "walks", walks), ("blue", "runs", runs)):
        told.motion(told.thing(clip, "person", kind="dynamic", top_colour=top), predicate, *span_s)
    graph = told.build()
    return replace(graph, coverage=replace(graph.coverage, sampled_every_s=every_s))


def seen(span_s: TimeSpan, reach_s: float) -> TimeSpan | None:
    """What frames show of something that happens: from `reach_s` before the first to after the last."""
    first, last = math.ceil(span_s.start_s / EVERY_S), math.ceil(span_s.end_s / EVERY_S) - 1
    return TimeSpan(first * EVERY_S - reach_s, last * EVERY_S + reach_s) if first <= last else None


SPANS = st.tuples(st.integers(10, 360), st.integers(3, 150)).map(
    lambda drawn: TimeSpan(drawn[0] / 10, min(drawn[0] + drawn[1], 380) / 10)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(walks=SPANS, runs=SPANS, reach_s=st.sampled_from([0.25, 0.5, 1.0]))
def test_what_is_answered_is_so_whatever_happened_between_the_frames(walks, runs, reach_s):
    walks_seen, runs_seen = seen(walks, reach_s), seen(runs, reach_s)
    assume(walks_seen is not None)
    assume(runs_seen is not None)
    graph = graph_of(walks_seen, runs_seen, EVERY_S)
    is_so = {
        f"order({WALKS}, {RUNS})": "before" if walks.end_s <= runs.start_s else "after",
        f"longer({WALKS}, {RUNS})": "yes" if walks.duration_s > runs.duration_s else "no",
        f"overlap({WALKS}, {RUNS})": "yes" if walks.overlap(runs) else "no",
        f'at(before({WALKS}), exists(does(things(), "runs")))': "yes"
        if runs.start_s < walks.start_s
        else "no",
        f'at(after({WALKS}), exists(does(things(), "runs")))': "yes" if runs.end_s > walks.end_s else "no",
        f'at(while({WALKS}), exists(does(things(), "runs")))': "yes" if walks.overlap(runs) else "no",
    }
    for program, right in is_so.items():
        try:
            found = execute(program, graph)
        except ProgramError:
            continue
        assert found == right, program


@pytest.mark.parametrize(
    ("program", "walks", "runs", "answer"),
    [
        (f"order({WALKS}, {RUNS})", (1.0, 3.0), (5.0, 7.0), "before"),
        (f"order({WALKS}, {RUNS})", (1.0, 3.0), (4.5, 7.0), None),
        (f"order({WALKS}, {RUNS})", (5.0, 7.0), (1.0, 3.5), None),
        (f"longer({WALKS}, {RUNS})", (1.0, 9.0), (20.0, 24.0), "yes"),
        (f"longer({WALKS}, {RUNS})", (1.0, 9.0), (20.0, 25.0), None),
        (f"overlap({WALKS}, {RUNS})", (1.0, 9.0), (3.0, 7.0), "yes"),
        (f"overlap({WALKS}, {RUNS})", (1.0, 9.0), (7.0, 12.0), None),
        (f"overlap({WALKS}, {RUNS})", (1.0, 5.0), (6.0, 12.0), None),
        (f"overlap({WALKS}, {RUNS})", (1.0, 5.0), (7.0, 12.0), "no"),
        (f"at(before({WALKS}), motion({BLUE}))", (10.0, 12.0), (3.0, 7.0), "runs"),
        (f"at(before({WALKS}), motion({BLUE}))", (10.0, 12.0), (8.5, 9.0), None),
        (f"at(while({WALKS}), motion({BLUE}))", (10.0, 20.0), (12.5, 17.0), "runs"),
        (f"at(while({WALKS}), motion({BLUE}))", (10.0, 13.0), (11.0, 12.0), None),
    ],
)
def test_ends_that_lie_nearer_than_the_frames_are_not_told_apart(program, walks, runs, answer):
    graph = graph_of(TimeSpan(*walks), TimeSpan(*runs), EVERY_S)
    if answer is None:
        with pytest.raises(AmbiguousError):
            execute(program, graph)
    else:
        assert execute(program, graph) == answer


@pytest.mark.parametrize(("starts_s", "is_told"), [((1.0, 3.0), True), ((1.0, 2.9), False)])
def test_the_first_is_told_by_frames_in_which_the_other_does_not_yet(starts_s, is_told):
    told = GraphBuilder(duration_s=20.0)
    clip = told.clip(0.0, 20.0)
    for top, start_s in zip(("red", "blue"), starts_s, strict=True):
        told.motion(told.thing(clip, "person", kind="dynamic", top_colour=top), "walks", start_s, 9.0)
    graph = told.build()
    sampled = replace(graph, coverage=replace(graph.coverage, sampled_every_s=EVERY_S))
    program = 'attribute(nth(called(things(), "person"), "walks", 1), "top colour")'
    assert execute(program, graph) == "red"
    if is_told:
        assert execute(program, sampled) == "red"
    else:
        with pytest.raises(AmbiguousError, match="about the same time"):
            execute(program, sampled)


HOLDS = 'held(unique(called(things(), "person")), "holding", unique(called(things(), "cup")))'
OPENS = 'when(unique(called(things(), "person")), "opens a door")'


def graph_of_exact_motions(opens: TimeSpan, holds: TimeSpan, own_s: EdgeTimes | None) -> VideoGraph:
    """Somebody opens a door, and holds a cup in some of the frames."""
    told = GraphBuilder(duration_s=DURATION_S)
    clip = told.clip(0.0, DURATION_S)
    person, cup = told.thing(clip, "person", kind="dynamic"), told.thing(clip, "cup")
    told.motion(person, "opens a door", *opens)
    told.relation(person, "holding", cup, [holds])
    graph = told.build()
    return replace(graph, coverage=replace(graph.coverage, sampled_every_s=EVERY_S, edges_every_s=own_s))


def answers(opens: TimeSpan, holds: TimeSpan) -> dict[str, str]:
    """What is so, whoever looks."""
    return {
        f"order({OPENS}, {HOLDS})": "before" if opens.end_s <= holds.start_s else "after",
        f"longer({OPENS}, {HOLDS})": "yes" if opens.duration_s > holds.duration_s else "no",
        f"overlap({OPENS}, {HOLDS})": "yes" if opens.overlap(holds) else "no",
    }


@settings(max_examples=300, deadline=None, derandomize=True)
@given(opens=SPANS, holds=SPANS, reach_s=st.sampled_from([0.0, 0.25, 1.0, 1.75]))
def test_motions_with_known_ends_are_compared_with_sampled_relations_as_they_are(opens, holds, reach_s):
    holds_seen = seen(holds, reach_s)
    assume(holds_seen is not None)
    assume(holds_seen.start_s < holds_seen.end_s)
    graph = graph_of_exact_motions(opens, holds_seen, EdgeTimes(motions=0.0))
    for program, right in answers(opens, holds).items():
        try:
            found = execute(program, graph)
        except ProgramError:
            continue
        assert found == right, program


@pytest.mark.parametrize(
    ("own_s", "gap_s", "is_told"),
    [
        (None, 2.0, True),
        (None, 1.9, False),
        (EdgeTimes(motions=0.0), 2.0, True),
        (EdgeTimes(motions=0.0), 1.9, False),
        (EdgeTimes(motions=0.0, relations=0.5), 0.5, True),
        (EdgeTimes(motions=0.25, relations=0.5), 0.75, True),
        (EdgeTimes(motions=0.25, relations=0.5), 0.7, False),
        (EdgeTimes(motions=0.5, relations=0.5), 0.5, True),
        (EdgeTimes(motions=0.5, relations=0.5), 0.4, False),
    ],
)
def test_times_of_two_kinds_are_known_as_well_as_both_together(own_s, gap_s, is_told):
    graph = graph_of_exact_motions(TimeSpan(4.0, 8.0), TimeSpan(8.0 + gap_s, 20.0), own_s)
    if is_told:
        assert execute(f"order({OPENS}, {HOLDS})", graph) == "before"
    else:
        with pytest.raises(AmbiguousError):
            execute(f"order({OPENS}, {HOLDS})", graph)


def test_motions_with_known_ends_are_ranked_and_compared_as_in_any_video():
    exact = EdgeTimes(motions=0.0)
    graph = graph_of(TimeSpan(1.0, 3.0), TimeSpan(3.5, 5.0), EVERY_S)
    assert_ambiguous(f"order({WALKS}, {RUNS})", graph)
    known = replace(graph, coverage=replace(graph.coverage, edges_every_s=exact))
    assert execute(f"order({WALKS}, {RUNS})", known) == "before"
    told = GraphBuilder(duration_s=20.0)
    clip = told.clip(0.0, 20.0)
    for top, span_s in (("red", (1.0, 9.0)), ("blue", (2.0, 7.0))):
        told.motion(told.thing(clip, "person", kind="dynamic", top_colour=top), "walks", *span_s)
    graph = told.build()
    sampled = replace(graph, coverage=replace(graph.coverage, sampled_every_s=EVERY_S))
    known = replace(graph, coverage=replace(sampled.coverage, edges_every_s=exact))
    for rank in (
        'nth(called(things(), "person"), "walks", 1)',
        'longest(called(things(), "person"), "walks")',
    ):
        program = f'attribute({rank}, "top colour")'
        assert_ambiguous(program, sampled)
        assert execute(program, known) == "red"


def assert_ambiguous(program: str, graph: VideoGraph) -> None:
    with pytest.raises(AmbiguousError):
        execute(program, graph)


TOO_NEAR = "something happens too near to a time that is known by sampled frames alone"
COMPARED = ("the two last about as long", "the two hardly happen", "at least in part", "about the same time")


@pytest.mark.parametrize("own_s", [None, EdgeTimes(motions=0.0), EdgeTimes(motions=0.25, relations=0.5)])
@pytest.mark.parametrize("seed", range(4))
def test_the_sampler_compares_no_times_that_cannot_be_told_apart(seed, own_s):
    graph = random_graph(seed, n_clips=3, n_objects=8)
    sampled = replace(graph, coverage=replace(graph.coverage, sampled_every_s=1.0, edges_every_s=own_s))
    asked = ask_graph(sampled, graph_sha256="0" * 64, config=AskConfig(min_confidence=0.0), seed=0)
    reasons = {drop.reason for drop in asked.dropped}
    assert asked.samples
    assert not [reason for reason in reasons if any(words in reason for words in COMPARED)]


@pytest.mark.parametrize(("own_s", "is_asked"), [(None, False), (EdgeTimes(motions=0.0), True)])
def test_the_sampler_asks_what_was_first_where_the_ends_of_motions_are_known(own_s, is_asked):
    told = GraphBuilder(duration_s=DURATION_S)
    clip = told.clip(0.0, DURATION_S)
    told.motion(told.thing(clip, "person", kind="dynamic"), "walks to the left", 5.0, 8.0)
    told.motion(told.thing(clip, "dog", kind="dynamic"), "runs to the right", 9.0, 30.0)
    graph = told.build()
    graph = replace(graph, coverage=replace(graph.coverage, sampled_every_s=EVERY_S, edges_every_s=own_s))
    everything = AskConfig(min_confidence=0.0, samples_per_thing=100.0)
    # One seed asks of the two motions what was first, another which took longer.
    asked = [ask_graph(graph, graph_sha256="0" * 64, config=everything, seed=seed) for seed in range(4)]
    assert all(result.samples for result in asked)
    assert any("order(" in s.program for result in asked for s in result.samples) == is_asked


def test_what_hangs_on_frames_alone_is_made_and_dropped():
    reasons = set()
    for seed in range(3):
        graph = random_graph(seed, n_clips=3, n_objects=8)
        sampled = replace(graph, coverage=replace(graph.coverage, sampled_every_s=1.0))
        asked = ask_graph(sampled, graph_sha256="0" * 64, config=AskConfig(min_confidence=0.0), seed=0)
        reasons |= {drop.reason for drop in asked.dropped}
    assert TOO_NEAR in reasons


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_verdicts_do_not_depend_on_what_was_forgotten_of_other_programs(monkeypatch, seed):
    graph = random_graph(seed, n_clips=6, n_objects=5)
    config = AskConfig(min_confidence=0.0)
    asked = ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0)
    monkeypatch.setattr(language, "MAX_KNOWN", 3)
    assert ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0) == asked
    assert all(Verifier(graph, "0" * 64).check(sample).ok for sample in asked.samples)
