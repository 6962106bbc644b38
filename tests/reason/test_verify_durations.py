"""Pieces of time: how long something held, what comes between, what is longer, what overlaps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import AmbiguousError, EmptyError
from videostep.reason.verify import Verifier, count_steps, execute
from videostep.reason.verify.durations import are_told_apart, differ_in_length, is_longer, overlap
from videostep.testing.builder import GraphBuilder
from videostep.testing.samples import AFTER, BUS, DRIVES, IN_BLACK, SHA256, STREET, sample, step
from videostep.video import TimeSpan

DOG, BACKPACK = 'unique(called(things(), "dog"))', 'unique(called(things(), "backpack"))'
ENTERS = f'when({DOG}, "enters")'
CARRIED = f'held({IN_BLACK}, "carrying", {BACKPACK})'
MAN, CAR = 'unique(called(things(), "man"))', 'unique(called(things(), "car"))'
BEHIND = f'held({MAN}, "behind", {CAR})'


def ask(program: str) -> str:
    return execute(program, STREET)


def man_and_car() -> GraphBuilder:
    """One scene of 20 s; the caller says when the man is behind the car."""
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    man, car = graph.thing(clip, "man", kind="dynamic"), graph.thing(clip, "car")
    graph.relation(car, "behind", man, [(0.0, 20.0)])
    graph.motion(man, "waves", 1.0, 9.0)
    return graph


class TestHeld:
    def test_it_is_the_time_of_the_relation_in_its_direction(self):
        graph = man_and_car()
        graph.relation("c1-man-1", "behind", "c1-car-1", [(3.0, 5.0)])
        assert execute(BEHIND, graph.build()) == "3.0 s to 5.0 s"

    def test_none_is_empty(self):
        with pytest.raises(EmptyError, match="no time at which the man behind the car"):
            execute(BEHIND, man_and_car().build())

    @pytest.mark.parametrize("spans_s", [[(3.0, 5.0), (6.0, 7.0)], [(3.0, 5.0), (8.0, 12.0)]])
    def test_two_times_are_ambiguous_even_of_one_relation(self, spans_s):
        graph = man_and_car()
        graph.relation("c1-man-1", "behind", "c1-car-1", spans_s)
        with pytest.raises(AmbiguousError, match="more than one time"):
            execute(BEHIND, graph.build())

    def test_only_a_time_in_the_context_counts_and_all_of_it(self):
        graph = man_and_car()
        graph.relation("c1-man-1", "behind", "c1-car-1", [(7.0, 11.0), (12.0, 13.0)])
        waving = f'at(while(when({MAN}, "waves")), {BEHIND})'
        assert execute(waving, graph.build()) == "7.0 s to 11.0 s"

    def test_it_is_a_step_but_where_it_fixes_a_time(self):
        assert count_steps(f"order({CARRIED}, {ENTERS})") == 3
        for time in ("before", "after", "while"):
            assert count_steps(f"at({time}({CARRIED}), event())") == 2
        assert count_steps(f"at(between(at(scene(1), {CARRIED}), {ENTERS}), event())") == 2


class TestBetween:
    def test_it_reaches_from_the_end_of_one_to_the_start_of_the_other(self):
        people = (
            f'at(between({DRIVES}, {ENTERS}), count(with(called(things(), "person"), "top colour", "red")))'
        )
        assert ask(people) == "one"
        assert ask(f"at(between({DRIVES}, {ENTERS}), exists({BUS[7:-1]}))") == "no"

    def test_without_length_it_is_empty(self):
        with pytest.raises(EmptyError, match="no time between"):
            ask(f"at(between({ENTERS}, {DRIVES}), event())")
        with pytest.raises(EmptyError, match="no time between"):
            ask(f"at(between({DRIVES}, {DRIVES}), event())")


class TestComparing:
    def test_programs_compare_what_they_find(self):
        assert ask(f"longer({DRIVES}, {ENTERS})") == "yes"
        assert ask(f"longer({ENTERS}, {DRIVES})") == "no"
        assert ask(f"longer({CARRIED}, {ENTERS})") == "yes"
        assert ask(f"overlap({CARRIED}, {DRIVES})") == "yes"
        assert ask(f"overlap({CARRIED}, {ENTERS})") == "no"

    @pytest.mark.parametrize(("more_s", "told"), [(0.4, False), (0.5, True), (0.6, True)])
    def test_short_times_differ_by_half_a_second(self, more_s, told):
        assert differ_in_length(TimeSpan(1.1, 2.1), TimeSpan(7.3, 8.3 + more_s)) == told

    @pytest.mark.parametrize(("longer_s", "told"), [(12.4, False), (12.5, True)])
    def test_long_times_differ_by_a_fifth_of_the_longer(self, longer_s, told):
        assert differ_in_length(TimeSpan(0.0, longer_s), TimeSpan(20.0, 30.0)) == told

    @pytest.mark.parametrize(
        ("second", "so"),
        [
            ((4.0, 6.0), False),
            ((5.0, 6.0), False),
            ((3.5, 6.0), True),
            ((3.6, 6.0), None),
            ((3.7, 4.3), True),
            ((3.8, 4.3), None),
            ((1.0, 1.2), True),
        ],
    )
    def test_they_overlap_by_half_a_second_or_half_of_the_shorter(self, second, so):
        if so is None:
            with pytest.raises(AmbiguousError, match="hardly"):
                overlap(TimeSpan(1.0, 4.0), TimeSpan(*second))
        else:
            assert overlap(TimeSpan(1.0, 4.0), TimeSpan(*second)) == so


TENTHS = st.integers(0, 300).map(lambda tenth: tenth / 10)
SPANS = st.tuples(TENTHS, TENTHS).filter(lambda ends: ends[0] < ends[1]).map(lambda ends: TimeSpan(*ends))


def outcome(compare, *spans: TimeSpan) -> bool | None:
    try:
        return compare(*spans)
    except AmbiguousError:
        return None


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SPANS, SPANS)
def test_the_order_of_the_two_makes_no_difference(first, second):
    one, other = outcome(is_longer, first, second), outcome(is_longer, second, first)
    assert (one, other) in {(True, False), (False, True), (None, None)}
    assert outcome(overlap, first, second) == outcome(overlap, second, first)
    assert are_told_apart(*first) == are_told_apart(*reversed(first))


# --- whole samples --------------------------------------------------------------------------

VERIFIER = Verifier(STREET, SHA256)
WEARS = step(
    f"name({IN_BLACK})",
    "person",
    "c1-person-3 c1-person-3.top-colour.black",
    (5.0, 10.0),
    text="One person wears a black top.",
)
LONGER = sample(
    "Does the person in the black top carry the backpack for longer than the dog takes to appear?",
    ("compare", "none", "binary"),
    WEARS,
    step(
        CARRIED,
        "5.0 s to 10.0 s",
        "c1-person-3.carrying.c1-backpack-1 c1-person-3 c1-backpack-1",
        (5.0, 10.0),
        text="That person carries the backpack for five seconds.",
    ),
    step(
        f"longer({CARRIED}, {ENTERS})",
        "yes",
        "c3-dog-1.enters.1",
        (20.0, 20.5),
        text="The dog appears in half a second, so yes.",
    ),
    outer_candidates=1,
)
BETWEEN = sample(
    "After the bus drives off and before the dog appears, what does the person in the black top do?",
    ("query", "between", "open"),
    step(
        f"at(between({DRIVES}, {ENTERS}), name({IN_BLACK}))",
        "person",
        "c1-person-3.top-colour.black",
        (6.0, 10.0),
        text="One person wears a black top.",
    ),
    step(
        f"at(between({DRIVES}, {ENTERS}), motion({IN_BLACK}))",
        "walks to the right",
        "c1-person-3.walks-to-the-right.1 c1-bus-1.drives-to-the-right.1 c3-dog-1.enters.1",
        (6.5, 9.5),
        text="Then that person walks to the right.",
    ),
    span_s=TimeSpan(4.0, 20.5),
    outer_candidates=4,
)


@pytest.mark.parametrize("good", [LONGER, BETWEEN, AFTER])
def test_right_samples_pass(good):
    assert VERIFIER.check(good).reason == ""
