"""Reading a video for a vision tower: frames at the size that a model takes, with their true times."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from videostep.errors import MediaError
from videostep.frames.looking import Span, look
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames
from videostep.media.frame import Frame


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
    path: str | Path, eyes: Eyes, *, span_s: Span = None, sha256: str | None = None
) -> VideoFrames:
    """The frames of a video, or of a part of it, that a model looks at.

    Args:
        path: The video file.
        eyes: Of the model.
        span_s: The part to look at, seconds from the first frame; None: all of it.
        sha256: Of the file; None: any.

    Raises:
        MediaError: The file cannot be decoded, is another one, or has no frame in the part.
    """

    def fit(frame: Frame, n_frames: int) -> NDArray[np.uint8]:
        return eyes.fit(frame.full(), n_frames)

    video, parts = look(path, [span_s], eyes.sampling, fit, sha256=sha256)
    seen = parts[span_s]
    if not seen.pictures:
        raise MediaError(
            f"{path} has nothing to see between {seen.span_s.start_s} s and {span_s and span_s.end_s} s",
            remedy=f"it is {video.duration_s} s long: mend the part, or leave it out",
        )
    name = f"{video.sha256} {seen.span_s.start_s} {seen.span_s.end_s} {eyes.look}"
    return VideoFrames(
        key=hashlib.sha256(name.encode()).hexdigest()[:32],
        rgb=np.stack([rgb for _, rgb in seen.pictures]),
        times_s=tuple(max(0.0, time_s - seen.span_s.start_s) for time_s, _ in seen.pictures),
        duration_s=seen.span_s.duration_s,
        fps=video.fps,
    )
