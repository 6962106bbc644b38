"""How large boxes are, and how much two of them share."""

from __future__ import annotations

from videostep.graph import Box


def area(box: Box) -> float:
    """Share of the picture, 0..1."""
    return max(0.0, box.x2 - box.x1) * max(0.0, box.y2 - box.y1)


def common_area(first: Box, second: Box) -> float:
    """Share of the picture that both cover, 0..1."""
    width = min(first.x2, second.x2) - max(first.x1, second.x1)
    height = min(first.y2, second.y2) - max(first.y1, second.y1)
    return max(0.0, width) * max(0.0, height)


def overlap(first: Box, second: Box) -> float:
    """Intersection over union, 0..1; 0 for boxes without area."""
    common = common_area(first, second)
    union = area(first) + area(second) - common
    return common / union if union > 0 else 0.0
