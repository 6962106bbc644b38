"""VideoFrames: the frames of a video that a model looks at, with their true times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoFrames:
    """Frames of a video, or of a part of one, already at the size that the model takes."""

    key: str
    """The same for the same frames of the same video, prepared alike: rows with one key share their start."""
    rgb: NDArray[np.uint8]
    """Frames x height x width x 3, upright."""
    times_s: tuple[float, ...]
    """When each frame begins, seconds from the start of what is looked at; a frame may be there twice."""
    duration_s: float
    """Length of what is looked at, seconds."""
    fps: float
    """Frames a second of the video itself."""

    @property
    def sampled_fps(self) -> float:
        """Frames looked at a second."""
        return len(self.times_s) / self.duration_s

    def padded(self, multiple_of: int) -> VideoFrames:
        """With the last frame again until the number of frames is a multiple."""
        missing = -len(self.times_s) % multiple_of
        if not missing:
            return self
        rgb = np.concatenate([self.rgb, np.repeat(self.rgb[-1:], missing, axis=0)])
        times_s = self.times_s + self.times_s[-1:] * missing
        return VideoFrames(key=self.key, rgb=rgb, times_s=times_s, duration_s=self.duration_s, fps=self.fps)
