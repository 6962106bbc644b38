import pytest

from videostep.errors import EmptyError
from videostep.reason.verify import Executor, outer_candidates
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import street_graph

STREET = Executor(street_graph())
PERSONS = 'called(things(), "person")'
IN_RED = f'unique(with({PERSONS}, "top colour", "red"))'
BENCH = 'unique(called(things(), "bench"))'
BUS = 'unique(called(things(), "bus"))'


def count(program: str) -> int:
    return outer_candidates(STREET, program)


@pytest.mark.parametrize(
    ("program", "things"),
    [
        (f'attribute({IN_RED}, "top colour")', 4),
        (f'attribute({IN_RED}, "trouser colour")', 2),
        (f'at(scene(2), attribute({IN_RED}, "trouser colour"))', 1),
        (f"at(scene(1), motion({IN_RED}))", 3),
        (f'when({IN_RED}, "leaves")', 1),
        (f"at(scene(2), predicate({IN_RED}, {BENCH}))", 2),
        ("at(scene(2), event())", 1),
    ],
)
def test_the_question_operator_is_the_outermost_hop(program, things):
    assert count(program) == things


@pytest.mark.parametrize(
    ("program", "things"),
    [
        (f'name(unique(objects(things(), "carrying", {IN_RED})))', 1),
        (f'name(unique(objects(things(), "next to", {IN_RED})))', 8),  # both ends of four relations
        (f'name(unique(subjects({PERSONS}, "next to", {BUS})))', 3),
        (f'name(unique(called(subjects(things(), "next to", {BUS}), "person")))', 3),
        (f'name(unique(does(with({PERSONS}, "top colour", "red"), "leaves")))', 1),
        (f"name({IN_RED})", 1),
        (f"name({BUS})", 1),
        (f"at(scene(2), count({PERSONS}))", 3),
        (f'exists(with({PERSONS}, "top colour", "pink"))', 0),
    ],
)
def test_without_one_the_outermost_filter_is(program, things):
    assert count(program) == things


def test_comparing_operators_look_through_to_their_first_argument():
    colour = f'attribute({BUS.replace("bus", "car")}, "colour")'
    assert count(colour) == 3
    assert count(f'equal({colour}, "red")') == 3
    assert count(f'choose({colour}, "red", "blue")') == 3
    assert count(f'same({colour}, attribute({BUS}, "colour"))') == 3
    assert count(f'order(when({IN_RED}, "walks to the left"), when({BUS}, "stops"))') == 1


def test_a_time_inside_keeps_its_place():
    assert count('name(at(scene(3), unique(called(things(), "car"))))') == 2
    assert count(f'name(unique(at(scene(1), does({PERSONS}, "enters"))))') == 1
    assert count(f'name(unique(does(at(scene(1), {PERSONS}), "sits down")))') == 1


def test_a_time_that_is_not_there_is_an_error():
    with pytest.raises(EmptyError):
        count("at(scene(9), event())")


def test_twins_count_each_other():
    graph = GraphBuilder(duration_s=4.0)
    clip = graph.clip(0.0, 4.0)
    for colour in ("red", "blue", "green"):
        graph.thing(clip, "bus", colour=colour)
    graph.thing(clip, "bus")
    executor = Executor(graph.build())
    assert outer_candidates(executor, f'attribute({BUS}, "colour")') == 3
