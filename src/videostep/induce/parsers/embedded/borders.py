"""Borders: things that come into the picture over its left or right edge, or go out over it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from videostep.induce.parsers.embedded.path import Path
from videostep.video import TimeSpan

FROM_CUT_S = 0.55
"""What is there this soon after a cut, or this shortly before one, was not seen coming or going, seconds."""
WITHIN_S = 1.6
"""Time in which a thing must cross the edge: the piece of its path that is looked at, seconds."""
MIN_TRAVEL = 0.25
"""Of its own width or more it must move across in that time."""


class Crossing(NamedTuple):
    """`enters from the left`, `leaves to the right` ... and when."""

    predicate: str
    span_s: TimeSpan


def crossings(path: Path, clip_s: TimeSpan) -> list[Crossing]:
    """Entering at the beginning and leaving at the end of a path, at most one each."""
    found = []
    if path.times_s[0] >= clip_s.start_s + FROM_CUT_S:
        found += _crossing(path, path.times_s <= path.times_s[0] + WITHIN_S, first=True)
    if path.times_s[-1] <= clip_s.end_s - FROM_CUT_S:
        found += _crossing(path, path.times_s >= path.times_s[-1] - WITHIN_S, first=False)
    return found


def _crossing(path: Path, near: np.ndarray[tuple[int], np.dtype[np.bool_]], *, first: bool) -> list[Crossing]:
    """The crossing within the entries `near`, which lie at the beginning (`first`) or the end."""
    entries = np.flatnonzero(near)
    edge_entry = entries[0] if first else entries[-1]
    for side, cut, outward in (("left", path.cut_left(), -1), ("right", path.cut_right(), 1)):
        if cut[edge_entry] and _travel(path, entries) * outward * (-1 if first else 1) >= MIN_TRAVEL:
            verb = f"enters from the {side}" if first else f"leaves to the {side}"
            span_s = TimeSpan(float(path.times_s[entries[0]]), float(path.times_s[entries[-1]]))
            return [Crossing(verb, span_s)] if span_s.duration_s >= 0.4 else []
    return []


def _travel(path: Path, entries: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """How far the inner edge of the box moved across, in widths of the whole thing; right is positive."""
    widths = path.boxes[:, 2] - path.boxes[:, 0]
    left = path.boxes[entries, 0].mean() + path.boxes[entries, 2].mean() < 1
    inner = path.boxes[entries, 2 if left else 0]
    return float((inner[-1] - inner[0]) / max(np.median(widths), 1e-6))
