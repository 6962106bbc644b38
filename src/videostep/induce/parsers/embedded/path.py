"""Paths: a track's columns as arrays, one entry a sighting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Track

EDGE = 0.012
"""A box that comes this near to the picture's edge is cut off by it, fraction of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Where one thing was seen. Lengths in picture heights, as the clip's first picture shows them."""

    pictures: NDArray[np.int64]
    times_s: NDArray[np.float64]
    boxes: NDArray[np.float64]
    """n x 4: x1, y1, x2, y2, fractions of the picture it was seen in."""
    feet: NDArray[np.float64]
    """n x 2: middle of the box's lower edge, camera motion taken out."""
    heads: NDArray[np.float64]
    """The same of the box's upper edge."""
    heights: NDArray[np.float64]
    """Of the box, zoom taken out."""
    covered: NDArray[np.bool_]
    """Whether something nearer hides part of it."""

    def cut_left(self) -> NDArray[np.bool_]:
        """Whether the left edge of the picture cuts the thing off."""
        return self.boxes[:, 0] <= EDGE

    def cut_right(self) -> NDArray[np.bool_]:
        """Whether the right edge does."""
        return self.boxes[:, 2] >= 1 - EDGE

    def cut_below(self) -> NDArray[np.bool_]:
        """Whether the lower edge does: then `feet` are not its feet."""
        return self.boxes[:, 3] >= 1 - EDGE

    def cut_above(self) -> NDArray[np.bool_]:
        """Whether the upper edge does."""
        return self.boxes[:, 1] <= EDGE

    def whole(self) -> NDArray[np.bool_]:
        """Whether no edge of the picture cuts it off."""
        return ~(self.cut_left() | self.cut_right() | self.cut_below() | self.cut_above())


def path_of(track: Track, timeline: Timeline) -> Path:
    """The track's path with the camera's motion taken out."""
    pictures = np.asarray(track.pictures, dtype=np.int64)
    boxes = np.asarray(track.edges, dtype=np.float64).reshape(-1, 4)
    middles = (boxes[:, 0] + boxes[:, 2]) / 2 * timeline.aspect
    feet = timeline.on_ground(pictures, np.column_stack([middles, boxes[:, 3]]))
    heads = timeline.on_ground(pictures, np.column_stack([middles, boxes[:, 1]]))
    heights = (boxes[:, 3] - boxes[:, 1]) * timeline.zooms(pictures)
    covered = np.asarray(track.covered, dtype=bool)
    return Path(pictures, np.asarray(timeline.times_s)[pictures], boxes, feet, heads, heights, covered)


def box_at(path: Path, time_s: float) -> Box:
    """The box at a moment between the first and last sighting, fractions of the picture."""
    edges = (float(np.interp(time_s, path.times_s, path.boxes[:, edge])) for edge in range(4))
    return Box(*(round(min(max(edge, 0.0), 1.0), 4) for edge in edges))


def share_inside(path: Path, other: Path) -> NDArray[np.float64]:
    """In each common picture, the share of the first one's box that lies inside the other's, 0..1."""
    _, ours, theirs = np.intersect1d(path.pictures, other.pictures, return_indices=True)
    a, b = path.boxes[ours], other.boxes[theirs]
    width = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    height = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    areas = np.maximum((a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1]), 1e-9)
    shares: NDArray[np.float64] = np.maximum(width, 0) * np.maximum(height, 0) / areas
    return shares
