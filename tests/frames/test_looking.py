"""Parts of a video are looked at together as each would be alone."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import MediaError
from videostep.frames.looking import look
from videostep.frames.sampling import FrameSampling
from videostep.testing.clips import encode_video
from videostep.video import TimeSpan

STAMPS = sorted({*range(0, 100, 4), *range(100, 400, 25), *range(400, 600, 7)})
"""Hundredths of a second at which a frame begins: the rate varies."""
MIDDLES = FrameSampling(fps=None, least_frames=1, most_frames=5, placement="middle")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("looking") / "uneven.mkv"
    frames = (np.full((32, 48, 3), 3 * number, dtype=np.uint8) for number in range(len(STAMPS)))
    options = {"x264-params": "keyint=10:bframes=3"}
    return encode_video(path, frames, pts=STAMPS, time_base=Fraction(1, 100), options=options)


def times_of(video: Path, spans: list[TimeSpan | None], sampling: FrameSampling = MIDDLES):
    _, parts = look(video, spans, sampling, lambda frame, n_frames: frame.time_s)
    assert all(time_s == picture for seen in parts.values() for time_s, picture in seen.pictures)
    return {span: [time_s for time_s, _ in seen.pictures] for span, seen in parts.items()}


ends = st.floats(0.0, 7.0).map(lambda time_s: round(time_s, 3))
parts = st.lists(
    st.one_of(st.none(), st.tuples(ends, ends).map(lambda pair: TimeSpan(*sorted(pair)))),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(parts, st.sampled_from(["start", "middle", "ends"]), st.integers(1, 9))
def test_each_part_has_the_frames_on_the_screen_at_its_moments(video, spans, placement, frames):
    sampling = FrameSampling(fps=None, least_frames=1, most_frames=frames, placement=placement)
    found, parts = look(video, spans, sampling, lambda frame, n_frames: n_frames)
    for span, seen in parts.items():
        start_s, end_s = seen.span_s
        if span is not None:
            assert span.start_s <= start_s <= end_s <= max(span.end_s, span.start_s)
        if start_s == end_s:
            assert seen.pictures == ()
            continue
        moments_s = [start_s + t for t in sampling.times_s(frames, end_s - start_s, 1 / found.fps)]
        on_screen = [max(s / 100 for s in STAMPS if s / 100 <= m + 5e-5) for m in moments_s]
        assert [time_s for time_s, _ in seen.pictures] == pytest.approx(on_screen)
        assert {n_frames for _, n_frames in seen.pictures} == {frames}


def test_together_is_as_alone(video):
    spans = [None, TimeSpan(1.0, 2.0), TimeSpan(1.5, 5.0), TimeSpan(0.0, 0.1), TimeSpan(9.0, 9.5)]
    alone = [times_of(video, [span])[span] for span in spans]
    assert list(times_of(video, spans).values()) == alone
    assert alone[-1] == []


def test_nothing_of_a_part_is_later_than_its_end(video):
    """Nor at its end: "what comes next" begins there."""
    for end_s in (0.04, 1.0, 1.25, 4.0, 4.07):
        (times_s,) = times_of(video, [TimeSpan(0.0, end_s)]).values()
        assert max(times_s) < end_s


def test_a_frame_becomes_one_picture_however_long_it_is_shown(video):
    made = []
    spans = [TimeSpan(2.0, 2.2), TimeSpan(2.0, 2.24)]
    _, parts = look(video, spans, MIDDLES, lambda frame, n_frames: made.append(frame.time_s) or len(made))
    assert made == [2.0]
    assert [len(seen.pictures) for seen in parts.values()] == [5, 5]


def test_another_file_is_refused(video):
    with pytest.raises(MediaError, match="not the video that the samples were made from"):
        look(video, [None], MIDDLES, lambda frame, n_frames: frame, sha256="0" * 64)
