"""What changes: asked only where both sides are known, and answered alike by sampler and executor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError, ProgramError
from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.changes import change_cores
from videostep.reason.index import GraphIndex
from videostep.reason.verify import Executor, Verifier
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph

Kitchen = Callable[..., VideoGraph]
MAN, LIGHT = 'unique(called(things(), "man"))', 'unique(called(things(), "traffic light"))'
CUP, BOX = 'unique(called(things(), "cup"))', 'unique(called(things(), "box"))'


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (f'change({LIGHT}, "colour")', "from red to green"),
        (f'change({MAN}, "posture")', "from standing to sitting"),
        (f'turn({LIGHT}, "colour", "green", -1)', "red"),
        (f'at(scene(1), turn({MAN}, "position", "middle", 1))', "right"),
        (f'switch({MAN}, "holding", {CUP}, 1)', "box"),
        (f'switch({MAN}, "holding", {BOX}, -1)', "cup"),
        (f'switch({MAN}, "holding", {BOX}, 1)', "book"),
    ],
)
def test_what_comes_before_and_after_is_found(program: str, answer: str, kitchen: Kitchen) -> None:
    assert Executor(kitchen()).run(program) == answer


@pytest.mark.parametrize(
    ("program", "error"),
    [
        (f'at(scene(1), change({MAN}, "position"))', AmbiguousError),  # it changes twice
        (f'change({MAN}, "position")', OutOfCoverageError),  # nobody says where he is in the second scene
        (f'turn({LIGHT}, "colour", "green", 1)', EmptyError),
        (f'turn({LIGHT}, "colour", "green", 2)', EmptyError),
        (f'turn({LIGHT}, "colour", "yellow", 1)', EmptyError),
        (f'switch({MAN}, "holding", {CUP}, -1)', EmptyError),
        (f'switch({MAN}, "on", {CUP}, 1)', EmptyError),
        (f'switch({MAN}, "behind", {CUP}, 1)', OutOfCoverageError),
    ],
)
def test_what_does_not_change_once_has_no_answer(
    program: str, error: type[ProgramError], kitchen: Kitchen
) -> None:
    with pytest.raises(error):
        Executor(kitchen()).run(program)


def test_a_value_that_is_unknown_for_more_than_a_moment_might_be_another_one(kitchen: Kitchen) -> None:
    posture = f'at(scene(1), change({MAN}, "posture"))'
    assert Executor(kitchen(sits_s=9.0)).run(posture) == "from standing to sitting"
    with pytest.raises(OutOfCoverageError, match=r"another one for 1\.1 s"):
        Executor(kitchen(sits_s=9.1)).run(posture)


def test_two_things_held_at_once_have_no_order(kitchen: Kitchen) -> None:
    with pytest.raises(AmbiguousError):
        Executor(kitchen(holds_box_s=(3.5, 9.0))).run(f'switch({MAN}, "holding", {CUP}, 1)')


def test_a_change_the_other_way_round_is_another_answer(kitchen: Kitchen) -> None:
    suggested = f'equal(change({MAN}, "posture"), "from sitting to standing")'
    assert Executor(kitchen()).run(suggested) == "no"
    with pytest.raises(AmbiguousError):
        Executor(kitchen()).run(f'equal(change({LIGHT}, "colour"), "from dark red to green")')


def every_question(graph: VideoGraph, pattern: str, seeds: int) -> dict[str, str]:
    """Questions whose program holds the pattern, with their answers."""
    config = AskConfig(min_confidence=0.0, samples_per_video=150)
    asked = (ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed) for seed in range(seeds))
    return {s.question: s.answer for result in asked for s in result.samples if re.search(pattern, s.program)}


def test_changes_are_asked_in_words_of_their_own(kitchen: Kitchen) -> None:
    asked = every_question(kitchen(), "change|turn|switch", seeds=30)
    assert {"from standing to sitting", "box"} <= set(asked.values())
    assert any(re.search(r"the posture of the man change", words) for words in asked)
    assert any(re.search(r"(before|after) (holding )?the (cup|box|book)", words) for words in asked)


def test_who_was_in_another_posture_is_not_told_by_what_they_do() -> None:
    """In "the man who enters just before sitting" two things would be said to be just before."""
    graph = GraphBuilder("hall", duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    for colour, motions, postures in (
        ("red", ("enters", "waves"), ("standing", "sitting")),
        ("blue", ("jumps", "leaves"), ("lying", "standing")),
    ):
        man = graph.thing(clip, "man", kind="dynamic", top_colour=colour)
        for number, (motion, posture) in enumerate(zip(motions, postures, strict=True)):
            graph.motion(man, motion, 10.0 * number + 1, 10.0 * number + 3)
            graph.attribute(man, "posture", posture, [(10.0 * number, 10.0 * number + 10)])
    asked = every_question(graph.build(), r"turn\(", seeds=6)
    assert any("the man in the red top" in words for words in asked)
    assert not any(re.search(r"\bwho\b|to (enter|wave|jump|leave)", words) for words in asked)


def test_the_colour_of_a_car_is_not_said_to_change() -> None:
    graph = GraphBuilder("road", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    car = graph.thing(clip, "car")
    graph.attribute(car, "colour", "red", [(0.0, 5.0)])
    graph.attribute(car, "colour", "white", [(5.0, 10.0)])
    graph.event(clip, "a car stands in the light", [car])
    index = GraphIndex(
        graph.build(coverage=Coverage(labels=("car",), attributes=("colour",), relations=(), motions=()))
    )
    assert list(change_cores(index.view(index.whole_s))) == []


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_sampler_and_executor_agree_on_every_change(seed: int) -> None:
    graph = random_graph(seed, n_clips=4, n_objects=4)
    index, executor = GraphIndex(graph), Executor(graph)
    view = index.view(index.whole_s)
    for core in change_cores(view):
        answer = core.answer(view)
        if answer is None or not all(map(view.bare_is_unique, core.roots)):
            continue
        program = core.program(named_in(view.label))
        assert executor.run(program) == answer


def named_in(label: Callable[[int], str]) -> Callable[[int], str]:
    return lambda thing: f'unique(called(things(), "{label(thing)}"))'


def test_without_either_side_the_proof_fails(kitchen: Kitchen) -> None:
    graph, config = kitchen(), AskConfig(min_confidence=0.0, samples_per_video=150)
    results = [ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed) for seed in range(16)]
    sample = next(s for result in results for s in result.samples if "change(" in s.program)
    (step,) = sample.steps
    sides = [node for node in graph.attributes if node.id in step.evidence]
    assert len(sides) >= 2
    for side in (sides[0], sides[-1]):
        kept = tuple(node for node in graph.attributes if node is not side)
        assert not Verifier(replace(graph, attributes=kept), "0" * 64).check(sample).ok
