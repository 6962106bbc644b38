"""Shot detection: PySceneDetect's detectors, fed from our decoding pass at low resolution.

Source: STEP section 3.1, "visual splitting" (PySceneDetect; detector and threshold are not given).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal, Protocol, get_args

import cv2
from scenedetect.common import FrameTimecode, Timecode
from scenedetect.detector import SceneDetector
from scenedetect.detectors import AdaptiveDetector, ContentDetector, HistogramDetector

from videostep.errors import ConfigError
from videostep.media.clock import TIME_DIGITS
from videostep.media.frame import Frame

DetectorName = Literal["adaptive", "content", "histogram", "transnetv2"]

SMALL_WIDTH_PX, SMALL_HEIGHT_PX = 128, 72
"""Size of the small picture made of every frame, pixels, whatever the video's shape."""

JUDGED_WIDTH_PX, JUDGED_HEIGHT_PX = 64, 36
"""Size at which shots are judged: the mean of 2 x 2 small pixels. Averaging takes grain and aliasing away,
so that cuts stand out more than at higher resolution (real clip: 3.4 times their neighbours, not 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotConfig:
    """How cuts are found. Each threshold is that of its own detector; higher finds fewer cuts."""

    detector: DetectorName = "adaptive"
    """`adaptive` compares a frame's change with its neighbours' (camera motion is no cut), `content`
    with a fixed amount, `histogram` compares brightness only, `transnetv2` is a neural network
    (extra `shots`). Paper: PySceneDetect, detector not given."""
    adaptive_threshold: float = 3.0
    """Times the mean change of the two frames before and after. PySceneDetect's default."""
    adaptive_min_change: float = 15.0
    """Least change of a cut for `adaptive`, 0..255 mean of hue, saturation, brightness.
    PySceneDetect's default."""
    content_threshold: float = 27.0
    """Least change of a cut for `content`, 0..255. PySceneDetect's default."""
    histogram_threshold: float = 0.2
    """Least loss of correlation of the brightness histograms, 0..1. PySceneDetect's default."""
    transnetv2_threshold: float = 0.5
    """Least probability of a transition, 0..1. The network's published value."""


class ShotDetector(Protocol):
    """Watches every frame of a video and says where a new shot begins."""

    @property
    def settled_s(self) -> float:
        """No further cut will be reported at or before this time, seconds."""

    def see(self, frame: Frame) -> list[float]:
        """Take the next frame; return the times of newly found cuts: of the first frame after each."""

    def finish(self) -> list[float]:
        """The video has ended: the cuts found only now."""


class SceneDetectShots:
    """A detector of PySceneDetect behind the ShotDetector protocol."""

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
        small = frame.small(SMALL_WIDTH_PX, SMALL_HEIGHT_PX)
        judged = cv2.resize(small, (JUDGED_WIDTH_PX, JUDGED_HEIGHT_PX), interpolation=cv2.INTER_AREA)
        cuts = self._detector.process_frame(_timecode(frame), judged)
        return [round(cut.seconds, TIME_DIGITS) for cut in cuts]

    def finish(self) -> list[float]:
        """Nothing: what these detectors have not judged by now is too near the end to be a cut."""
        return []


def _timecode(frame: Frame) -> FrameTimecode:
    """The frame's true time; the rate only serves comparisons with frame counts, which we don't use."""
    scale = 10**TIME_DIGITS
    return FrameTimecode(Timecode(pts=round(frame.time_s * scale), time_base=Fraction(1, scale)), fps=25.0)


def open_detector(config: ShotConfig) -> ShotDetector:
    """The detector that the config names.

    Minimum lengths are switched off here: `SplitConfig.min_clip_s` is the one rule for all detectors.

    Raises:
        ConfigError: no detector has that name.
        MissingExtraError: `transnetv2` without the extra `shots`.
    """
    match config.detector:
        case "adaptive":
            adaptive = AdaptiveDetector(
                adaptive_threshold=config.adaptive_threshold,
                min_content_val=config.adaptive_min_change,
                min_scene_len=0,
            )
            return SceneDetectShots(adaptive, judged_late_frames=adaptive.window_width)
        case "content":
            content = ContentDetector(threshold=config.content_threshold, min_scene_len=0)
            return SceneDetectShots(content, judged_late_frames=0)
        case "histogram":
            histogram = HistogramDetector(threshold=config.histogram_threshold, min_scene_len=0)
            return SceneDetectShots(histogram, judged_late_frames=0)
        case "transnetv2":
            from videostep.induce.transnet import open_transnet

            return open_transnet(config.transnetv2_threshold)
    raise _unknown_detector(config.detector)


def _unknown_detector(name: str) -> ConfigError:
    known = get_args(DetectorName)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return ConfigError(f"no shot detector is called {name!r}", remedy=hint)
