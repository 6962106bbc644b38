import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.statistics.bootstrap import Bootstrap
from videostep.evaluate.statistics.sums import SumsByVideo


def bootstrap_of(marks, **options):
    """`marks`: (rate, video, points)."""
    sums = SumsByVideo()
    for rate, video, points in marks:
        sums.add([sums.rate(rate)], video, points)
    return Bootstrap(sums.table(), **options)


def test_the_share_is_that_of_questions_not_the_mean_of_videos():
    estimate = bootstrap_of([("all", "a", 1), ("all", "b", 0), ("all", "b", 0), ("all", "b", 0)]).estimate(
        "all"
    )
    assert (estimate.value, estimate.questions, estimate.videos) == (0.25, 4, 2)


def test_with_one_question_a_video_the_interval_is_the_binomial_one():
    n, p = 400, 0.3
    estimate = bootstrap_of([("all", f"v{i}", float(i < n * p)) for i in range(n)]).estimate("all")
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    assert estimate.low == pytest.approx(p - half, abs=0.006)
    assert estimate.high == pytest.approx(p + half, abs=0.006)


def test_asking_each_video_ten_times_over_makes_nothing_surer():
    once = [("all", f"v{i}", float(i % 3 == 0)) for i in range(60)]
    assert bootstrap_of(once).estimate("all")[:3] == bootstrap_of(once * 10).estimate("all")[:3]


def test_one_video_has_no_interval():
    estimate = bootstrap_of([("all", "a", 1), ("all", "a", 0), ("other", "b", 1)]).estimate("all")
    assert (estimate.low, estimate.high) == (None, None)


def test_a_rate_of_few_videos_is_drawn_only_where_it_stands():
    marks = [("all", f"v{i}", 1) for i in range(50)] + [("rare", "v0", 1), ("rare", "v1", 0)]
    estimate = bootstrap_of(marks).estimate("rare")
    assert (estimate.value, estimate.low, estimate.high) == (0.5, 0.0, 1.0)


def test_a_mean_that_most_draws_say_nothing_of_has_no_interval():
    """Of two rates that one video each is about, four draws in nine hold both."""
    bootstrap = bootstrap_of([("one", "a", 1), ("other", "b", 0), ("third", "c", 1)])
    assert bootstrap.mean(["one", "other"])[:3] == (0.5, None, None)


@pytest.mark.parametrize(("points", "low", "high"), [(1, 0.025**0.25, 1), (0, 0, 1 - 0.025**0.25)])
def test_a_share_of_all_or_none_is_no_surer_than_its_videos_allow(points, low, high):
    bootstrap = bootstrap_of([("all", video, points) for video in "aabcd"])
    assert bootstrap.bounded(["all"], 0, 1)[:3] == pytest.approx((points, low, high), abs=1e-6)
    assert bootstrap.estimate("all")[:3] == (points, points, points)


@pytest.mark.parametrize("points", [1, 0, -1])
def test_a_contrast_that_all_videos_share_is_no_surer_than_they_allow(points):
    bootstrap = bootstrap_of([("all", video, points) for video in "aabcd"])
    unseen = 1 - 0.025**0.25
    expected = (points, points - (points + 1) * unseen, points + (1 - points) * unseen)
    assert bootstrap.bounded(["all"], -1, 1)[:3] == pytest.approx(expected, abs=1e-6)


def test_a_difference_is_paired():
    marks = [(rate, f"v{i}", float(i % 2)) for i in range(30) for rate in ("one", "same")]
    assert bootstrap_of(marks).difference("one", "same")[:3] == (0.0, 0.0, 0.0)


def test_a_mean_weighs_rates_alike():
    marks = [("many", f"v{i}", 1) for i in range(9)] + [("few", "v0", 0)]
    assert bootstrap_of(marks).mean(["many", "few"]).value == 0.5


def test_blocks_change_nothing(monkeypatch):
    marks = [("all", f"v{i}", float(i % 5 == 0)) for i in range(40)]
    whole = bootstrap_of(marks, n_draws=100).estimate("all")
    monkeypatch.setattr("videostep.evaluate.statistics.bootstrap._BLOCK", 120)
    assert bootstrap_of(marks, n_draws=100).estimate("all") == whole


MARKS = st.lists(
    st.tuples(st.sampled_from(["all", "steps/1"]), st.sampled_from("abcde"), st.integers(0, 1)), min_size=1
)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(MARKS, st.randoms(use_true_random=False))
def test_the_order_of_questions_does_not_matter_and_intervals_lie_in_range(marks, random):
    shuffled = random.sample(marks, len(marks))
    first, second = (bootstrap_of(order, n_draws=50) for order in (marks, shuffled))
    for rate in {rate for rate, _, _ in marks}:
        estimate = first.estimate(rate)
        assert estimate == second.estimate(rate)
        if estimate.low is not None:
            assert 0 <= estimate.low <= estimate.high <= 1


def test_a_thousand_draws_over_many_rates_take_seconds():
    generator = np.random.default_rng(0)
    sums = SumsByVideo()
    for video in range(1_800):
        for rate in range(40):
            sums.add([sums.rate(f"r{rate}")], f"v{video}", float(generator.random() < 0.4))
    began_s = time.process_time()
    Bootstrap(sums.table())
    assert time.process_time() - began_s < 10
