from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.video import TimeSpan, join_spans

TIMES = st.integers(0, 40).map(lambda quarter: quarter / 4)
SPANS = st.tuples(TIMES, TIMES).map(lambda ends: TimeSpan(min(ends), max(ends) + 0.25))


def test_a_span_holds_its_start_but_not_its_end() -> None:
    span = TimeSpan(1.0, 2.0)
    assert span.holds(1.0)
    assert not span.holds(2.0)


@pytest.mark.parametrize(
    ("other", "common"),
    [((1.5, 3.0), (1.5, 2.0)), ((2.0, 3.0), None), ((0.0, 9.0), (1.0, 2.0)), ((3.0, 4.0), None)],
)
def test_the_common_part_of_two_spans(other: tuple[float, float], common: tuple[float, float] | None) -> None:
    assert TimeSpan(1.0, 2.0).overlap(TimeSpan(*other)) == common


def test_a_span_that_ends_before_it_starts_has_no_length() -> None:
    assert TimeSpan(2.0, 1.0).duration_s == 0.0


def test_gaps_are_joined_up_to_the_given_length() -> None:
    spans = [TimeSpan(3.0, 4.0), TimeSpan(0.0, 1.0), TimeSpan(1.5, 2.0)]
    assert join_spans(spans) == ((0.0, 1.0), (1.5, 2.0), (3.0, 4.0))
    assert join_spans(spans, gap_s=0.5) == ((0.0, 2.0), (3.0, 4.0))
    assert join_spans(spans, gap_s=1.0) == ((0.0, 4.0),)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(SPANS, max_size=8), TIMES)
def test_joined_spans_are_sorted_disjoint_and_hold_what_they_held(
    spans: list[TimeSpan], gap_s: float
) -> None:
    joined = join_spans(spans, gap_s=gap_s)
    assert all(first.end_s + gap_s < second.start_s for first, second in pairwise(joined))
    assert all(any(whole.overlap(span) == span for whole in joined) for span in spans)
    assert join_spans(list(joined), gap_s=gap_s) == joined
