"""Frame numbers as times."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.formats.graphs.frames import Touching, keyframes_of, rate_of, runs_of, span_of, within
from videostep.testing.graphs import GraphBuilder
from videostep.video import TimeSpan


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.sets(st.integers(0, 60)))
def test_runs_hold_the_frames_and_never_touch(frames):
    runs = runs_of(frames)
    assert {frame for begin, end in runs for frame in range(begin, end)} == frames
    assert all(end < begin for (_, end), (begin, _) in pairwise(runs))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.integers(1, 500),
    st.sampled_from([0.1, 5.0, 29.97, 120.0]),
    st.lists(st.tuples(st.integers(0, 499), st.integers(1, 60)), max_size=8),
)
def test_keyframes_rise_inside_the_video_and_meet_every_run(n_frames, fps, drawn):
    runs = [run for begin, n in drawn if (run := within((begin, begin + n), n_frames))]
    keyframes = keyframes_of(n_frames, fps, runs)
    assert keyframes == sorted(set(keyframes))
    assert 0 <= keyframes[0] <= keyframes[-1] < n_frames
    assert all(any(begin <= frame < end for frame in keyframes) for begin, end in runs)


def test_there_is_a_keyframe_a_second():
    assert keyframes_of(90, 30.0, []) == [15, 45, 75]


@pytest.mark.parametrize(
    ("annotated_fps", "expected"),
    [(25.2, 25.0), (24.6, 25.0), (5.0, 5.0), (30.0, 30.0), (None, 25.0)],
)
def test_the_files_rate_is_taken_where_it_is_the_annotated_one_less_rounded(annotated_fps, expected):
    build = GraphBuilder(duration_s=1.0)
    assert build.video.fps == 25.0
    assert rate_of(annotated_fps, build.video) == expected
    assert rate_of(annotated_fps, None) == annotated_fps


def test_a_run_ends_where_its_last_frame_does():
    assert span_of((15, 45), 30.0) == TimeSpan(0.5, 1.5)


@pytest.mark.parametrize(
    ("run", "expected"),
    [((0, 5), (0, 5)), ((-3, 5), (0, 5)), ((8, 20), (8, 10)), ((10, 12), None), ((5, 5), None)],
)
def test_a_run_is_cut_to_the_video(run, expected):
    assert within(run, 10) == expected


@pytest.mark.parametrize(
    ("run", "expected"), [((5, 9), True), ((4, 5), True), ((11, 20), False), ((10, 12), True)]
)
def test_runs_that_follow_upon_each_other_touch(run, expected):
    touching = Touching()
    assert not touching.take((5, 10))
    assert touching.take(run) is expected


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=20))
def test_a_run_touches_what_it_would_touch_one_by_one(drawn):
    runs = [(begin, begin + n) for begin, n in drawn]
    touching = Touching()
    for number, (begin, end) in enumerate(runs):
        one_by_one = any(begin <= after and before <= end for before, after in runs[:number])
        assert touching.take((begin, end)) == one_by_one
