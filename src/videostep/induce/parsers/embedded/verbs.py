"""Verbs: what a motion is called, by who makes it."""

from __future__ import annotations

import numpy as np

from videostep.induce.parsers.embedded.course import Course
from videostep.induce.parsers.embedded.motions import DIRECTIONS, Stretch

VEHICLES = frozenset({"car", "bus", "truck", "train", "motorcycle"})
WALKING = 1.8
"""Heights a second up to which a person walks: about 3 m/s; beyond, the gait is not known."""


def verb_of(label: str, *, riding: bool, walking: bool) -> str:
    """`walks`, `rides`, `drives`, or `moves` where nothing better is known."""
    if label == "person":
        return "rides" if riding else "walks" if walking else "moves"
    return "drives" if label in VEHICLES else "moves"


def going_predicate(label: str, stretch: Stretch, course: Course, *, riding: bool) -> str:
    """`walks to the left`; empty for standing still."""
    if stretch.way not in DIRECTIONS:
        return ""
    inside = slice(stretch.first, stretch.last + 1)
    speed, feet_seen = np.abs(course.across[inside]), course.grounded[inside].mean() > 0.5
    walking = bool(feet_seen and np.nanmedian(speed) < WALKING)
    return f"{verb_of(label, riding=riding, walking=walking)} {stretch.way}"


def change_predicate(label: str, stretch: Stretch, *, riding: bool) -> str:
    """`stops`, `turns around`, `starts walking`."""
    if stretch.way != "starts":
        return stretch.way
    starting = {"walks": "walking", "rides": "riding", "drives": "driving", "moves": "moving"}
    return f"starts {starting[verb_of(label, riding=riding, walking=True)]}"
