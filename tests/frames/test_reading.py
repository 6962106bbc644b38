"""Frames by real time."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from videostep.errors import MediaError
from videostep.frames.pixels import resize
from videostep.frames.reading import read_frames
from videostep.frames.sampling import FrameSampling
from videostep.testing.clips import encode_video
from videostep.video import TimeSpan


@dataclass(frozen=True)
class Eyes:
    """Looks at frames of 8 x 8 px."""

    sampling: FrameSampling = field(default_factory=FrameSampling)
    look: str = "8 x 8"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        return resize(rgb, 8, 8)


def greys(n_frames: int, step: int = 10) -> list[NDArray[np.uint8]]:
    """Frame k is grey by `step` times k."""
    return [np.full((64, 96, 3), step * k, dtype=np.uint8) for k in range(n_frames)]


def numbers_of(rgb: NDArray[np.uint8], step: int = 10) -> list[int]:
    """Which of `greys` each frame is."""
    return [round(float(frame.mean()) / step) for frame in rgb]


def every(fps: float | None, most: int = 64, **more) -> Eyes:
    return Eyes(FrameSampling(fps=fps, least_frames=1, most_frames=most, **more))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2 seconds, 10 frames a second."""
    return encode_video(tmp_path_factory.mktemp("clips") / "greys.mp4", greys(20), fps=10)


def test_frames_lie_as_far_apart_as_asked(video):
    frames = read_frames(video, every(5.0))
    assert numbers_of(frames.rgb) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert frames.times_s == pytest.approx([0.2 * k for k in range(10)])
    assert (frames.duration_s, frames.sampled_fps, frames.fps) == (2.0, 5.0, 10.0)


def test_a_long_video_gives_no_more_frames_than_allowed_and_says_how_far_apart_they_are(video):
    frames = read_frames(video, every(5.0, most=4))
    assert numbers_of(frames.rgb) == [0, 5, 10, 15]
    assert frames.sampled_fps == 2.0


def test_frames_are_those_on_the_screen_at_their_time(tmp_path):
    # A fixed rate would take frame k for k / 10 seconds; here the first second is one single frame.
    path = tmp_path / "uneven.mkv"
    encode_video(path, greys(11), fps=10, pts=[0, *range(1000, 2000, 100)], time_base=Fraction(1, 1000))
    frames = read_frames(path, every(4.0))
    assert numbers_of(frames.rgb) == [0, 0, 0, 0, 1, 3, 6, 8]
    assert frames.times_s == pytest.approx([0, 0, 0, 0, 1.0, 1.2, 1.5, 1.7])


@pytest.mark.parametrize(
    ("placement", "numbers"),
    [("start", [0, 5, 10, 15]), ("middle", [2, 7, 12, 17]), ("ends", [0, 6, 12, 19])],
)
def test_frames_lie_where_the_family_places_them(video, placement, numbers):
    assert numbers_of(read_frames(video, every(None, most=4, placement=placement)).rgb) == numbers


def test_times_in_a_part_count_from_its_start(video):
    frames = read_frames(video, every(5.0), span_s=TimeSpan(0.9, 1.5))
    assert numbers_of(frames.rgb) == [9, 11, 13]
    assert frames.times_s == pytest.approx([0.0, 0.2, 0.4])
    assert frames.duration_s == pytest.approx(0.6)


def test_frames_are_upright_and_full_size_when_the_model_sizes_them(tmp_path):
    """A phone held upright records lying pictures, and says so."""
    halves = [np.concatenate([np.zeros((48, 96, 3)), np.full((48, 96, 3), 240)]).astype(np.uint8)] * 4
    path = encode_video(tmp_path / "phone.mp4", halves, fps=4, rotation_deg=90)

    class Whole(Eyes):
        def fit(self, rgb, n_frames):
            return rgb

    rgb = read_frames(path, Whole()).rgb
    assert rgb.shape[1:] == (96, 96, 3)
    left, right = rgb[0, :, :40].mean(), rgb[0, :, 56:].mean()
    assert {round(left / 240), round(right / 240)} == {0, 1}


def test_a_video_with_few_frames_gives_those_it_has(tmp_path):
    path = encode_video(tmp_path / "short.mp4", greys(3), fps=10)
    assert numbers_of(read_frames(path, Eyes()).rgb) == [0, 1, 2]
    picture = encode_video(tmp_path / "one.mp4", greys(1), fps=10)
    assert len(read_frames(picture, Eyes(FrameSampling(multiple_of=2))).times_s) == 2


def test_a_file_that_promises_more_than_it_holds_is_sampled_over_what_it_holds(video, tmp_path):
    # Half of the packets are gone, the header is not.
    whole = encode_video(tmp_path / "whole.mkv", greys(40, step=5), fps=10, options={"g": "4"})
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    frames = read_frames(cut, every(None, most=4))
    assert frames.duration_s < 3.5
    assert len({*numbers_of(frames.rgb, step=5)}) == 4
    assert frames.times_s[-1] == pytest.approx(frames.duration_s * 3 / 4, abs=0.11)


def test_a_stream_without_a_length_is_read_twice(tmp_path):
    path = encode_video(tmp_path / "greys.h264", greys(25), fps=25)
    assert numbers_of(read_frames(path, every(None, most=5)).rgb) == [0, 5, 10, 15, 20]


def test_the_key_tells_video_part_and_look_apart(video, tmp_path):
    other = encode_video(tmp_path / "other.mp4", greys(20, step=7), fps=10)
    looks = [
        read_frames(video, Eyes()),
        read_frames(other, Eyes()),
        read_frames(video, Eyes(), span_s=TimeSpan(0.0, 1.0)),
        read_frames(video, Eyes(look="8 x 9")),
    ]
    assert len({frames.key for frames in looks}) == 4
    assert read_frames(video, Eyes()).key == looks[0].key


def test_another_file_than_the_samples_were_made_from_is_refused(video):
    with pytest.raises(MediaError, match="is not the video that the samples were made from"):
        read_frames(video, Eyes(), sha256="0" * 64)


def test_a_part_behind_the_end_is_refused(video):
    with pytest.raises(MediaError, match=r"nothing to see between 3\.0 s and 4\.0 s"):
        read_frames(video, Eyes(), span_s=TimeSpan(3.0, 4.0))


@pytest.mark.parametrize("content", [b"", b"no video at all", b"\x00" * 4096])
def test_a_file_that_is_no_video_is_an_error_to_count(tmp_path, content):
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        read_frames(path, Eyes())
