"""Who asks whether "a person" does something means another one than those that the question names."""

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Executor
from videostep.reason.verify.witness import only_named
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import COVERAGE

PERSONS, PERSON = 'called(things(), "person")', 'unique(called(things(), "person"))'
IN_RED = f'unique(with({PERSONS}, "top colour", "red"))'
RIDDEN = f'unique(objects(things(), "riding", {PERSON}))'
CARRIED = f'unique(objects(things(), "carrying", {PERSON}))'


def kept_by(*tops: str, dogs: int = 0):
    """People in tops of these colours; the first rides a bicycle and carries it, and sits down at 2 s."""
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    people = [graph.thing(clip, "person", kind="dynamic", top_colour=top) for top in tops]
    bicycle, backpack = graph.thing(clip, "bicycle"), graph.thing(clip, "backpack")
    for _ in range(dogs):
        graph.thing(clip, "dog", kind="dynamic")
    graph.relation(people[0], "riding", bicycle)
    graph.relation(people[0], "next to", bicycle)
    graph.relation(people[0], "carrying", backpack)
    graph.motion(people[0], "sits down", 2.0, 4.0)
    return graph, people, bicycle


def fault(graph: GraphBuilder, program: str) -> str | None:
    executor = Executor(graph.build(coverage=COVERAGE))
    return only_named(executor, executor.parse(program))


def test_what_the_question_names_is_no_answer():
    graph, *_ = kept_by("red")
    said = fault(graph, f'exists(subjects({PERSONS}, "next to", {RIDDEN}))')
    assert said is not None
    assert said.endswith("is only what the question names itself")


def test_somebody_else_is():
    graph, people, bicycle = kept_by("red", "blue")
    ridden = f'unique(objects(things(), "riding", {IN_RED}))'
    program = f'exists(subjects({PERSONS}, "next to", {ridden}))'
    assert fault(graph, program)
    graph.relation(people[1], "next to", bicycle)
    assert fault(graph, program) is None


def test_where_nobody_else_is_there_no_is_no_answer_either():
    nobody = f'exists(subjects({PERSONS}, "riding", {CARRIED}))'
    assert fault(kept_by("red")[0], nobody)
    carried = f'unique(objects(things(), "carrying", {IN_RED}))'
    assert fault(kept_by("red", "blue")[0], f'exists(subjects({PERSONS}, "riding", {carried}))') is None
    assert fault(kept_by("red")[0], f'exists(subjects(called(things(), "dog"), "riding", {CARRIED}))') is None


def test_what_the_time_phrase_names_counts_too():
    graph, *_ = kept_by("red", "blue")
    while_sitting = f'while(when({IN_RED}, "sits down"))'
    assert fault(graph, f'at({while_sitting}, exists(does({PERSONS}, "sits down")))')
    assert fault(graph, f'at({while_sitting}, exists(with({PERSONS}, "top colour", "blue")))') is None


@pytest.mark.parametrize("seed", range(3))
def test_the_sampler_asks_for_nobody_whom_it_names(seed):
    graph = kept_by("red", dogs=1)[0].build(coverage=COVERAGE)
    asked = ask_graph(graph, graph_sha256="0" * 64, config=AskConfig(samples_per_thing=20.0), seed=seed)
    assert any("exists(" in sample.program for sample in asked.samples)
    assert not [drop for drop in asked.dropped if "names itself" in drop.reason]
