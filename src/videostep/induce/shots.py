"""Shot detection: PySceneDetect's detectors, fed from our decoding pass at low resolution.

Source: STEP section 3.1, "visual splitting" (PySceneDetect; detector and threshold are not given).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, Protocol, get_args

from videostep.errors import ConfigError
from videostep.induce.content_shots import ContentRule, ContentShots, LookCloser
from videostep.induce.pyscenedetect import AdaptiveDetector, ContentDetector, HistogramDetector
from videostep.induce.scene_detect import SceneDetectShots
from videostep.media.frame import Frame

DetectorName = Literal["adaptive", "content", "histogram", "transnetv2", "uniform"]

WATCH_EVERY_FRAME: frozenset[DetectorName] = frozenset({"histogram", "transnetv2"})
"""Detectors that cannot do with a part of the frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotConfig:
    """How cuts are found. Each threshold is that of its own detector; higher finds fewer cuts."""

    detector: DetectorName = "adaptive"
    """`adaptive` compares a frame's change with its neighbours' (camera motion is no cut), `content`
    with a fixed amount, `histogram` compares brightness only, `transnetv2` is a neural network
    (extra `shots`). `uniform` looks at nothing and cuts at even intervals: the paper's ablation "without
    visual splitting". Paper: PySceneDetect, detector not given."""
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
    uniform_s: float = 5.0
    """Length of a clip for `uniform`, seconds, above 0. Paper: not given."""

    def __post_init__(self) -> None:
        if not self.uniform_s > 0:
            raise ConfigError(f"uniform_s is {self.uniform_s}", remedy="give more than 0 seconds")


class ShotDetector(Protocol):
    """Watches every frame of a video and says where a new shot begins."""

    @property
    def settled_s(self) -> float:
        """No further cut will be reported at or before this time, seconds."""

    def see(self, frame: Frame) -> list[float]:
        """Take the next frame; return the times of newly found cuts: of the first frame after each."""

    def finish(self) -> list[float]:
        """The video has ended: the cuts found only now."""


def see_no_closer(start_s: float, end_s: float) -> list[Frame]:
    """For detectors that get every frame: there is nothing more to be seen."""
    return []


def open_detector(config: ShotConfig, look_closer: LookCloser = see_no_closer) -> ShotDetector:
    """The detector that the config names.

    Minimum lengths are switched off here: `SplitConfig.min_clip_s` is the one rule for all detectors.

    Args:
        config: Which detector, and its threshold.
        look_closer: Gives every frame of a short span just passed, where frames were left out.

    Raises:
        ConfigError: no detector has that name.
        MissingExtraError: `transnetv2` without the extra `shots`.
    """
    match config.detector:
        case "adaptive":
            return ContentShots(_adaptive_rule(config), look_closer)
        case "content":
            return ContentShots(_content_rule(config), look_closer)
        case "histogram":
            histogram = HistogramDetector(threshold=config.histogram_threshold, min_scene_len=0)
            return SceneDetectShots(histogram, judged_late_frames=0)
        case "transnetv2":
            from videostep.induce.transnet import open_transnet

            return open_transnet(config.transnetv2_threshold)
        case "uniform":
            return UniformShots(config.uniform_s)
    raise _unknown_detector(config.detector)


class UniformShots:
    """Cuts where the clock says so, whatever is seen."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self.settled_s = 0.0

    def see(self, frame: Frame) -> list[float]:
        """A cut at the first frame of each interval but the first."""
        before, here = (int(time_s / self._every_s) for time_s in (self.settled_s, frame.time_s))
        self.settled_s = frame.time_s
        return [frame.time_s] if here > before else []

    def finish(self) -> list[float]:
        """Nothing is found late."""
        return []


def _adaptive_rule(config: ShotConfig) -> ContentRule:
    def open_adaptive() -> AdaptiveDetector:
        return AdaptiveDetector(
            adaptive_threshold=config.adaptive_threshold,
            min_content_val=config.adaptive_min_change,
            min_scene_len=0,
        )

    return ContentRule(
        open_detector=open_adaptive,
        min_change=config.adaptive_min_change,
        min_ratio=config.adaptive_threshold,
        n_neighbours=open_adaptive().window_width,
    )


def _content_rule(config: ShotConfig) -> ContentRule:
    def open_content() -> ContentDetector:
        return ContentDetector(threshold=config.content_threshold, min_scene_len=0)

    return ContentRule(open_detector=open_content, min_change=config.content_threshold)


def _unknown_detector(name: str) -> ConfigError:
    known = get_args(DetectorName)
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    return ConfigError(f"no shot detector is called {name!r}", remedy=hint)
