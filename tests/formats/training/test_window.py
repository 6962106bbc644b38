import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.formats.training.window import MIN_WINDOW_S, shown_part, window_of
from videostep.media.clock import TIME_DIGITS
from videostep.video import TimeSpan


def times_s(least_s, most_s):
    """Times as files hold them."""
    return st.floats(least_s, most_s).map(lambda time_s: round(time_s, TIME_DIGITS))


def test_a_question_is_judged_by_its_span(about):
    assert window_of(about("colour"), 24.0) == (5.0, 10.0)


def test_scenes_are_counted_from_the_start(about):
    """Without what lies before it, the second scene would be the first."""
    sample = about("count")
    assert sample.span_s.start_s > 0
    assert window_of(sample, 24.0) == (0.0, 18.0)


def test_scenes_counted_from_the_end_need_the_end(about):
    program = 'at(scene(-2), exists(called(things(), "dog")))'
    assert window_of(about("colour", program=program), 24.0) == (5.0, 24.0)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(times_s(0.0, 30.0), times_s(0.0, 30.0), times_s(0.04, 40.0))
def test_a_window_lies_in_the_video_and_holds_the_span(about, start_s, length_s, duration_s):
    end_s = min(round(start_s + length_s, TIME_DIGITS), duration_s)
    start_s = min(start_s, end_s)
    window = window_of(about("colour", span_s=TimeSpan(start_s, end_s)), duration_s)
    assert 0.0 <= window.start_s <= start_s
    assert end_s <= window.end_s <= duration_s + 0.0011
    assert window.duration_s >= min(MIN_WINDOW_S, duration_s) - 0.002


@settings(deadline=None, max_examples=200, derandomize=True)
@given(times_s(0.05, 30.0), st.floats(0.0, 1.0), times_s(0.0, 9.0))
def test_a_window_of_a_prediction_ends_at_its_cut(about, cut_s, begin, more_s):
    """Its span holds the answer's evidence, too, which lies behind the cut."""
    span_s = TimeSpan(round(begin * cut_s, TIME_DIGITS), cut_s + 1.0)
    sample = about("colour", span_s=span_s, cut_s=cut_s)
    window, shown = window_of(sample, cut_s + 1.0 + more_s), shown_part(sample)
    assert shown is not None
    assert cut_s - 0.001 < window.end_s == shown.end_s <= cut_s
    assert 0.0 <= window.start_s <= span_s.start_s
    assert window.duration_s >= min(MIN_WINDOW_S, cut_s) - 0.002


def test_scenes_counted_from_the_end_give_no_look_behind_a_cut(about):
    sample = about("colour", program='at(scene(-2), name(called(things(), "dog")))', cut_s=8.0)
    assert window_of(sample, 24.0) == (5.0, 8.0)


def test_whole_milliseconds_stay_what_they_are(about):
    assert shown_part(about("colour", cut_s=2.3)) == (0.0, 2.3)  # times 1000 it is 2299.9999999999995
    assert shown_part(about("colour", cut_s=2.3009)) == (0.0, 2.3)
    assert shown_part(about("colour")) is None


@pytest.mark.parametrize(("span", "wide"), [((0.0, 0.2), (0.0, 1.0)), ((9.9, 10.0), (9.0, 10.0))])
def test_a_short_span_is_widened_within_the_video(about, span, wide):
    assert window_of(about("colour", span_s=TimeSpan(*span)), 10.0) == wide
