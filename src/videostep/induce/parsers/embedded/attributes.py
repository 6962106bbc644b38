"""Attributes: what the looks at a thing agree on, and what its path shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from videostep.graph import FrameAttribute
from videostep.induce.parsers.embedded.course import Course
from videostep.induce.parsers.embedded.motions import moving_runs, still_runs
from videostep.induce.parsers.embedded.path import Path
from videostep.induce.parsers.embedded.posture import UPRIGHT
from videostep.induce.parsers.embedded.runs import Run, runs_of
from videostep.induce.parsers.embedded.track import Track
from videostep.video import TimeSpan

MIN_VOTES = 2
"""Looks that must name a value."""
MIN_VOTE_SHARE = 0.8
"""Share of all looks, unclear ones included, that must name the same value."""
SIDES = {"left": (0.0, 0.3), "middle": (0.4, 0.6), "right": (0.7, 1.0)}
"""Where a thing's middle lies, fractions of the width; between them nothing is said."""
SIZES = {"small": (0.0, 0.14), "large": (0.6, 1.01)}
"""Height, fractions of the picture's."""
MIN_PLACE_S = 1.0
"""A place in the picture shorter than this is passing, seconds."""


def attributes_of(
    track: Track, path: Path, course: Course, spans_s: tuple[TimeSpan, ...], *, colours: bool
) -> tuple[FrameAttribute, ...]:
    """All attributes that are sure, sorted by name and value; `colours`: whether colours may be stated.

    Colours hold as long as the thing is seen. One that the looks do not agree on is not stated at all: in
    the program language a thing without a value for an attribute *may* have any, so "the person in the
    black top" stays ambiguous while such a person is about. What is unclear breaks uniqueness, as it must.
    """
    said = [*(_elected(track, spans_s) if colours else ()), *_states(track, path, course), *_places(path)]
    return tuple(sorted(said, key=lambda attribute: (attribute.name, attribute.value)))


def elected(ballot: dict[str, int]) -> tuple[str, float]:
    """The value with enough of the votes and its share; "" when there is none."""
    value = min(ballot, key=lambda value: (-ballot[value], value))
    share = ballot[value] / sum(ballot.values())
    enough = ballot[value] >= MIN_VOTES and share >= MIN_VOTE_SHARE
    return (value, round(share, 4)) if enough else ("", 0.0)


def _elected(track: Track, spans_s: tuple[TimeSpan, ...]) -> Iterator[FrameAttribute]:
    for name, ballot in track.ballots.items():
        value, share = elected(ballot)
        if value and name != "posture":
            yield FrameAttribute(name=name, value=value, confidence=share, spans_s=spans_s)


def _states(track: Track, path: Path, course: Course) -> Iterator[FrameAttribute]:
    """Moving or still; who is upright and still is standing."""
    still = still_runs(course)
    yield from _over_runs("state", "moving", moving_runs(course), path)
    yield from _over_runs("state", "still", still, path)
    if "posture" in track.ballots and elected(track.ballots["posture"])[0] == UPRIGHT:
        yield from _over_runs("posture", "standing", still, path)


def _places(path: Path) -> Iterator[FrameAttribute]:
    middles = (path.boxes[:, 0] + path.boxes[:, 2]) / 2
    heights = path.boxes[:, 3] - path.boxes[:, 1]
    for name, values, limits in (("position", middles, SIDES), ("size", heights, SIZES)):
        for value, (low, high) in limits.items():
            holds: NDArray[np.bool_] = (values >= low) & (values < high)
            runs = runs_of(holds, path.times_s, min_s=MIN_PLACE_S)
            yield from _over_runs(name, value, runs, path)


def _over_runs(name: str, value: str, runs: list[Run], path: Path) -> Iterator[FrameAttribute]:
    """One attribute that holds during all runs; its confidence is the weakest run's share of votes."""
    if runs:
        spans_s = tuple(TimeSpan(float(path.times_s[r.first]), float(path.times_s[r.last])) for r in runs)
        share = min(run.share for run in runs)
        yield FrameAttribute(name=name, value=value, confidence=share, spans_s=spans_s)
