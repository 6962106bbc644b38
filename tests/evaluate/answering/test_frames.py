from fractions import Fraction

import numpy as np
import pytest

from videostep.errors import ConfigError, MediaError
from videostep.evaluate.answering.frames import FrameConfig, show_spans
from videostep.testing.clips import encode_video
from videostep.video import TimeSpan


def grey(values):
    return (np.full((48, 64, 3), value, dtype=np.uint8) for value in values)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Ten seconds of ten frames each."""
    return encode_video(tmp_path_factory.mktemp("frames") / "clip.mp4", grey([100] * 100), fps=10)


def times_of(shown):
    return [shot.time_s for shot in shown]


def test_frames_are_taken_at_the_middle_of_equal_parts(clip):
    shown = show_spans(clip, [None, TimeSpan(4.0, 6.0)], FrameConfig(frames=4))
    assert times_of(shown[None]) == pytest.approx([1.2, 3.7, 6.2, 8.7], abs=0.11)
    assert times_of(shown[TimeSpan(4.0, 6.0)]) == pytest.approx([4.2, 4.7, 5.2, 5.7], abs=0.11)


def test_real_time_counts_not_frame_numbers(tmp_path):
    # Fifty frames within the first second, then one a second for nine more.
    stamps = [*range(0, 100, 2), *range(100, 1000, 100)]
    path = encode_video(
        tmp_path / "vfr.mkv", grey([100] * len(stamps)), fps=50, pts=stamps, time_base=Fraction(1, 100)
    )
    shown = show_spans(path, [None], FrameConfig(frames=5))[None]
    assert times_of(shown) == [0.9, 2.0, 4.0, 6.0, 8.0]


def test_more_frames_than_there_are_repeat_them(tmp_path):
    path = encode_video(tmp_path / "short.mp4", grey([10, 200]), fps=2)
    shown = show_spans(path, [None], FrameConfig(frames=8))[None]
    assert len(shown) == 8
    assert len({shot.image.sha256 for shot in shown}) == 2


def test_a_span_that_ends_late_is_cut_and_one_that_begins_late_has_no_frames(clip):
    late, beyond = TimeSpan(8.0, 99.0), TimeSpan(50.0, 60.0)
    shown = show_spans(clip, [late, beyond], FrameConfig(frames=2))
    assert times_of(shown[late]) == pytest.approx([8.5, 9.5], abs=0.11)
    assert shown[beyond] == "the question is about a part from 50 to 60 s that a video of 10 s does not have"


def test_a_broken_file_is_an_error(tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    with pytest.raises(MediaError):
        show_spans(tmp_path / "broken.mp4", [None], FrameConfig())


def test_no_frames_cannot_be_asked_for():
    with pytest.raises(ConfigError, match="0 frames"):
        FrameConfig(frames=0)
