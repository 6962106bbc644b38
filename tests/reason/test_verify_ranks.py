"""The first, the last, the longest of those that do the same."""

import contextlib
import itertools
from dataclasses import replace

import pytest

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError, ProgramError
from videostep.graph import Coverage
from videostep.reason.verify import Executor, Verifier, check_types, count_steps, execute
from videostep.reason.verify.describe import ordinal
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph
from videostep.testing.samples import SHA256, STREET, sample, step, with_step
from videostep.video import TimeSpan

PERSONS = 'called(things(), "person")'
TOPS = ("red", "blue", "green", "black")


def walkers(*times_s: tuple[float, float], clips: int = 1) -> GraphBuilder:
    """One person a time, each in a top of another colour, who walks then; spread over clips of 20 s."""
    graph = GraphBuilder(duration_s=20.0 * clips)
    for number in range(clips):
        graph.clip(20.0 * number, 20.0 * (number + 1))
    for top, (start_s, end_s) in zip(TOPS, times_s, strict=False):
        person = graph.thing(f"c{int(start_s // 20) + 1}", "person", kind="dynamic", top_colour=top)
        graph.motion(person, "walks", start_s, end_s)
    return graph


def top_of(graph: GraphBuilder, thing: str) -> str:
    return execute(f'attribute({thing}, "top colour")', graph.build())


def nth(k: int, things: str = PERSONS) -> str:
    return f'nth({things}, "walks", {k})'


LONGEST, SHORTEST = (f'{name}({PERSONS}, "walks")' for name in ("longest", "shortest"))


class TestNth:
    @pytest.mark.parametrize(
        ("k", "top"), [(1, "blue"), (2, "red"), (3, "green"), (-1, "green"), (-2, "red"), (-3, "blue")]
    )
    def test_it_counts_by_when_each_begins(self, k, top):
        assert top_of(walkers((3.0, 4.0), (1.0, 9.0), (5.0, 6.0)), nth(k)) == top

    @pytest.mark.parametrize("k", [0, 3, -3])
    def test_beyond_their_number_there_is_none(self, k):
        with pytest.raises(EmptyError, match="among two that do so"):
            top_of(walkers((1.0, 2.0), (3.0, 4.0)), nth(k))

    def test_the_first_of_one_says_nothing(self):
        with pytest.raises(EmptyError, match="no 'first person that walks' among one"):
            top_of(walkers((1.0, 2.0)), nth(1))

    def test_nobody_can_tell_who_begins_first_within_half_a_second(self):
        graph = walkers((1.0, 2.0), (1.4, 3.0), (5.0, 6.0), (5.5, 7.0))
        for k in (1, 2):
            with pytest.raises(AmbiguousError, match="start at about the same time"):
                top_of(graph, nth(k))
        assert top_of(graph, nth(3)) == "green"
        assert top_of(graph, nth(-1)) == "black"

    def test_a_limit_is_reached_whatever_floating_point_makes_of_it(self):
        assert top_of(walkers((1.1, 2.0), (1.6, 3.0)), nth(1)) == "red"  # 1.6 - 1.1 is less than 0.5

    def test_the_last_is_not_told_when_an_earlier_one_does_it_again(self):
        graph = walkers((1.0, 2.0), (5.0, 6.0))
        graph.motion("c1-person-1", "walks", 8.0, 9.0)
        assert top_of(graph, nth(1)) == "red"
        with pytest.raises(AmbiguousError, match="some do it again"):
            top_of(graph, nth(-1))
        graph.motion("c1-person-2", "walks", 10.0, 11.0)
        assert top_of(graph, nth(-1)) == "blue"

    def test_only_what_holds_in_the_context_counts(self):
        graph = walkers((1.0, 2.0), (5.0, 6.0), (8.0, 9.0))
        bus = graph.thing("c1", "bus", kind="dynamic")
        graph.motion(bus, "stops", 4.0, 10.0)
        while_ = f'at(while(when(unique(called(things(), "bus")), "stops")), {nth(1)})'
        assert top_of(graph, while_) == "blue"


class TestLength:
    def test_longest_and_shortest_go_by_the_whole_motion(self):
        graph = walkers((1.0, 4.0), (2.0, 3.0), (5.0, 10.0))
        assert top_of(graph, LONGEST) == "green"
        assert top_of(graph, SHORTEST) == "blue"

    @pytest.mark.parametrize(("end_s", "told"), [(11.2, False), (11.25, True)])
    def test_the_runner_up_must_be_a_fifth_off(self, end_s, told):
        graph = walkers((1.0, 9.2), (1.0, end_s))
        if told:
            assert top_of(graph, LONGEST) == "blue"
        else:
            with pytest.raises(AmbiguousError, match="last about as long"):
                top_of(graph, LONGEST)

    def test_one_that_does_it_twice_has_no_length(self):
        graph = walkers((1.0, 4.0), (2.0, 3.0))
        graph.motion("c1-person-2", "walks", 10.0, 11.0)
        with pytest.raises(AmbiguousError, match="more than once"):
            top_of(graph, LONGEST)


@pytest.mark.parametrize("thing", [nth(1), nth(-1), LONGEST, SHORTEST])
class TestNobodyElse:
    def test_who_might_be_meant_makes_it_ambiguous(self, thing):
        graph = walkers((1.0, 4.0), (6.0, 7.0))
        graph.thing("c1", "man")
        with pytest.raises(AmbiguousError, match="more things than are known might"):
            top_of(graph, thing)

    def test_a_doubt_makes_it_ambiguous(self, thing):
        graph = walkers((1.0, 4.0), (6.0, 7.0))
        graph.doubt("c1", "person")
        with pytest.raises(AmbiguousError, match="more things than are known might"):
            top_of(graph, thing)

    def test_a_motion_that_may_mean_the_same_makes_it_ambiguous(self, thing):
        graph = walkers((1.0, 4.0), (6.0, 7.0))
        graph.motion(graph.thing("c1", "person"), "walks to the left", 12.0, 13.0)
        with pytest.raises(AmbiguousError, match="'walks to the left' may mean 'walks'"):
            top_of(graph, thing)

    def test_the_graph_must_cover_the_motion(self, thing):
        graph = replace(walkers((1.0, 4.0), (6.0, 7.0)).build(), coverage=Coverage(labels=("person",)))
        with pytest.raises(OutOfCoverageError, match="does not cover 'walks'"):
            execute(f"name({thing})", graph)

    def test_the_graph_must_cover_what_tells_the_set(self, thing):
        graph = walkers((1.0, 4.0), (6.0, 7.0))
        for number in (1, 2):
            graph.relation(f"c1-person-{number}", "next to", f"c1-person-{3 - number}")
        beside = thing.replace(PERSONS, f'subjects({PERSONS}, "next to", {PERSONS})')
        assert execute(f"name({beside})", graph.build()) == "person"
        with pytest.raises(OutOfCoverageError, match="'next to' is not covered"):
            execute(f"name({beside})", graph.build(coverage=Coverage(motions=("walks",))))


class TestOneOrTwo:
    """Things of two clips may be one that was not recognised."""

    def test_the_first_and_the_last_are_so_all_the_same(self):
        graph = walkers((1.0, 2.0), (21.0, 23.0), (41.0, 45.0), clips=3)
        assert (top_of(graph, nth(1)), top_of(graph, nth(-1))) == ("red", "green")

    def test_the_second_may_be_the_first(self):
        graph = walkers((1.0, 2.0), (21.0, 23.0), (25.0, 29.0), clips=2)
        with pytest.raises(OutOfCoverageError, match="might be one"):
            top_of(graph, nth(2))
        assert top_of(graph, nth(-2)) == "blue"

    def test_the_longest_may_be_two_parts_of_one(self):
        with pytest.raises(OutOfCoverageError, match="might be one"):
            top_of(walkers((1.0, 2.0), (21.0, 29.0), clips=2), LONGEST)


def test_it_is_one_step_and_a_thing() -> None:
    for thing in (nth(1), LONGEST, SHORTEST):
        assert count_steps(f"name({thing})") == 1
        assert count_steps(f'attribute(at(scene(1), {thing}), "colour")') == 2
        check_types(f'name(unique(subjects(things(), "next to", {thing})))')


@pytest.mark.parametrize(
    ("k", "words"),
    [
        (1, "first"),
        (2, "2nd"),
        (3, "3rd"),
        (11, "11th"),
        (22, "22nd"),
        (-1, "last"),
        (-2, "2nd from the end"),
    ],
)
def test_a_place_is_told_in_words(k, words):
    assert ordinal(k) == words


def meant(executor: Executor, thing: str) -> int | None:
    """The number of the thing that a description means; None when it means none."""
    with contextlib.suppress(ProgramError):
        return executor.ask(executor.parse(f"name({thing})"), executor.whole).parts[0].thing
    return None


@pytest.mark.parametrize("predicate", ["enters", "leaves", "stops", "walks to the left"])
def test_whoever_is_meant_is_in_that_place(predicate):
    told = 0
    for seed, k in itertools.product(range(20), (1, 2, 3, -1, -2)):
        executor = Executor(random_graph(seed, n_clips=1, n_objects=12))
        thing = meant(executor, f'nth(does({PERSONS}, "{predicate}"), "{predicate}", {k})')
        if thing is not None:
            people = [(n, t) for n, t in enumerate(executor.facts.things) if t.label == "person"]
            starts = sorted((m.spans_s[0], n) for n, t in people for m in t.motions if m.word == predicate)
            assert thing == starts[k - 1 if k > 0 else k][1]
            told += 1
    assert told > 10


# --- a whole sample -------------------------------------------------------------------------

BEFORE = 'before(when(unique(called(things(), "dog")), "enters"))'
FIRST = f'nth({PERSONS}, "walks to the right", 1)'
WALKS = step(
    f"at({BEFORE}, name({FIRST}))",
    "person",
    "c1-person-3.walks-to-the-right.1 c2-person-3.walks-to-the-right.1",
    (6.5, 9.5),
    (12.0, 13.5),
    text="Two people walk to the right, one before the other.",
)
WEARS = step(
    f'at({BEFORE}, attribute({FIRST}, "top colour"))',
    "black",
    "c1-person-3.top-colour.black c3-dog-1.enters.1",
    (5.0, 10.0),
    text="The first of them wears a black top.",
)
WALKER = sample(
    "Before the dog appears, what colour is the top of the first person to walk to the right?",
    ("query", "before", "open"),
    WALKS,
    WEARS,
    span_s=TimeSpan(5.0, 20.5),
    outer_candidates=4,
)
VERIFIER = Verifier(STREET, SHA256)


def test_a_right_sample_passes() -> None:
    assert VERIFIER.check(WALKER).reason == ""


def test_the_rivals_are_evidence_too() -> None:
    alone = with_step(WALKER, 1, evidence=WALKS.evidence[:1], spans_s=(TimeSpan(6.5, 9.5),))
    assert VERIFIER.check(alone).reason == "step 1: the evidence so far does not carry its answer"


def test_the_step_must_show_the_one_that_it_finds() -> None:
    other = with_step(WALKER, 1, evidence=WALKS.evidence[1:], spans_s=(TimeSpan(12.0, 13.5),))
    assert VERIFIER.check(other).reason == "step 1: its evidence does not show what the step finds"
