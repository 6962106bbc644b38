"""Where a thing is between the keyframes, and how well two such courses agree."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from videostep.graph import Box
from videostep.video import TimeSpan

HOLD_S = 0.5
"""A first or last box is taken to hold so long before or after its keyframe, seconds; own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The boxes of one object node."""

    times_s: tuple[float, ...]
    """Of its keyframes with a box, ascending."""
    boxes: tuple[Box, ...]
    spans_s: tuple[TimeSpan, ...]
    """When the object is seen: at other times it has no box."""

    def at(self, time_s: float) -> Box | None:
        """The box at a time: between two keyframes on the straight line from one box to the other."""
        index = bisect_left(self.times_s, time_s)
        if index < len(self.times_s) and self.times_s[index] == time_s:
            return self.boxes[index]
        if not any(span.holds(time_s) for span in self.spans_s):
            return None
        if 0 < index < len(self.times_s):
            return self._between(index, time_s)
        return self._held(min(index, len(self.times_s) - 1), time_s)

    def _between(self, index: int, time_s: float) -> Box:
        before_s, after_s = self.times_s[index - 1], self.times_s[index]
        share = (time_s - before_s) / (after_s - before_s)
        ends = zip(self.boxes[index - 1], self.boxes[index], strict=True)
        return Box(*(a + (b - a) * share for a, b in ends))

    def _held(self, end: int, time_s: float) -> Box | None:
        return self.boxes[end] if abs(self.times_s[end] - time_s) <= HOLD_S else None


def mean_box_iou(first: Sequence[Course], second: Sequence[Course]) -> float | None:
    """Mean box IoU over the keyframe times of either side at which both have a box; None: there is none."""
    times_s = sorted({time_s for course in (*first, *second) for time_s in course.times_s})
    pairs = ((_box_at(first, time_s), _box_at(second, time_s)) for time_s in times_s)
    ious = [box_iou(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(ious) / len(ious) if ious else None


def _box_at(courses: Sequence[Course], time_s: float) -> Box | None:
    boxes = (course.at(time_s) for course in courses)
    return next((box for box in boxes if box is not None), None)


def box_iou(first: Box, second: Box) -> float:
    """Intersection over union, 0..1; equal boxes without area are the same place."""
    if first == second:
        return 1.0
    width = min(first.x2, second.x2) - max(first.x1, second.x1)
    height = min(first.y2, second.y2) - max(first.y1, second.y1)
    common = max(0.0, width) * max(0.0, height)
    union = _area(first) + _area(second) - common
    return common / union if union > 0 else 0.0


def _area(box: Box) -> float:
    return (box.x2 - box.x1) * (box.y2 - box.y1)
