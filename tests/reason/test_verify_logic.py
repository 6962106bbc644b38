"""And, or, xor, not: plain logic of parts that all have an answer and all have proofs."""

import itertools

import pytest

from videostep.errors import OutOfCoverageError, ProgramSyntaxError
from videostep.reason.verify import Executor, Verifier, check_types, count_steps, execute, needed
from videostep.sample import Sample
from videostep.testing.samples import BUS, SHA256, STREET, sample, step, with_step
from videostep.video import TimeSpan

PERSONS, DOG = 'called(things(), "person")', 'called(things(), "dog")'
YES, NO = f"exists({DOG})", f'equal(attribute({BUS}, "colour"), "red")'
ALSO_YES, ALSO_NO = f'equal(attribute({BUS}, "colour"), "white")', f"at(scene(1), exists({DOG}))"
WHITE, BROWN = f'attribute({BUS}, "colour")', 'attribute(unique(called(things(), "dog")), "colour")'
IDLE = "the answer is the same without the time 'scene'"
VALUES = {YES: True, NO: False, ALSO_YES: True, ALSO_NO: False}
MEANT = {"and": lambda a, b: a and b, "or": lambda a, b: a or b, "xor": lambda a, b: a is not b}


@pytest.mark.parametrize("operator", MEANT)
def test_every_pair_of_answers_is_put_together_as_logic_says(operator):
    for one, other in itertools.permutations(VALUES, 2):
        wanted = MEANT[operator](VALUES[one], VALUES[other])
        assert execute(f"{operator}({one}, {other})", STREET) == ("yes" if wanted else "no")


def test_not_says_the_contrary() -> None:
    assert [execute(f"not({part})", STREET) for part in (YES, NO)] == ["no", "yes"]


@pytest.mark.parametrize("program", ["or({}, {})", "and(not({}), {})", "xor({}, not({}))"])
def test_a_part_without_an_answer_leaves_the_whole_without_one(program):
    unknown = 'exists(called(things(), "cat"))'
    for parts in ((YES, unknown), (unknown, YES)):
        with pytest.raises(OutOfCoverageError, match="'cat'"):
            execute(program.format(*parts), STREET)


@pytest.mark.parametrize("operator", MEANT)
def test_two_equal_parts_are_refused(operator):
    with pytest.raises(ProgramSyntaxError, match="twice"):
        check_types(f"{operator}({YES}, {YES})")


def test_its_steps_are_those_of_its_parts() -> None:
    assert count_steps(f"and({YES}, not({NO}))") == 1
    assert count_steps(f"or({ALSO_YES}, not({NO}))") == 2


# --- whole samples --------------------------------------------------------------------------

MAN = 'unique(with(called(things(), "person"), "top colour", "blue"))'
BLACK = MAN.replace("blue", "black")
CAR = 'unique(with(called(things(), "car"), "colour", "silver"))'
VERIFIER = Verifier(STREET, SHA256)
SITS, RIDES = (
    f'exists(does({PERSONS}, "{predicate}"))' for predicate in ("sits down", "drives to the right")
)
SOMEONE_SITS = step(SITS, "yes", "c2-person-2.sits-down.1", (14.0, 15.0), text="One person sits down.")


def logic(program: str, answer: str, evidence: str, *spans_s: tuple[float, float], **more) -> Sample:
    """A sample about the street whose last step answers it."""
    temporal = "scene" if "scene(" in program else "none"
    steps = (*more.pop("first", ()), step(program, answer, evidence, *spans_s, text="It is white, so it is."))
    return sample("Is it so?", ("logic", temporal, "binary"), *steps, **more)


BOTH = logic(f"and({YES}, {ALSO_YES})", "yes", "c3-dog-1 c1-bus-1.colour.white", (0.0, 6.0), (20.0, 23.0))
TWO_STEPS = logic(f"xor({SITS}, {ALSO_YES})", "no", "c1-bus-1.colour.white", (0.0, 6.0), first=[SOMEONE_SITS])
ONE_OF_TWO = logic(
    f'and({YES}, exists(called(things(), "bicycle")))', "yes", "c3-dog-1 c3-bicycle-1", (18.0, 24.0)
)
NEITHER = logic(f"not(or({ALSO_NO}, {NO}))", "yes", "c1-bus-1.colour.white", (0.0, 10.0), outer_candidates=0)


def reason(checked: Sample) -> str:
    return VERIFIER.check(checked).reason


@pytest.mark.parametrize("good", [BOTH, TWO_STEPS, ONE_OF_TWO, NEITHER])
def test_right_samples_pass(good):
    assert reason(good) == ""


@pytest.mark.parametrize("missing", [0, 1])
def test_both_parts_must_be_carried_by_evidence(missing):
    kept = BOTH.steps[0].evidence[1 - missing]
    span = ((0.0, 6.0), (20.0, 23.0))[kept == "c3-dog-1"]
    bad = with_step(BOTH, 1, evidence=(kept,), spans_s=(TimeSpan(*span),))
    assert reason(bad).startswith(
        "step 1: its evidence does not show" if missing else "step 1: the evidence so"
    )


def test_a_part_that_is_no_is_searched_for() -> None:
    bad = with_step(NEITHER, 1, spans_s=(TimeSpan(0.0, 12.0),))
    assert "no evidence holds in all of [0.0, 12.0]" in reason(bad)


def needless(program: str) -> str | None:
    executor = Executor(STREET)
    return needed.needless(executor, executor.parse(program))


class TestNeed:
    @pytest.mark.parametrize(
        "program",
        [
            f"or({YES}, not({YES}))",
            f"and({YES}, at(always(), {YES}))",
            f"xor({NO}, or({YES}, not({NO})))",
            f"and(same({WHITE}, {BROWN}), not(same({BROWN}, {WHITE})))",
        ],
    )
    def test_no_claim_is_made_twice(self, program):
        assert "is said twice" in (needless(program) or "")

    @pytest.mark.parametrize(
        "program",
        [
            f'overlap(held({MAN}, "next to", {CAR}), held({CAR}, "next to", {MAN}))',
            f'overlap(at(always(), held({MAN}, "next to", {CAR})), held({CAR}, "next to", {MAN}))',
            f'not(overlap(held({MAN}, "next to", {CAR}), held({CAR}, "next to", {MAN})))',
            f'and(equal(predicate({MAN}, {CAR}), "next to"), equal(predicate({CAR}, {MAN}), "next to"))',
        ],
    )
    def test_not_even_the_other_way_round(self, program):
        assert "said twice" in (needless(program) or "")

    def test_another_relation_is_another_claim(self):
        carries = f'held({BLACK}, "carrying", unique(called(things(), "backpack")))'
        assert needless(f'overlap(held({MAN}, "next to", {CAR}), {carries})') is None

    def test_one_claim_of_two_times_is_two(self):
        assert needless(f"and(not({ALSO_NO}), at(scene(3), {YES}))") is None

    def test_a_part_that_alone_decides_may_stand_by_another(self):
        assert needless(f"or({ALSO_YES}, {NO})") is None

    def test_a_time_around_all_must_matter_to_one_part(self):
        assert needless(f"at(scene(1), or({ALSO_YES}, {NO}))") == IDLE
        assert needless(f"at(scene(1), or({ALSO_YES}, exists({PERSONS})))") is None

    def test_a_time_around_a_part_must_matter_to_it(self):
        assert needless(f"and({YES}, at(scene(1), {ALSO_YES}))") == IDLE
        assert needless(f"and({YES}, not(at(always(), at(scene(1), {ALSO_YES}))))") == IDLE

    def test_the_parts_descriptions_are_needed_too(self):
        white = BUS.replace('called(things(), "bus")', 'with(called(things(), "bus"), "colour", "white")')
        assert "says no more than 'bus'" in (needless(f'or({YES}, equal(motion({white}), "stops"))') or "")
