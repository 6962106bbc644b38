"""Encounters: how one thing moves by another."""

from __future__ import annotations

import numpy as np

from videostep.induce.parsers.embedded.motions import MOVING, STILL
from videostep.induce.parsers.embedded.pairs import Held, Pair

PATH_LEVEL = 0.4
"""Feet differ by less than this share of the height: else they go by at a distance."""
TRAIL = (0.3, 2.0)
"""Gap at which someone follows, in heights: less is walking together, more is chance."""
NEARING = (0.2, 3.0)
"""Gap over which someone approaches, in heights."""
PASS_S = 0.75
"""A passing is seen from this long before the middles cross to this long after, seconds; it was not seen at
all when neither was found for so long."""
SIMILAR = 0.7
"""Heights are similar when the smaller is at least this share of the larger."""


def following(pair: Pair) -> Held:
    """First goes the same way as second, behind it on its way."""
    ours, theirs = pair.first.across, pair.second.across
    ahead = np.sign(pair.second.middle - pair.first.middle)
    with np.errstate(invalid="ignore"):
        same_way = (ours * ahead > MOVING) & (theirs * ahead > MOVING)
    trails = (pair.gap > TRAIL[0] * pair.height) & (pair.gap < TRAIL[1] * pair.height)
    held: Held = same_way & trails & _on_one_path(pair)
    return held


def approaching(pair: Pair) -> Held:
    """First moves towards second, which is still."""
    ahead = np.sign(pair.second.middle - pair.first.middle)
    with np.errstate(invalid="ignore"):
        towards = (pair.first.across * ahead > MOVING) & (np.abs(pair.second.across) < STILL)
    near = (pair.gap > NEARING[0] * pair.height) & (pair.gap < NEARING[1] * pair.height)
    held: Held = towards & near & _on_one_path(pair)
    return held


def passing(pair: Pair) -> Held:
    """First, in motion, goes past second: their middles cross."""
    held = np.zeros(len(pair.times_s), dtype=bool)
    if len(held) < 2:
        return held
    right = pair.first.middle >= pair.second.middle
    with np.errstate(invalid="ignore"):
        faster = np.abs(pair.first.across - pair.second.across) > MOVING
        moves = np.abs(pair.first.across) > MOVING
    crosses = np.append((right[:-1] != right[1:]) & (np.diff(pair.times_s) <= PASS_S), False)
    for entry in np.flatnonzero(crosses & faster & moves & _on_one_path(pair)):
        near = np.abs(pair.times_s - pair.times_s[entry : entry + 2].mean()) <= PASS_S
        if _clear_before_and_after(pair, near):
            held |= near
    return held


def _clear_before_and_after(pair: Pair, near: Held) -> bool:
    """Whether the two come from and go to different sides: people who walk side by side also overlap."""
    ends = np.flatnonzero(near)[[0, -1]]
    return bool((pair.gap[ends] > 0).all())


def _on_one_path(pair: Pair) -> Held:
    similar = pair.height > SIMILAR * pair.taller
    return pair.level(PATH_LEVEL) & similar & pair.grounded
