"""How much two sets of time spans share."""

from __future__ import annotations

from collections.abc import Sequence

from videostep.video import TimeSpan


def length_s(spans: Sequence[TimeSpan]) -> float:
    """Seconds of spans that do not overlap."""
    return sum(span.duration_s for span in spans)


def common_s(first: Sequence[TimeSpan], second: Sequence[TimeSpan]) -> float:
    """Seconds that both hold; spans of one side do not overlap."""
    common = (a.overlap(b) for a in first for b in second)
    return sum(span.duration_s for span in common if span is not None)


def time_iou(first: Sequence[TimeSpan], second: Sequence[TimeSpan]) -> float:
    """Seconds that both hold over seconds that either holds, 0..1."""
    both_s = common_s(first, second)
    return min(1.0, both_s / (length_s(first) + length_s(second) - both_s)) if both_s > 0 else 0.0
