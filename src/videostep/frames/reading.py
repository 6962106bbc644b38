"""Reading the frames that a model looks at: one pass over the file where it tells its length truly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from videostep.errors import MediaError
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames
from videostep.media.decode import VideoReader, open_video
from videostep.media.frame import Frame
from videostep.video import TimeSpan, Video

_SAME_TIME_S = 5e-5
"""Times are rounded to 0.1 ms, so a frame that begins this little after a moment is on the screen then."""


class Eyes(Protocol):
    """How a model looks at a video."""

    @property
    def sampling(self) -> FrameSampling:
        """Which moments it looks at."""

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """A full-size frame, height x width x 3, at the size that the model takes when there are so many."""

    @property
    def look(self) -> str:
        """What tells this look from others: sampling and sizes, in words."""


def read_frames(
    path: str | Path, eyes: Eyes, *, span_s: TimeSpan | None = None, sha256: str | None = None
) -> VideoFrames:
    """The frames of a video, or of a part of it, that a model looks at.

    A frame stands for a moment if it is on the screen then, by its presentation time: variable frame rates,
    late first frames and joined recordings change nothing.

    Args:
        path: The video file.
        eyes: Of the model.
        span_s: The part to look at, seconds from the first frame; None: all of it.
        sha256: Of the file; None: any.

    Raises:
        MediaError: The file cannot be decoded, is another one, or has no frame in the part.
    """
    length_s = None
    while True:
        with open_video(path) as reader:
            _check_content(reader.video, sha256)
            plan = _Plan.of(reader.video, eyes.sampling, span_s, length_s)
            found = list(_on_screen(reader, plan, eyes))
            true_length_s = reader.final_video().duration_s
        # What the container promises may not be what it holds; then the moments were the wrong ones.
        if length_s is not None or plan.suits(len(found), true_length_s):
            return _frames(found, plan.span_s, reader.video, eyes)
        length_s = true_length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which moments of a file to look at, given its length."""

    span_s: TimeSpan
    """What is looked at."""
    is_whole: bool
    """Whether it reaches to where the video was thought to end."""
    wanted_s: tuple[float, ...]
    """Seconds from the video's first frame; rising. Empty: its length is not known yet."""

    @classmethod
    def of(
        cls, video: Video, sampling: FrameSampling, span_s: TimeSpan | None, length_s: float | None
    ) -> _Plan:
        end_s = video.duration_s if length_s is None else length_s
        whole = TimeSpan(0.0, end_s)
        span = (
            whole if span_s is None else (whole.overlap(span_s) or TimeSpan(span_s.start_s, span_s.start_s))
        )
        if length_s is not None and not span.duration_s:
            raise MediaError(
                f"{video.path} has nothing to see between {span.start_s} s and {span_s and span_s.end_s} s",
                remedy=f"it is {end_s} s long: mend the part, or leave it out",
            )
        n_frames = sampling.n_frames(span.duration_s, video.fps) if span.duration_s else 0
        times_s = sampling.times_s(n_frames, span.duration_s, 1 / video.fps)
        return cls(
            span_s=span,
            is_whole=span.end_s >= end_s,
            wanted_s=tuple(span.start_s + time_s for time_s in times_s),
        )

    def suits(self, n_found: int, true_length_s: float) -> bool:
        """Whether the plan for a video that is so long would be the same, but for a fraction of a step."""
        if n_found < len(self.wanted_s) or not self.wanted_s:
            return False
        step_s = self.span_s.duration_s / len(self.wanted_s)
        return not self.is_whole or true_length_s - self.span_s.end_s < step_s / 2


def _on_screen(reader: VideoReader, plan: _Plan, eyes: Eyes) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """For each wanted moment before the video's end, time and picture of the frame on the screen then."""
    size_px = reader.video.width_px, reader.video.height_px
    wanted_s = iter(plan.wanted_s)
    moment_s = next(wanted_s, None)
    for frame, until_s in _with_ends(reader):
        picture = None
        while moment_s is not None and moment_s < until_s - _SAME_TIME_S:
            picture = eyes.fit(frame.rgb(*size_px), len(plan.wanted_s)) if picture is None else picture
            yield frame.time_s, picture
            moment_s = next(wanted_s, None)
        if moment_s is None and not plan.is_whole:
            return


def _with_ends(reader: VideoReader) -> Iterator[tuple[Frame, float]]:
    """Each frame, and when it leaves the screen."""
    last: Frame | None = None
    for frame in reader.frames():
        if last is not None:
            yield last, frame.time_s
        last = frame
    if last is not None:
        yield last, reader.final_video().duration_s


def _frames(
    found: list[tuple[float, NDArray[np.uint8]]], span_s: TimeSpan, video: Video, eyes: Eyes
) -> VideoFrames:
    """What was found, with times from the start of what is looked at."""
    name = f"{video.sha256} {span_s.start_s} {span_s.end_s} {eyes.look}"
    return VideoFrames(
        key=hashlib.sha256(name.encode()).hexdigest()[:32],
        rgb=np.stack([rgb for _, rgb in found]),
        times_s=tuple(max(0.0, time_s - span_s.start_s) for time_s, _ in found),
        duration_s=span_s.duration_s,
        fps=video.fps,
    )


def _check_content(video: Video, sha256: str | None) -> None:
    if sha256 is not None and video.sha256 != sha256:
        raise MediaError(
            f"{video.path} is not the video that the samples were made from",
            remedy="restore it, or watch the new one with videostep run",
        )
