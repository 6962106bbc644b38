"""Course: how fast a thing goes, across and up or down the picture, and whether it grows.

Speeds are in the thing's own heights a second, so that they mean the same near and far: a walking person
makes about 0.8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videostep.induce.parsers.embedded.path import Path

Row = NDArray[np.float64]

ACROSS_WINDOW_S = 0.65
"""Sightings this far to either side fix the speed across: a box jitters by 5 % of its size, which makes
0.06 heights a second over 1.3 s."""
GROWTH_WINDOW_S = 1.05
"""The same for the growth, which is smaller and needs longer."""
MIN_SIGHTINGS = 4
"""Fewer sightings in the window: the speed is not known (nan)."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One entry a sighting; nan where a speed is not known."""

    times_s: Row
    across: Row
    """Heights a second, to the right is positive."""
    down: Row
    """Heights a second, downwards is positive; of the feet, or of the head where those are not seen."""
    grounded: NDArray[np.bool_]
    """Whether `down` is that of the feet."""
    growth: Row
    """Of the height, share a second."""

    @property
    def speed(self) -> Row:
        """In the picture plane, heights a second."""
        return np.hypot(self.across, self.down)


def course_of(path: Path, *, camera_known: NDArray[np.bool_]) -> Course:
    """The course of a path.

    A sighting in which the camera's motion is not known, or of which an edge of the picture cuts off the
    side in question, does not count.
    """
    heights = np.maximum(path.heights, 1e-6)
    usual = _smooth(path.times_s, heights)
    sides = camera_known & ~path.cut_left() & ~path.cut_right()
    across = _slopes(path.times_s, path.feet[:, 0], sides, ACROSS_WINDOW_S) / usual
    feet = _slopes(path.times_s, path.feet[:, 1], camera_known & ~path.cut_below(), ACROSS_WINDOW_S)
    heads = _slopes(path.times_s, path.heads[:, 1], camera_known & ~path.cut_above(), ACROSS_WINDOW_S)
    grounded = np.isfinite(feet)
    down = np.where(grounded, feet, heads) / usual
    upright = camera_known & path.whole() & ~path.covered
    growth = _slopes(path.times_s, np.log(heights), upright, GROWTH_WINDOW_S)
    return Course(path.times_s, across, down, grounded, growth)


def _smooth(times_s: Row, values: Row) -> Row:
    """The median of the values within the longer window."""
    low = np.searchsorted(times_s, times_s - GROWTH_WINDOW_S)
    high = np.searchsorted(times_s, times_s + GROWTH_WINDOW_S, side="right")
    return np.array([np.median(values[a:b]) for a, b in zip(low, high, strict=True)])


def _slopes(times_s: Row, values: Row, counts: NDArray[np.bool_], window_s: float) -> Row:
    """Least-squares slope of the counting values within the window around each entry."""
    slopes = np.full(len(times_s), np.nan)
    low = np.searchsorted(times_s, times_s - window_s)
    high = np.searchsorted(times_s, times_s + window_s, side="right")
    for entry, (a, b) in enumerate(zip(low, high, strict=True)):
        inside = counts[a:b]
        if inside.sum() >= MIN_SIGHTINGS:
            slopes[entry] = _slope(times_s[a:b][inside], values[a:b][inside])
    return slopes


def _slope(times_s: Row, values: Row) -> float:
    centred = times_s - times_s.mean()
    return float(centred @ values / (centred @ centred))
