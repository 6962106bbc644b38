"""Which objects of a clip's FrameGraphs are one thing: by track, else by look and place.

STEP says that identical static objects of consecutive frames become one node and gives no measure
of identity; this one is ours. Where two candidates fit about equally well none is taken: two nodes
for one thing cost a question, one node for two things makes a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from videostep.graph import Box, FrameGraph, FrameObject
from videostep.induce.boxes import area, overlap

LABEL_ALONE = 0.5
"""Similarity of two things of which only the label is known."""
EVIDENCE_WEIGHT = 2.0
"""Weight of the attributes, and of the boxes, against 1 for the label."""


class Sight(NamedTuple):
    """One object of one FrameGraph."""

    frame: int
    """Index of the FrameGraph."""
    object: FrameObject


Thing = list[Sight]
"""All sights of one thing, in time order."""


def identify(
    frames: Sequence[FrameGraph], *, min_similarity: float, min_margin: float, max_missed: int
) -> list[Thing]:
    """Group the objects of a clip into things; each object belongs to exactly one.

    Args:
        frames: In time order; the order of the objects within one does not matter.
        min_similarity: Two untracked objects less alike are different things, 0..1.
        min_margin: How much a match must be better than every rival it excludes, 0..1.
        max_missed: So many FrameGraphs may lie between two untracked sights of one thing.
    """
    things: list[Thing] = []
    tracks: dict[str, Thing] = {}
    for index, frame in enumerate(frames):
        objects = sorted(frame.objects, key=object_key)
        for found in objects:
            if found.track is not None:
                thing = tracks.setdefault(found.track, [])
                if not thing:
                    things.append(thing)
                thing.append(Sight(index, found))
        recent = [thing for thing in things if index - 1 - max_missed <= thing[-1].frame < index]
        loose = [Sight(index, found) for found in objects if found.track is None]
        things += _match(recent, loose, min_similarity, min_margin)
    return things


def object_key(found: FrameObject) -> tuple[object, ...]:
    """A total order of a FrameGraph's objects that depends on their content only."""
    return (found.label, found.box or (), found.spans_s, found.node)


def _match(
    things: Sequence[Thing], sights: Sequence[Sight], min_similarity: float, min_margin: float
) -> list[Thing]:
    """Add to each thing at most one sight, static ones first; the sights left over are new things."""
    left = list(sights)
    for static_only in (True, False):
        for label in sorted({sight.object.label for sight in left}):
            old = [
                thing
                for thing in things
                if thing[-1].frame < left[0].frame and _fits(thing[-1], label, static_only)
            ]
            new = [sight for sight in left if _fits(sight, label, static_only)]
            for thing, sight in _pairs(old, new, min_similarity, min_margin):
                thing.append(sight)
                left.remove(sight)
            if not left:
                return []
    return [[sight] for sight in left]


def _fits(sight: Sight, label: str, static_only: bool) -> bool:
    return sight.object.label == label and (sight.object.kind == "static" or not static_only)


def _pairs(
    things: Sequence[Thing], sights: Sequence[Sight], min_similarity: float, min_margin: float
) -> list[tuple[Thing, Sight]]:
    scores = np.array([[similarity(thing[-1].object, sight.object) for sight in sights] for thing in things])
    return [(things[row], sights[column]) for row, column in assign(scores, min_similarity, min_margin)]


def assign(scores: NDArray[np.float64], min_score: float, min_margin: float = 0.0) -> list[tuple[int, int]]:
    """One-to-one pairs of rows and columns with the largest sum of scores (Hungarian).

    A pair is left out when its score is below `min_score`, or when another score of its row or
    column comes closer than `min_margin`.
    """
    if not scores.size:
        return []
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return [
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if scores[row, column] >= min_score and _margin(scores, row, column) >= min_margin
    ]


def _margin(scores: NDArray[np.float64], row: int, column: int) -> float:
    rivals = np.concatenate((np.delete(scores[row], column), np.delete(scores[:, column], row)))
    return float(scores[row, column] - rivals.max(initial=0.0))


# --- how alike two objects are ---------------------------------------------------------------


def similarity(first: FrameObject, second: FrameObject) -> float:
    """How alike two objects of one label are, 0..1; what is unknown on either side has no weight."""
    evidence = [_attributes_alike(first, second), _boxes_alike(first, second)]
    known = [value for value in evidence if value is not None]
    total = LABEL_ALONE + EVIDENCE_WEIGHT * sum(known)
    return total / (1.0 + EVIDENCE_WEIGHT * len(known))


def _attributes_alike(first: FrameObject, second: FrameObject) -> float | None:
    """Share of the attribute names of both that have a value in common."""
    values, others = _values(first), _values(second)
    names = sorted(values.keys() & others.keys())
    if not names:
        return None
    return sum(bool(values[name] & others[name]) for name in names) / len(names)


def _values(found: FrameObject) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for attribute in found.attributes:
        values.setdefault(attribute.name, set()).add(attribute.value)
    return values


def _boxes_alike(first: FrameObject, second: FrameObject) -> float | None:
    """Static things stay where they are; of others only size and rough place can be the same."""
    if first.box is None or second.box is None:
        return None
    if first.kind == second.kind == "static":
        return overlap(first.box, second.box)
    return _same_size(first.box, second.box) * max(0.0, 1.0 - _distance(first.box, second.box))


def _same_size(first: Box, second: Box) -> float:
    sides = sorted(area(box) ** 0.5 for box in (first, second))
    return sides[0] / sides[1] if sides[1] > 0 else 0.0


def _distance(first: Box, second: Box) -> float:
    """Between the middles, in fractions of the picture."""
    dx = (first.x1 + first.x2 - second.x1 - second.x2) / 2
    dy = (first.y1 + first.y2 - second.y1 - second.y2) / 2
    return float(np.hypot(dx, dy))
