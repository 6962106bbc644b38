"""Limits: how much of a video a user lets the model see, where that differs from the family's own choice."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from videostep.errors import ConfigError
from videostep.frames.sampling import FrameSampling


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """None leaves a choice to the family."""

    fps: float | None = None
    """Frames a second of video."""
    most_frames: int | None = None
    """Of a video."""
    most_px: int | None = None
    """Pixels of a frame, for families that take frames of any size."""

    def __post_init__(self) -> None:
        """Raise ConfigError for what cannot be seen."""
        for name, value in (("frames", self.most_frames), ("pixels of a frame", self.most_px)):
            if value is not None and value < 1:
                raise ConfigError(f"{value} {name} are none", remedy="give 1 or more")

    def of(self, sampling: FrameSampling) -> FrameSampling:
        """A family's own sampling within the limits."""
        most = max(sampling.multiple_of, self.most_frames or sampling.most_frames)
        return dataclasses.replace(
            sampling,
            fps=self.fps or sampling.fps,
            most_frames=most,
            least_frames=max(sampling.multiple_of, min(sampling.least_frames, most)),
        )
