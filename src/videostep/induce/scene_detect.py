"""What PySceneDetect's detectors get from us and give to us: small pictures in, times of cuts out."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.induce.pyscenedetect import FrameTimecode, SceneDetector, Timecode
from videostep.media.clock import TIME_DIGITS
from videostep.media.frame import Frame

Pixels = NDArray[np.uint8]

SMALL_WIDTH_PX, SMALL_HEIGHT_PX = 128, 72
"""Size of the small picture made of every frame, pixels, whatever the video's shape."""

JUDGED_WIDTH_PX, JUDGED_HEIGHT_PX = 64, 36
"""Size at which shots are judged: the mean of 2 x 2 small pixels. Averaging takes grain and aliasing away,
so that cuts stand out more than at higher resolution (real clip: 3.4 times their neighbours, not 3.1)."""


class SceneDetectShots:
    """A detector of PySceneDetect that watches every frame, behind the ShotDetector protocol."""

    def __init__(self, detector: SceneDetector, *, judged_late_frames: int) -> None:
        self._detector = detector
        self._recent_s: deque[float] = deque(maxlen=judged_late_frames + 1)

    @property
    def settled_s(self) -> float:
        """The time of the last frame that was judged."""
        return self._recent_s[0] if len(self._recent_s) == self._recent_s.maxlen else -1.0

    def see(self, frame: Frame) -> list[float]:
        """Take the next frame; return the times of newly found cuts."""
        self._recent_s.append(frame.time_s)
        return judge(self._detector, frame.time_s, judged_pixels(frame))

    def finish(self) -> list[float]:
        """Nothing: what these detectors have not judged by now is too near the end to be a cut."""
        return []


def judged_pixels(frame: Frame) -> Pixels:
    """The frame as detectors see it, BGR."""
    small = frame.small(SMALL_WIDTH_PX, SMALL_HEIGHT_PX)
    judged = cv2.resize(small, (JUDGED_WIDTH_PX, JUDGED_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(judged, dtype=np.uint8)


def judge(detector: SceneDetector, time_s: float, pixels: Pixels) -> list[float]:
    """Show a detector the next frame; the times of the cuts that it reports now."""
    scale = 10**TIME_DIGITS
    # The frame's true time; the rate only serves comparisons with frame counts, which we don't use.
    timecode = FrameTimecode(Timecode(pts=round(time_s * scale), time_base=Fraction(1, scale)), fps=25.0)
    return [round(cut.seconds, TIME_DIGITS) for cut in detector.process_frame(timecode, pixels)]
