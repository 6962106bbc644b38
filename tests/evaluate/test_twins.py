from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.scoring import mark_answer
from videostep.evaluate.twins import Answered, have_equal_candidates, pair_twins


def twin(id_, other, answer, *, choices=None, candidates=2, n_steps=2, video="v"):
    return Item(
        id=id_,
        video=video,
        question=f"What does the person {id_} do?",
        answer=answer,
        kind="choice" if choices else "open",
        choices=choices,
        answer_index=choices.index(answer) if choices else None,
        n_steps=n_steps,
        twin_of=other,
        outer_candidates=candidates,
    )


def answered(item, answer):
    return Answered(item, answer, mark_answer(item, answer))


SITS, RUNS = twin("a", "b", "sits"), twin("b", "a", "runs")


@pytest.mark.parametrize(
    ("replies", "both_right", "contrast"),
    [
        (("sits", "runs"), True, 1),
        (("runs", "sits"), False, -1),
        (("sits", "sits"), False, 0),
        (("sits", "jumps"), False, 0),
        (("runs", ""), False, 0),
    ],
)
def test_both_right_counts_for_and_both_swapped_against(replies, both_right, contrast):
    (pair,) = pair_twins([answered(SITS, replies[0]), answered(RUNS, replies[1])], mark_answer)
    assert (pair.both_right, pair.contrast) == (both_right, contrast)
    assert pair.groups == ("all", "steps/2")


def test_a_twin_that_was_not_asked_makes_no_pair_and_neither_does_a_question_without_one():
    alone = replace(SITS, twin_of="elsewhere")
    assert list(pair_twins([answered(alone, "sits"), answered(RUNS, "runs")], mark_answer)) == []
    assert list(pair_twins([answered(replace(SITS, twin_of=None), "sits")], mark_answer)) == []


def test_twins_of_different_length_count_under_neither():
    (pair,) = pair_twins([answered(SITS, "sits"), answered(replace(RUNS, n_steps=3), "runs")], mark_answer)
    assert pair.groups == ("all",)


def test_a_judge_cannot_tell_who_swapped():
    (pair,) = pair_twins([answered(SITS, "sits"), answered(RUNS, "runs")], None)
    assert (pair.both_right, pair.contrast) == (True, None)


@pytest.mark.parametrize(
    "other",
    [
        replace(RUNS, outer_candidates=3),
        twin("b", "a", "runs", choices=("sits", "runs")),
    ],
)
def test_twins_that_leave_other_answers_have_no_contrast(other):
    assert not have_equal_candidates(SITS, other)
    (pair,) = pair_twins([answered(SITS, "sits"), answered(other, "runs")], mark_answer)
    assert pair.contrast is None


def test_options_in_another_order_are_other_candidates():
    """Always the first option would be right about both."""
    one = twin("a", "b", "sits", choices=("sits", "runs"))
    other = twin("b", "a", "runs", choices=("runs", "sits"))
    assert not have_equal_candidates(one, other)


ANSWERS = ("sits", "runs", "jumps")


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    answers=st.permutations(ANSWERS),
    candidates=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    orders=st.tuples(st.permutations(ANSWERS), st.permutations(ANSWERS)),
    as_choice=st.booleans(),
    rule=st.dictionaries(st.tuples(*[st.sampled_from(ANSWERS)] * 3), st.integers(0, 2)),
)
def test_a_rule_that_ignores_the_inner_description_has_contrast_0(
    answers, candidates, orders, as_choice, rule
):
    """Whatever it makes of the outermost words (the same for both) and of the options in their order."""
    first, second = (
        twin(id_, other, answer, choices=tuple(order) if as_choice else None, candidates=count)
        for id_, other, answer, order, count in zip("ab", "ba", answers[:2], orders, candidates, strict=True)
    )

    def reply_to(item):
        options = item.choices or ANSWERS
        return options[rule.get(options, 0)]

    pairs = pair_twins([answered(item, reply_to(item)) for item in (first, second)], mark_answer)
    assert [pair.contrast for pair in pairs if pair.contrast is not None] in ([], [0])


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_a_guess_at_random_has_contrast_0_in_the_mean(chances):
    """Each reply is drawn by the same chances for both twins: summed over all draws, nothing is left."""
    p = dict(zip(("sits", "runs"), (chance / (sum(chances) or 1) for chance in chances), strict=True))
    mean = sum(
        p[one] * p[other] * pair.contrast
        for one in p
        for other in p
        for pair in pair_twins([answered(SITS, one), answered(RUNS, other)], mark_answer)
    )
    assert mean == pytest.approx(0, abs=1e-12)
