"""Keyframes of a clip: drop poor pictures, form sub-shots, cluster them, take the stillest of each cluster.

Source: Song et al. 2016, "To Click or Not to Click" (Hecate), which STEP cites for this step; measures
and thresholds of quality are those of its published program, which also works on 160-pixel pictures.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.errors import ConfigError
from videostep.media.frame import Frame
from videostep.media.picture import encode_jpeg

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]
Vector = NDArray[np.float64]

COLOUR_BINS = 16
"""Per channel of hue, saturation and brightness, in each quarter of the picture."""
COLOUR_BIN_OF: Pixels = np.array(
    # Hue of 8-bit pixels goes to 180, the others to 256.
    [
        [
            [min(level * COLOUR_BINS // span, COLOUR_BINS - 1) for span in (180, 256, 256)]
            for level in range(256)
        ]
    ],
    dtype=np.uint8,
)
"""Bin of each level of hue, saturation and brightness."""
ANGLE_BINS = 8
"""Edge directions in each quarter of the picture, weighted by edge strength."""
EDGE_SHARE = 0.25
"""Part of the histogram's mass that edges get; colour tells scenes apart better than edges do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyframeConfig:
    """Which pictures may be keyframes, and how many are taken. Paper: none of it is given."""

    min_brightness: float = 0.075
    """Darker pictures are dropped, mean brightness 0..1. Hecate's value."""
    max_uniformity: float = 0.80
    """Pictures with more of their pixels in the fullest 5 % of grey levels are dropped, 0..1.
    Hecate's value."""
    min_sharpness: float = 0.5
    """Pictures less sharp than this times the median of their segment are dropped. Hecate: 0.08
    absolute, which drops all of a softly focused video."""
    transition_s: float = 0.1
    """Pictures this near to a cut are dropped, seconds: codecs and editors smear there."""
    sub_shot_s: float = 0.8
    """A sub-shot is at most this long, seconds; only its stillest picture is kept in memory."""
    change: float = 0.2
    """Distance of two histograms that makes them different things to see, 0..1.41 (Hellinger)."""
    still_s: float = 3.0
    """Seconds that count as much as one `change`: a still shot gets a keyframe about that often."""
    spacing_s: float = 1.5
    """Keyframes lie at least about this far apart on average, seconds: every one costs a parse."""
    segment_s: float = 30.0
    """Longer clips are clustered piece by piece, seconds, so that memory stays flat."""

    def __post_init__(self) -> None:
        for name in ("sub_shot_s", "change", "still_s", "spacing_s", "segment_s"):
            if not getattr(self, name) > 0:
                raise ConfigError(f"{name} is {getattr(self, name)}", remedy="give more than 0")
        if self.transition_s < 0:
            raise ConfigError(f"transition_s is {self.transition_s}", remedy="give 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sampled picture and what decides whether it becomes a keyframe."""

    frame: Frame
    brightness: float
    """Mean, 0..1."""
    uniformity: float
    """Share of the pixels that the fullest 5 % of grey levels hold, 0..1."""
    sharpness: float
    """Mean strength of the brightness gradient, 0..1."""
    motion: float
    """Mean absolute difference from one frame to the next just before, 0..255."""
    histogram: Vector
    """Square roots of colour and edge shares; of length 1, so that distances are Hellinger's."""

    @property
    def stillness(self) -> float:
        """What a keyframe should have most of: sharp and hardly moving."""
        return self.sharpness / (1.0 + self.motion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A picture that may become a keyframe."""

    time_s: float
    encode: Callable[[], bytes]
    """Makes its JPEG; called only when it does become one, since most do not."""


def measure(frame: Frame, pixels: Pixels, before: Pixels, *, n_left_out: int = 0) -> Candidate:
    """Measure a sampled frame.

    Args:
        frame: The frame.
        pixels: Its small BGR picture.
        before: That of the frame decoded before it.
        n_left_out: How many frames lie between the two.
    """
    grey: Pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    strength, angle = _edges(grey)
    levels = np.sort(cv2.calcHist([grey], [0], None, [128], [0, 256]).ravel())
    return Candidate(
        frame=frame,
        brightness=cv2.mean(grey)[0] / 255.0,
        uniformity=float(levels[-6:].sum()) / grey.size,
        # A step from black to white is 4 x 255 strong in a 3 x 3 Sobel.
        sharpness=cv2.mean(strength)[0] / (4 * 255.0),
        motion=sum(cv2.mean(cv2.absdiff(pixels, before))[:3]) / 3 / (n_left_out + 1),
        histogram=_histogram(pixels, strength, angle),
    )


def _edges(grey: Pixels) -> tuple[Plane, Plane]:
    """Strength and direction (0..2 pi) of the brightness gradient."""
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(dx, dy)
    return np.asarray(strength, dtype=np.float32), np.asarray(angle, dtype=np.float32)


def _histogram(bgr: Pixels, strength: Plane, angle: Plane) -> Vector:
    """Colour and edge shares of the four quarters, as square roots."""
    height_px, width_px = angle.shape
    hsv = cv2.cvtColor(bgr, cv2.COLOR_BGR2HSV)
    colours = _colour_counts(np.asarray(cv2.LUT(hsv, COLOUR_BIN_OF), dtype=np.uint8))
    direction = np.minimum((angle * (ANGLE_BINS / (2 * np.pi))).astype(np.int32), ANGLE_BINS - 1)
    bins = _quarters(height_px, width_px) * ANGLE_BINS + direction
    edges = np.bincount(bins.ravel(), strength.ravel(), 4 * ANGLE_BINS).astype(np.float64)
    parts = [_shares(channel) * (1 - EDGE_SHARE) / 3 for channel in colours]
    shares: Vector = np.concatenate([*parts, _shares(edges) * EDGE_SHARE])
    return np.sqrt(shares)


def _colour_counts(bins: Pixels) -> Vector:
    """How often each bin of each channel occurs in each quarter; channels x (4 x bins)."""
    middle_y, middle_x = (bins.shape[0] + 1) // 2, (bins.shape[1] + 1) // 2
    halves = (bins[:middle_y], bins[middle_y:])
    quarters = [part for half in halves for part in (half[:, :middle_x], half[:, middle_x:])]
    counts = [
        cv2.calcHist([quarter], [channel], None, [COLOUR_BINS], [0, COLOUR_BINS])
        for channel in range(3)
        for quarter in quarters
    ]
    return np.asarray(counts, dtype=np.float64).reshape(3, 4 * COLOUR_BINS)


@lru_cache(maxsize=16)
def _quarters(height_px: int, width_px: int) -> NDArray[np.int32]:
    rows, columns = np.arange(height_px) * 2 // height_px, np.arange(width_px) * 2 // width_px
    return (rows[:, None] * 2 + columns[None, :]).astype(np.int32)


def _shares(counts: Vector) -> Vector:
    total = counts.sum()
    return counts / total if total > 0 else np.full(len(counts), 1.0 / len(counts))


@dataclass(slots=True, kw_only=True)
class SubShot:
    """A short run of pictures and the best one among them."""

    start_s: float
    best: Candidate
    best_usable: bool
    total: Vector
    """Sum of the members' histograms."""
    size: int = 1

    def add(self, candidate: Candidate, usable: bool) -> None:
        """Take a picture in; keep it if it is the best so far."""
        self.total, self.size = self.total + candidate.histogram, self.size + 1
        if (usable, candidate.stillness) > (self.best_usable, self.best.stillness):
            self.best, self.best_usable = candidate, usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """What is kept of a closed sub-shot."""

    chosen: Chosen
    usable: bool
    sharpness: float
    stillness: float
    histogram: Vector
    size: int


def _close(sub_shot: SubShot) -> Representative:
    best = sub_shot.best
    return Representative(
        chosen=Chosen(time_s=best.frame.time_s, encode=lambda: encode_jpeg(best.frame.picture().rgb)),
        usable=sub_shot.best_usable,
        sharpness=best.sharpness,
        stillness=best.stillness,
        histogram=sub_shot.total / sub_shot.size,
        size=sub_shot.size,
    )


def choose(representatives: Sequence[Representative], config: KeyframeConfig) -> list[Chosen]:
    """The keyframes of one segment, in time order; at least one."""
    usable = _drop_poor(representatives, config)
    times_s = np.array([item.chosen.time_s for item in usable])
    time_axis = times_s * (config.change / config.still_s)
    points = np.column_stack([np.array([item.histogram for item in usable]), time_axis])
    n_most = math.ceil((times_s[-1] - times_s[0] + config.sub_shot_s) / config.spacing_s)
    seeds = _spread_seeds(points, radius=config.change, n_most=n_most)
    weights = np.array([item.size for item in usable], dtype=np.float64)
    labels, centres = _k_means(points, weights, points[seeds])
    # Still pictures of neighbouring clusters may be all but the same one: an atypical picture counts less.
    distance = np.linalg.norm(points - centres[labels], axis=1)
    worth = np.array([item.stillness for item in usable]) / (1.0 + distance / config.change)
    best = [int(np.where(labels == cluster, worth, -1.0).argmax()) for cluster in np.unique(labels)]
    return [usable[index].chosen for index in sorted(best)]


def _drop_poor(items: Sequence[Representative], config: KeyframeConfig) -> list[Representative]:
    """Those that are usable and not blurred beside the others; if none is, the best one."""
    sharp_enough = config.min_sharpness * float(np.median([item.sharpness for item in items]))
    good = [item for item in items if item.usable and item.sharpness >= sharp_enough]
    return good or [max(items, key=lambda item: (item.usable, item.stillness))]


def _spread_seeds(points: Vector, *, radius: float, n_most: int) -> list[int]:
    """Points far from each other, each time the farthest, until all lie within `radius` of one."""
    distance = np.linalg.norm(points - points.mean(axis=0), axis=1)
    seeds = [int(distance.argmin())]
    distance = np.linalg.norm(points - points[seeds[0]], axis=1)
    while len(seeds) < n_most and distance.max() > radius:
        seeds.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(points - points[seeds[-1]], axis=1))
    return seeds


def _k_means(
    points: Vector, weights: Vector, centres: Vector, *, n_rounds: int = 20
) -> tuple[NDArray[np.intp], Vector]:
    """Lloyd's algorithm from given centres; the label of each point, and the final centres."""
    labels = np.zeros(len(points), dtype=np.intp)
    for _ in range(n_rounds):
        labels = np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1)
        moved = centres.copy()
        for cluster in range(len(centres)):
            members = labels == cluster
            if members.any():
                moved[cluster] = np.average(points[members], axis=0, weights=weights[members])
        if np.array_equal(moved, centres):
            break
        centres = moved
    return labels, centres


@dataclass(slots=True, kw_only=True)
class KeyframeChooser:
    """Chooses the keyframes of one clip while it runs; holds a few pictures at a time."""

    config: KeyframeConfig
    start_s: float
    _near: deque[Candidate] = field(default_factory=deque)
    """Pictures that may yet turn out to lie in the transition to the next clip."""
    _sub_shot: SubShot | None = None
    _segment: list[Representative] = field(default_factory=list)
    _segment_start_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._segment_start_s = self.start_s

    def see(self, candidate: Candidate) -> list[Chosen]:
        """Take the clip's next picture; return the keyframes that are now settled."""
        self._near.append(candidate)
        chosen: list[Chosen] = []
        while self._near[0].frame.time_s <= candidate.frame.time_s - self.config.transition_s:
            chosen += self._take(self._near.popleft(), in_transition=False)
        return chosen

    def finish(self, end_s: float) -> list[Chosen]:
        """The clip has ended: the rest of its keyframes."""
        chosen: list[Chosen] = []
        for candidate in self._near:
            late = candidate.frame.time_s > end_s - self.config.transition_s
            chosen += self._take(candidate, in_transition=late)
        self._near.clear()
        return chosen + self._close_segment()

    def _take(self, candidate: Candidate, *, in_transition: bool) -> list[Chosen]:
        time_s = candidate.frame.time_s
        usable = not in_transition and self._is_usable(candidate)
        chosen: list[Chosen] = []
        if time_s - self._segment_start_s >= self.config.segment_s:
            chosen, self._segment_start_s = self._close_segment(), time_s
        if self._sub_shot is not None and time_s - self._sub_shot.start_s >= self.config.sub_shot_s - 1e-9:
            self._close_sub_shot()
        if self._sub_shot is not None:
            self._sub_shot.add(candidate, usable)
            return chosen
        self._sub_shot = SubShot(
            start_s=time_s, best=candidate, best_usable=usable, total=candidate.histogram
        )
        return chosen

    def _is_usable(self, candidate: Candidate) -> bool:
        return (
            candidate.frame.time_s >= self.start_s + self.config.transition_s
            and candidate.brightness >= self.config.min_brightness
            and candidate.uniformity <= self.config.max_uniformity
        )

    def _close_sub_shot(self) -> None:
        if self._sub_shot is not None:
            self._segment.append(_close(self._sub_shot))
            self._sub_shot = None

    def _close_segment(self) -> list[Chosen]:
        self._close_sub_shot()
        segment, self._segment = self._segment, []
        return choose(segment, self.config) if segment else []
