"""Which moments of a video a model looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from videostep.errors import ConfigError

Placement = Literal["start", "middle", "ends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSampling:
    """How many frames of a video are looked at, and when."""

    fps: float | None = 2.0
    """Frames a second of video. None: `most_frames`, however long the video is."""
    least_frames: int = 4
    """Frames of a short video, 1 or more. A video that has fewer gives what it has."""
    most_frames: int = 64
    """Frames of a long video, at most."""
    multiple_of: int = 1
    """The number of frames is a multiple of this: what one temporal patch of the model spans."""
    placement: Placement = "start"
    """Where in its equal share of the video a frame lies: at its `start` or in its `middle`; or frames lie in
    equal steps between the `ends`, the first and the last frame."""

    def __post_init__(self) -> None:
        """Raise ConfigError for what cannot be sampled."""
        if self.fps is not None and not 0 < self.fps <= 1000:
            raise ConfigError(f"{self.fps} frames a second cannot be sampled", remedy="give 0.1 to 60")
        if not 1 <= self.multiple_of <= self.least_frames <= self.most_frames:
            raise ConfigError(
                f"frames from {self.least_frames} to {self.most_frames} by {self.multiple_of} are no range",
                remedy="give the fewer first, both at least one step",
            )

    def n_frames(self, duration_s: float, fps: float) -> int:
        """How many frames to take of `duration_s` of a video that has `fps` frames a second."""
        wanted = self.most_frames if self.fps is None else math.floor(duration_s * self.fps + 1e-6)
        wanted = min(max(wanted, self.least_frames), self.most_frames)
        if self.fps is not None:
            wanted = min(wanted, max(1, round(duration_s * fps)))
        return max(1, wanted // self.multiple_of) * self.multiple_of

    def times_s(self, n_frames: int, duration_s: float, frame_s: float) -> tuple[float, ...]:
        """When to look, seconds from the start of what is looked at; rising.

        Args:
            n_frames: How many times.
            duration_s: Length of what is looked at, seconds.
            frame_s: How long one frame of the video is shown, seconds: its last one begins that early.
        """
        if self.placement == "ends":
            last_s = max(0.0, duration_s - frame_s)
            return tuple(last_s * k / max(1, n_frames - 1) for k in range(n_frames))
        shift = 0.5 if self.placement == "middle" else 0.0
        return tuple(duration_s * (k + shift) / n_frames for k in range(n_frames))
