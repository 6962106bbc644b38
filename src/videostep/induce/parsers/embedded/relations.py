"""Relations: how two things stand to each other, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videostep.induce.parsers.embedded.course import Course
from videostep.induce.parsers.embedded.detect import RIDDEN
from videostep.induce.parsers.embedded.path import Path
from videostep.induce.parsers.embedded.runs import runs_of
from videostep.induce.parsers.embedded.statements import Relation, Thing
from videostep.video import TimeSpan

Row = NDArray[np.float64]
Held = NDArray[np.bool_]

LEVEL = 0.15
"""Feet are level when they differ by less than this share of the height."""
BESIDE_GAP = 0.4
"""Things are beside each other when the gap between their boxes is narrower than this, in heights."""
SIMILAR = 0.7
"""Heights are similar when the smaller is at least this share of the larger."""
BESIDE_S = 1.0
"""Time for which things must be beside each other, seconds: passers-by are not."""
RIDING_S = 0.6
"""Time for which someone must be on the bicycle, seconds."""
RIDDEN_COVER = 0.25
"""Share of the bicycle's box that its rider's box covers at least."""
TOGETHER = 0.6
"""Widths of the bicycle a second by which a rider may move against it: who walks past is faster."""
GAP_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A thing with where it was."""

    thing: Thing
    path: Path
    course: Course


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two things in the pictures in which both were found; boxes in picture heights."""

    times_s: Row
    first: Row
    """n x 4."""
    second: Row
    first_cut: Held
    """The lower edge of the picture cuts it off."""
    second_cut: Held


def relations_of(actors: Sequence[Actor], *, aspect: float) -> list[Relation]:
    """All relations between things of a clip, sorted by subject, predicate and object."""
    found: list[Relation] = []
    for first, second in _seen_together(actors):
        pair = _pair(first.path, second.path, aspect)
        found += _symmetric(first, second, "next to", _beside(pair), pair, BESIDE_S)
        for rider, ridden, seen in ((first, second, pair), (second, first, _swapped(pair))):
            if rider.thing.label == "person" and ridden.thing.label in RIDDEN:
                found += _stated(rider, "riding", ridden, _riding(seen), seen, RIDING_S)
    return sorted(found, key=lambda relation: (relation.subject, relation.predicate, relation.object))


def _seen_together(actors: Sequence[Actor]) -> Iterator[tuple[Actor, Actor]]:
    """Pairs whose lifetimes overlap; found by sweeping over time, so a long clip stays cheap."""
    ordered = sorted(actors, key=lambda actor: (actor.path.times_s[0], actor.thing.track))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.path.times_s[0] > first.path.times_s[-1]:
                break
            yield first, second


def _pair(first: Path, second: Path, aspect: float) -> Pair:
    _, ours, theirs = np.intersect1d(first.pictures, second.pictures, return_indices=True)
    scale = np.array([aspect, 1.0, aspect, 1.0])
    return Pair(
        first.times_s[ours],
        first.boxes[ours] * scale,
        second.boxes[theirs] * scale,
        first.cut_below()[ours],
        second.cut_below()[theirs],
    )


def _swapped(pair: Pair) -> Pair:
    return Pair(pair.times_s, pair.second, pair.first, pair.second_cut, pair.first_cut)


def _beside(pair: Pair) -> Held:
    heights = pair.first[:, 3] - pair.first[:, 1], pair.second[:, 3] - pair.second[:, 1]
    low, high = np.minimum(*heights), np.maximum(*heights)
    gap = np.maximum(pair.first[:, 0] - pair.second[:, 2], pair.second[:, 0] - pair.first[:, 2])
    widths = np.minimum(pair.first[:, 2] - pair.first[:, 0], pair.second[:, 2] - pair.second[:, 0])
    level = np.abs(pair.first[:, 3] - pair.second[:, 3]) < LEVEL * low
    near = (gap < BESIDE_GAP * low) & (gap > -0.4 * widths)
    held: Held = level & near & (low > SIMILAR * high) & ~pair.first_cut & ~pair.second_cut
    return held


def _riding(pair: Pair) -> Held:
    """First rides second: above its middle, feet within its height, a good part covered, not moving past."""
    rider, ridden = pair.first, pair.second
    middle = (rider[:, 0] + rider[:, 2]) / 2
    over = (middle > ridden[:, 0]) & (middle < ridden[:, 2]) & (rider[:, 1] < ridden[:, 1])
    feet = (rider[:, 3] > ridden[:, 1]) & (rider[:, 3] < ridden[:, 3] + 0.1 * (ridden[:, 3] - ridden[:, 1]))
    width = np.minimum(rider[:, 2], ridden[:, 2]) - np.maximum(rider[:, 0], ridden[:, 0])
    height = np.minimum(rider[:, 3], ridden[:, 3]) - np.maximum(rider[:, 1], ridden[:, 1])
    areas = (ridden[:, 2] - ridden[:, 0]) * (ridden[:, 3] - ridden[:, 1])
    covered = np.maximum(width, 0) * np.maximum(height, 0) > RIDDEN_COVER * areas
    held: Held = over & feet & covered & _moves_with(pair)
    return held


def _moves_with(pair: Pair) -> Held:
    """Whether first keeps its place against second from one picture to the next."""
    if len(pair.times_s) < 2:
        return np.zeros(len(pair.times_s), dtype=bool)
    offsets = (pair.first[:, 0] + pair.first[:, 2] - pair.second[:, 0] - pair.second[:, 2]) / 2
    widths = np.maximum(pair.second[:, 2] - pair.second[:, 0], 1e-6)
    held: Held = np.abs(np.gradient(offsets, pair.times_s)) / widths < TOGETHER
    return held


def _symmetric(
    first: Actor, second: Actor, predicate: str, holds: Held, pair: Pair, min_s: float
) -> list[Relation]:
    return [
        *_stated(first, predicate, second, holds, pair, min_s),
        *_stated(second, predicate, first, holds, pair, min_s),
    ]


def _stated(
    subject: Actor, predicate: str, other: Actor, holds: Held, pair: Pair, min_s: float
) -> list[Relation]:
    """One relation with all spans in which it held long enough; none when it never did."""
    runs = runs_of(holds, pair.times_s, min_s=min_s, gap_s=GAP_S)
    if not runs:
        return []
    spans_s = tuple(TimeSpan(float(pair.times_s[r.first]), float(pair.times_s[r.last])) for r in runs)
    return [
        Relation(
            subject=subject.thing.track,
            predicate=predicate,
            object=other.thing.track,
            confidence=round(min(run.share for run in runs), 4),
            spans_s=spans_s,
        )
    ]
