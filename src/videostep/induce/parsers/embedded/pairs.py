"""Pairs: two things in the pictures in which both were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videostep.induce.parsers.embedded.course import Course
from videostep.induce.parsers.embedded.path import Path
from videostep.induce.parsers.embedded.statements import Thing

Row = NDArray[np.float64]
Held = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A thing with where it was and how it went."""

    thing: Thing
    path: Path
    course: Course


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """One of two things; one entry a picture in which both were found. Lengths in picture heights."""

    left: Row
    top: Row
    right: Row
    foot: Row
    """Lower edge."""
    across: Row
    """Speed across, own heights a second; nan where not known."""
    grounded: Held
    """The lower edge is its own, not the picture's."""

    @property
    def middle(self) -> Row:
        """Of the width."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> Row:
        """Of the box."""
        return self.right - self.left

    @property
    def height(self) -> Row:
        """Of the box."""
        return self.foot - self.top


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two things side by side in time."""

    times_s: Row
    first: Half
    second: Half

    @property
    def swapped(self) -> Pair:
        """The same pair from the other's side."""
        return Pair(self.times_s, self.second, self.first)

    @property
    def gap(self) -> Row:
        """Between the boxes, sideways; negative where they overlap."""
        return np.maximum(self.first.left - self.second.right, self.second.left - self.first.right)

    @property
    def height(self) -> Row:
        """Of the smaller one: the measure for gaps and levels."""
        return np.minimum(self.first.height, self.second.height)

    @property
    def taller(self) -> Row:
        """Height of the larger one."""
        return np.maximum(self.first.height, self.second.height)

    @property
    def grounded(self) -> Held:
        """Whether both stand inside the picture."""
        return self.first.grounded & self.second.grounded

    def level(self, share: float) -> Held:
        """Whether their feet differ by less than a share of the smaller one's height."""
        held: Held = np.abs(self.first.foot - self.second.foot) < share * self.height
        return held


def seen_together(actors: Sequence[Actor]) -> Iterator[tuple[Actor, Actor]]:
    """Pairs whose lifetimes overlap; found by sweeping over time, so a long clip stays cheap."""
    ordered = sorted(actors, key=lambda actor: (actor.path.times_s[0], actor.thing.track))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.path.times_s[0] > first.path.times_s[-1]:
                break
            yield first, second


def pair_of(first: Actor, second: Actor, *, aspect: float) -> Pair:
    """Both things in their common pictures; `aspect` is width over height of the pictures."""
    _, ours, theirs = np.intersect1d(first.path.pictures, second.path.pictures, return_indices=True)
    return Pair(first.path.times_s[ours], _half(first, ours, aspect), _half(second, theirs, aspect))


def _half(actor: Actor, entries: NDArray[np.int64], aspect: float) -> Half:
    left, top, right, foot = (actor.path.boxes[entries] * (aspect, 1.0, aspect, 1.0)).T
    grounded = ~actor.path.cut_below()[entries]
    return Half(left, top, right, foot, actor.course.across[entries], grounded)
