"""Cuts by change of content, exact to the frame although not every frame was decoded.

A cheap measure of change nominates a frame; a detector of PySceneDetect judges it together with the frames
around. Where frames were left out, those few are decoded again first, so that the judgement is the one
that decoding everything would have given.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

import cv2
import numpy as np

from videostep.induce.pyscenedetect import SceneDetector
from videostep.induce.scene_detect import Pixels, judge, judged_pixels
from videostep.media.frame import Frame

LookCloser = Callable[[float, float], list[Frame]]
"""Gives every frame between two times, both included, or none at all: `VideoReader.look_again`."""

SHARES_OF_NEXT, SHARES_BEHIND_GAP = (1.0, 0.8), (0.9, 0.5)
"""Shares of the detector's least change and least ratio from which on a frame is nominated: where nothing was
left out before it, and where something was, since what that shows is not known before it is seen."""

UNEXPLAINED_CHANGE = 27.0
"""Change behind a gap, 0..255, of which a pace explains nothing: change saturates, so that frames of
a shot that moves fast differ as much as frames with a cut between them. It is the change at which
`ContentDetector` calls a cut. Ordinary footage hardly comes near: 4 looks in vain in 200 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRule:
    """When a detector of PySceneDetect that compares hue, saturation and brightness finds a cut."""

    open_detector: Callable[[], SceneDetector]
    min_change: float
    """Least change of a cut, 0..255: mean over hue, saturation and brightness."""
    min_ratio: float = 0.0
    """Least change of a cut, times the mean change of its neighbours."""
    n_neighbours: int = 0
    """How many frames before a cut, and how many behind it, it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is kept of a frame."""

    time_s: float
    pixels: Pixels
    hsv: Pixels
    change: float
    """From the frame seen before, 0..255."""
    steps: int
    """How many frames on from that one."""

    @property
    def may_hide_cut(self) -> bool:
        """Whether no pace can explain the change over the frames left out before it."""
        return self.steps > 1 and self.change >= UNEXPLAINED_CHANGE


class ContentShots:
    """Nominates frames, looks closer where frames were left out, and lets a detector judge."""

    def __init__(self, rule: ContentRule, look_closer: LookCloser) -> None:
        self._rule = rule
        self._look_closer = look_closer
        # The nominee, its neighbours, and the frame from which the first of them differs.
        self._recent: deque[_Seen] = deque(maxlen=2 * rule.n_neighbours + 2)
        self._settled_s = -1.0

    @property
    def settled_s(self) -> float:
        """The time of the last frame that was judged."""
        return self._settled_s

    def see(self, frame: Frame) -> list[float]:
        """Take the next frame; return the times of newly found cuts."""
        self._recent.append(self._measure(frame))
        n_neighbours = self._rule.n_neighbours
        nominee = len(self._recent) - 1 - n_neighbours
        if nominee < n_neighbours:
            return []
        cuts_s = self._cuts_at(nominee, self._recent[-1].time_s)
        self._settled_s = self._recent[nominee].time_s
        return cuts_s

    def finish(self) -> list[float]:
        """The cuts near the end that only show among frames left out: others have too few behind them."""
        unjudged = range(max(1, len(self._recent) - self._rule.n_neighbours), len(self._recent))
        return [cut_s for nominee in unjudged for cut_s in self._cuts_at(nominee, math.inf)]

    def _measure(self, frame: Frame) -> _Seen:
        pixels = judged_pixels(frame)
        hsv = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV), dtype=np.uint8)
        before = self._recent[-1].hsv if self._recent else hsv
        change = cv2.norm(hsv, before, cv2.NORM_L1) / hsv.size
        return _Seen(time_s=frame.time_s, pixels=pixels, hsv=hsv, change=change, steps=frame.n_left_out + 1)

    def _cuts_at(self, nominee: int, end_s: float) -> list[float]:
        """The cuts behind the frame before the nominee, up to the nominee."""
        seen = list(self._recent)
        if nominee == 0 or not self._may_be_cut(seen, nominee):
            return []
        span_s = seen[nominee - 1].time_s, seen[nominee].time_s
        cuts_s = self._judge([(item.time_s, item.pixels) for item in seen], *span_s)
        hides_none = seen[nominee].steps == 1 and not any(item.may_hide_cut for item in seen[1:])
        sees_all = end_s < math.inf and all(item.steps == 1 for item in seen[1:])
        if (cuts_s and hides_none) or sees_all:
            return cuts_s
        closer = [(frame.time_s, judged_pixels(frame)) for frame in self._look_closer(seen[0].time_s, end_s)]
        return self._judge(closer, *span_s) if closer else cuts_s

    def _may_be_cut(self, seen: Sequence[_Seen], nominee: int) -> bool:
        """Whether the nominee's change is great even after what its neighbours' pace explains of it."""
        steps, change = seen[nominee].steps, seen[nominee].change
        if seen[nominee].may_hide_cut:
            return True
        before = seen[max(0, nominee - self._rule.n_neighbours) : nominee]
        neighbours = [*before, *seen[nominee + 1 :]]
        pace = fmean([item.change / item.steps for item in neighbours]) if neighbours else 0.0
        jump = change - pace * (steps - 1)
        of_change, of_ratio = SHARES_OF_NEXT if steps == 1 else SHARES_BEHIND_GAP
        rule = self._rule
        return jump >= of_change * rule.min_change and jump >= of_ratio * rule.min_ratio * pace

    def _judge(self, frames: Sequence[tuple[float, Pixels]], after_s: float, until_s: float) -> list[float]:
        """The cuts that a fresh detector finds behind `after_s`, up to `until_s`."""
        detector = self._rule.open_detector()
        cuts_s = [cut_s for time_s, pixels in frames for cut_s in judge(detector, time_s, pixels)]
        return [cut_s for cut_s in cuts_s if after_s < cut_s <= until_s]
