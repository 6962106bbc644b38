from fractions import Fraction
from math import comb

import pytest

from videostep.evaluate.statistics.paired import PairedMark, compare, mcnemar_p


def mark(video, first, second, *groups):
    return PairedMark(video=video, groups=groups, first=first, second=second)


def exact_p(only_first, only_second):
    total = only_first + only_second
    tail = sum(Fraction(comb(total, k), 2**total) for k in range(min(only_first, only_second) + 1))
    return float(min(Fraction(1), 2 * tail))


@pytest.mark.parametrize(
    ("only_first", "only_second"), [(0, 0), (0, 5), (5, 0), (3, 9), (40, 60), (7, 7), (0, 260)]
)
def test_mcnemar_is_the_exact_binomial_test(only_first, only_second):
    assert mcnemar_p(only_first, only_second) == pytest.approx(exact_p(only_first, only_second), rel=1e-5)


def test_a_comparison_counts_who_was_right_alone():
    marks = [mark(f"v{i}", i < 2, i < 6) for i in range(10)] + [mark("v10", True, False)]
    (whole,) = compare(marks)
    assert (whole.only_first, whole.only_second) == (1, 4)
    assert whole.difference.value == pytest.approx(3 / 11, abs=1e-6)
    assert whole.first.value == pytest.approx(3 / 11, abs=1e-6)
    assert whole.difference.low < whole.difference.value < whole.difference.high


def test_a_difference_that_all_videos_share_is_no_surer_than_they_allow():
    better = compare([mark(video, False, True) for video in "abc"])[0].difference
    unseen = 1 - 0.025 ** (1 / 3)
    assert better[:3] == pytest.approx((1, 1 - 2 * unseen, 1), abs=1e-6)


def test_groups_are_compared_too_all_of_them_first():
    marks = [mark("a", True, True, "steps/1"), mark("b", False, True, "steps/2"), mark("c", True, True, "ab")]
    compared = compare(marks)
    assert [comparison.group for comparison in compared] == ["all", "ab", "steps/1", "steps/2"]
    assert compared[3].difference.value == 1.0


def test_comparing_nothing_gives_nothing():
    assert compare([]) == ()
