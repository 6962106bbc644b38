"""Pieces of time as a viewer compares them."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.video import TimeSpan, join_spans

LONGER_BY_S = 0.5
LONGER_BY_SHARE = 0.2
"""Lengths that differ by less, in seconds or as a share of the longer one, look equal."""
TOGETHER_S = 0.5
"""Two things that happen together for so long are seen to happen at the same time, seconds."""

MOST_UNKNOWN_S = 1.0
"""So long a thing may be seen without a known value and still have had no other one, seconds."""
MOMENTARY = frozenset(
    {"enters", "leaves", "arrives", "appears", "disappears", "turns", "starts", "drops", "down", "up"}
)
"""Words of motions that happen in a moment: nobody asks who leaves longest, or sits down for longer."""


def takes_time(predicate: str) -> bool:
    """Whether one says of a motion or a relation how long it lasts."""
    return MOMENTARY.isdisjoint(predicate.split())


def is_told_longer(one_s: float, other_s: float, every_s: float) -> bool:
    """Whether a viewer can tell that `one_s` is longer than `other_s`, both in seconds.

    Here and below `every_s` says how far the frames lie apart that were looked at, seconds; 0: all were.
    """
    return one_s - other_s >= max(LONGER_BY_S, LONGER_BY_SHARE * one_s, 2 * every_s)


def is_over_before(one: TimeSpan, other: TimeSpan, every_s: float) -> bool:
    """Whether `one` has surely ended when `other` begins."""
    return one.end_s + every_s <= other.start_s


def are_together(one: TimeSpan, other: TimeSpan, every_s: float) -> bool | None:
    """Whether two things happen at the same time; None when it can hardly be told."""
    if is_over_before(one, other, every_s) or is_over_before(other, one, every_s):
        return False
    common = one.overlap(other)
    enough_s = min(TOGETHER_S, one.duration_s / 2, other.duration_s / 2) + every_s
    return True if common is not None and common.duration_s >= enough_s else None


def are_filled(
    seen_s: Iterable[TimeSpan], known_s: Iterable[TimeSpan], time_s: TimeSpan, most_s: float
) -> bool:
    """Whether something is hardly seen without being known in a time: no more than `most_s` at a stretch."""
    seen = join_spans([part for span in seen_s if (part := span.overlap(time_s))])
    known = join_spans([part for span in known_s if (part := span.overlap(time_s))])
    ends_s = [time_s.start_s, *(end for span in known for end in span), time_s.end_s]
    return all(
        sum(part.duration_s for span in seen if (part := span.overlap(TimeSpan(start_s, end_s)))) <= most_s
        for start_s, end_s in zip(ends_s[::2], ends_s[1::2], strict=True)
    )
