"""A wrong rewrite is never taken; a right one mostly is."""

import pytest

from videostep.reason.refinement.acceptance import CHECKS, Judge
from videostep.testing.graphs import street_graph
from videostep.testing.rewrites import rewrite_cases

CASES = rewrite_cases()
BAD = [(case, fault, text) for case in CASES for fault, text in case.bad]
GOOD = [(case, text) for case in CASES for text in case.good]


@pytest.fixture(scope="module")
def judge():
    return Judge(street_graph())


def test_the_table_is_large_enough_to_mean_something():
    assert len(CASES) >= 30
    assert len(BAD) >= 120
    assert len(GOOD) >= 60


@pytest.mark.parametrize(("case", "fault", "text"), BAD, ids=lambda value: str(value)[:60])
def test_a_bad_rewrite_is_refused(judge, case, fault, text):
    refusal = judge.words_of(case.sample).refusal(case.part, text)
    assert refusal is not None, f"{fault}: {text!r} was taken"
    assert refusal.check in dict(CHECKS)
    assert refusal.reason


def test_most_good_rewrites_are_taken(judge):
    taken = [judge.words_of(case.sample).refusal(case.part, text) is None for case, text in GOOD]
    assert sum(taken) >= 0.7 * len(taken)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sample.template.question[:60] or "rationale")
def test_a_template_passes_as_its_own_rewrite(judge, case):
    template = getattr(case.sample.template, case.part)
    assert judge.words_of(case.sample).refusal(case.part, template) is None


REFUSED_BY = {
    "What colour is the bus?": "names",
    "What colour is the brown dog?": "attributes",
    "What colour is the top of the person who rides to the right?": "predicates",
    "In the second scene of the video, what does the person in the red top do?": "order",
    "Is it true that there is no white backpack?": "negation",
    "Before the dog runs to the right, what is the person next to?": "times",
    "What colour is the <b>dog</b>?": "markup",
    "Welche Farbe hat der Hund?": "language",
    "What colour is the dog? Is it big?": "form",
    "": "empty",
    "Is it true that the bicycle is next to a black car?": "meaning",
    "Is it true that the car is next to a black bicycle?": "meaning",
    "What colour is the person ridden by a bicycle?": "meaning",
}


@pytest.mark.parametrize(("text", "check"), REFUSED_BY.items())
def test_the_refusal_names_the_check_that_fits_the_fault(judge, text, check):
    (case,) = {case.sample.program: case for case, _, bad in BAD if bad == text}.values()
    assert judge.words_of(case.sample).refusal(case.part, text).check == check


def test_a_question_that_gives_its_answer_away_is_refused(judge):
    case = next(case for case in CASES if case.sample.template.question == "What colour is the dog?")
    refusal = judge.words_of(case.sample).refusal("question", "What colour is the dog: green or brown?")
    assert refusal is not None
    assert refusal.check in ("attributes", "leak")


def test_what_is_to_be_kept_are_the_words_of_the_graph(judge):
    case = next(case for case in CASES if "how many people are next to" in case.sample.template.question)
    keep = judge.words_of(case.sample).wording("question").keep
    assert set(keep) == {"person", "car", "dog", "silver", "next to", "enters"}
