"""Placement: where one thing is by another, from their boxes in the picture."""

from __future__ import annotations

import numpy as np

from videostep.induce.parsers.embedded.pairs import Held, Pair

LEVEL = 0.15
"""Feet are level when they differ by less than this share of the height."""
BESIDE_GAP = 0.4
"""Things are beside each other when the gap between their boxes is narrower than this, in heights."""
SIMILAR = 0.7
"""Heights are similar when the smaller is at least this share of the larger."""
ASIDE_LEVEL = 0.35
"""Feet differ by less than this share of the height where one is left or right of the other."""
ASIDE_GAP = 2.0
"""Heights beyond which nobody would place one by the other."""
RIDDEN_COVER = 0.25
"""Share of the bicycle's box that its rider's box covers at least."""
TOGETHER = 0.6
"""Widths of the bicycle a second by which a rider may move against it: who walks past is faster."""


def beside(pair: Pair) -> Held:
    """Both on one level, of one size, with a small gap."""
    widths = np.minimum(pair.first.width, pair.second.width)
    near = (pair.gap < BESIDE_GAP * pair.height) & (pair.gap > -0.4 * widths)
    return pair.level(LEVEL) & near & (pair.height > SIMILAR * pair.taller) & pair.grounded


def left_of(pair: Pair) -> Held:
    """First is left of second as the viewer sees it: farther than beside, on about one level."""
    clear = (pair.first.right < pair.second.left) & (pair.gap > BESIDE_GAP * pair.height)
    near = (pair.gap < ASIDE_GAP * pair.height) & (pair.height > SIMILAR * pair.taller)
    held: Held = clear & near & pair.level(ASIDE_LEVEL) & pair.grounded
    return held


def riding(pair: Pair) -> Held:
    """First rides second: above it, feet within its height, a good part covered, not moving past."""
    rider, ridden = pair.first, pair.second
    over = (rider.middle > ridden.left) & (rider.middle < ridden.right) & (rider.top < ridden.top)
    feet = (rider.foot > ridden.top) & (rider.foot < ridden.foot + 0.1 * ridden.height)
    common = np.maximum(-pair.gap, 0) * np.maximum(np.minimum(rider.foot, ridden.foot) - ridden.top, 0)
    held: Held = over & feet & (common > RIDDEN_COVER * ridden.width * ridden.height) & _keeps_place(pair)
    return held


def _keeps_place(pair: Pair) -> Held:
    """Whether first keeps its place against second from one picture to the next."""
    if len(pair.times_s) < 2:
        return np.zeros(len(pair.times_s), dtype=bool)
    moved = np.gradient(pair.first.middle - pair.second.middle, pair.times_s)
    held: Held = np.abs(moved) < TOGETHER * np.maximum(pair.second.width, 1e-6)
    return held
