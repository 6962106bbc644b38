"""Motions: what a moving thing does, and from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from videostep.induce.parsers.embedded.course import Course, Row
from videostep.induce.parsers.embedded.runs import Run, runs_of

MOVING = 0.3
"""Heights a second from which a thing moves: nobody would call it still."""
STILL = 0.1
"""Heights a second below which a thing is still: what boxes of standing people jitter by."""
SLANT = 1.6
"""How many times faster across the picture than up or down it, or the reverse, it must be for the
direction to be plain."""
GROWING = 0.1
"""Share of its height a second by which a thing must grow or shrink to come nearer or go away plainly."""
CLIMBING = 0.12
"""Heights a second by which feet must go down or up the picture where the growth is too small to tell."""
MIN_RUN_S = 0.8
"""A motion shorter than this is hard to see, seconds."""
MIN_ALONG_S = 1.2
"""The same for coming nearer and going away: in less, something that comes out from behind something else
seems to grow."""
GAP_S = 0.5
"""A motion goes on across a doubt this long, seconds."""
SETTLED_S = 0.8
"""How long something must have moved before it stops, and be still afterwards, seconds."""
CHANGE_S = 1.2
"""A stop, start or turn takes at most this long, seconds."""

DIRECTIONS = ("to the left", "to the right", "towards the camera", "away")
OPPOSITE = {"to the left": "to the right", "to the right": "to the left"}


class Stretch(NamedTuple):
    """A thing goes one way (or is still) during entries `first` to `last` of its course."""

    way: str
    """One of `DIRECTIONS`, or `still`."""
    first: int
    last: int
    share: float


def stretches(course: Course) -> list[Stretch]:
    """Everything that goes on long enough to be seen, in time order."""
    found = [
        Stretch(way, *run)
        for way, holds in _ways(course).items()
        for run in runs_of(holds, course.times_s, min_s=_min_run_s(way), gap_s=GAP_S)
    ]
    return sorted(found, key=lambda stretch: (stretch.first, stretch.way))


def _ways(course: Course) -> dict[str, NDArray[np.bool_]]:
    """At which sightings each way holds; a comparison with an unknown speed is false.

    A viewer goes by what the picture shows: far away, someone who comes nearer slantwise goes sideways.
    """
    across, down, growth = course.across, course.down, course.growth
    with np.errstate(invalid="ignore"):
        sideways = np.abs(across) > np.maximum(MOVING, SLANT * np.abs(down))
        sideways &= ~(np.abs(growth) > 0.35 * np.abs(across))
        return {
            "to the left": sideways & (across < 0),
            "to the right": sideways & (across > 0),
            "towards the camera": _along(across, down, growth),
            "away": _along(across, -down, -growth),
            "still": (course.speed < STILL) & ~(np.abs(growth) > GROWING),
        }


def _along(across: Row, down: Row, growth: Row) -> NDArray[np.bool_]:
    """Whether it comes nearer: its feet go down the picture and it grows, one of the two plainly."""
    sideways = np.abs(across)
    climbs = (down > CLIMBING) & (down > SLANT * sideways) & (growth > 0.02)
    grows = (growth > GROWING) & (growth > 0.6 * sideways) & (down > -STILL / 2)
    held: NDArray[np.bool_] = climbs | grows
    return held


def _min_run_s(way: str) -> float:
    return MIN_ALONG_S if way in ("towards the camera", "away") else MIN_RUN_S


def moving_runs(course: Course) -> list[Run]:
    """When it plainly moves, whichever way."""
    with np.errstate(invalid="ignore"):
        moves = course.speed > MOVING
    return runs_of(moves, course.times_s, min_s=MIN_RUN_S, gap_s=GAP_S)


def still_runs(course: Course) -> list[Run]:
    """When it plainly does not."""
    return runs_of(_ways(course)["still"], course.times_s, min_s=MIN_RUN_S, gap_s=GAP_S)


def changes(course: Course) -> Iterator[Stretch]:
    """Stops, starts and turns: one stretch ends, a contrary one begins soon after."""
    settled = [s for s in stretches(course) if _lasts_s(course, s) >= SETTLED_S]
    for before, after in pairwise(settled):
        change = _change(before.way, after.way)
        took_s = course.times_s[after.first] - course.times_s[before.last]
        if change and -1e-6 <= took_s <= CHANGE_S:
            yield Stretch(change, before.last, after.first, min(before.share, after.share))


def _change(before: str, after: str) -> str:
    if OPPOSITE.get(before) == after:
        return "turns around"
    if after == "still":
        return "stops"
    return "starts" if before == "still" else ""


def _lasts_s(course: Course, stretch: Stretch) -> float:
    return float(course.times_s[stretch.last] - course.times_s[stretch.first])
