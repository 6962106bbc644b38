"""Twins ask the same of different things: who hears only the outermost words is wrong about one."""

import dataclasses

import pytest

from videostep.reason.verify import Executor, check_twins, twin_fault
from videostep.sample import Sample, VideoRef
from videostep.testing.samples import AFTER, COLOUR, DRIVES, STREET, changed

EXECUTOR = Executor(STREET)
PERSONS = 'called(things(), "person")'
RED, BLUE = (f'unique(with({PERSONS}, "top colour", "{colour}"))' for colour in ("red", "blue"))
BENCH, CAR = 'unique(called(things(), "bench"))', 'unique(called(things(), "car"))'


def twins(program: str, other: str, answer: str = "one", other_answer: str = "none") -> tuple[Sample, Sample]:
    """Two samples of two steps that name each other."""
    pair = [
        changed(COLOUR, program=text, answer=value, n_steps=2)
        for text, value in ((program, answer), (other, other_answer))
    ]
    one, two = pair
    return dataclasses.replace(one, twin_of=two.id), dataclasses.replace(two, twin_of=one.id)


def fault(*pair: str) -> str | None:
    return twin_fault(EXECUTOR, *twins(*pair))


class TestTheSameOutermostHop:
    @pytest.mark.parametrize(
        ("program", "other"),
        [
            (f"motion({RED})", f"motion({BLUE})"),
            (f"motion({RED})", f'motion(nth({PERSONS}, "enters", 1))'),
            (f'motion(nth({PERSONS}, "enters", 1))', f'motion(longest({PERSONS}, "leaves"))'),
            (f"motion({RED})", f'motion(unique(subjects({PERSONS}, "next to", {CAR})))'),
            (f'equal(motion({RED}), "stops")', f'equal(motion({BLUE}), "stops")'),
            (f"at(after({DRIVES}), motion({RED}))", f"at(after({DRIVES}), motion({BLUE}))"),
            (f"predicate({RED}, {BENCH})", f"predicate({BLUE}, {BENCH})"),
            (
                f'name(unique(objects(things(), "next to", {RED})))',
                f'name(unique(objects(things(), "next to", {BLUE})))',
            ),
            (f'exists(subjects({PERSONS}, "on", {BENCH}))', f'exists(subjects({PERSONS}, "on", {CAR}))'),
            ('name(nth(things(), "enters", 1))', 'name(nth(things(), "enters", -1))'),
            (f'and(equal(motion({RED}), "stops"), exists({PERSONS}))',
             f'and(equal(motion({BLUE}), "stops"), exists({PERSONS}))'),
        ],
    )  # fmt: skip
    def test_another_description_is_a_twin(self, program, other):
        assert fault(program, other) is None

    @pytest.mark.parametrize(
        ("program", "other"),
        [
            (f"motion({RED})", f'attribute({BLUE}, "colour")'),
            (f'attribute({RED}, "posture")', f'attribute({BLUE}, "top colour")'),
            (f"motion({RED})", f"motion({CAR})"),
            (f"motion({RED})", f"motion(at(scene(2), {BLUE}))"),
            (f"at(scene(1), motion({RED}))", f"at(scene(2), motion({BLUE}))"),
            (f"at(after({DRIVES}), motion({RED}))", f"at(before({DRIVES}), motion({BLUE}))"),
            (f'equal(motion({RED}), "stops")', f'equal(motion({BLUE}), "leaves")'),
            (f"predicate({RED}, {BENCH})", f"predicate({BLUE}, {CAR})"),
            (
                f'name(unique(objects(things(), "next to", {RED})))',
                f'name(unique(objects(things(), "on", {BLUE})))',
            ),
            ('name(nth(things(), "enters", 1))', 'name(nth(things(), "leaves", -1))'),
            (f"exists({PERSONS})", f'exists(with({PERSONS}, "top colour", "red"))'),
            (f"not(exists({PERSONS}))", f"exists({PERSONS})"),
        ],
    )
    def test_another_question_is_none(self, program, other):
        assert "but its twin" in (fault(program, other) or "")


class TestPairs:
    def test_they_name_each_other(self):
        one, two = twins(f"motion({RED})", f"motion({BLUE})")
        assert (
            twin_fault(EXECUTOR, one, dataclasses.replace(two, twin_of=None))
            == twin_fault(EXECUTOR, dataclasses.replace(one, twin_of="0" * 16), two)
            == "the two do not name each other as twins"
        )

    def test_they_are_of_one_video(self):
        one, two = twins(f"motion({RED})", f"motion({BLUE})")
        elsewhere = dataclasses.replace(two, video=VideoRef(id="other", path="p", sha256="s"))
        assert twin_fault(EXECUTOR, one, elsewhere) == "its twin is about another video"

    def test_they_have_two_steps(self):
        one, two = twins(f"motion({RED})", f"motion({BLUE})")
        assert "one step only" in (twin_fault(EXECUTOR, one, dataclasses.replace(two, n_steps=1)) or "")

    def test_they_ask_two_things(self):
        one, two = twins(f"motion({RED})", f"motion({RED})")
        two = dataclasses.replace(two, id="1" * 16)
        assert twin_fault(EXECUTOR, dataclasses.replace(one, twin_of=two.id), two) == "its twin asks the same"

    @pytest.mark.parametrize("answers", [("red", "red"), ("blue", "dark blue"), ("person", "man")])
    def test_their_answers_cannot_mean_the_same(self, answers):
        assert "may mean the same" in (fault(f"motion({RED})", f"motion({BLUE})", *answers) or "")

    def test_a_program_that_is_none_is_a_fault(self):
        assert "is none" in (fault(f"motion({RED})", "motion(") or "")


def test_all_samples_of_a_video_are_checked() -> None:
    one, two = twins(f"motion({RED})", f"motion({BLUE})")
    lonely = dataclasses.replace(AFTER, twin_of="0" * 16)
    third = dataclasses.replace(COLOUR, twin_of=one.id)
    assert list(check_twins(EXECUTOR, [one, COLOUR, two])) == []
    found = list(check_twins(EXECUTOR, iter([one, two, lonely, third])))
    assert [sample for sample, _ in found] == [lonely, third]
    assert [fault for _, fault in found] == [
        "its twin is not there",
        "the two do not name each other as twins",
    ]
