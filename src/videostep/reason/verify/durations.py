"""Comparing pieces of time as a viewer would: differences that nobody can tell are no answers."""

from __future__ import annotations

from videostep.errors import AmbiguousError
from videostep.video import TimeSpan

JUST_SEEN_S = 0.5
"""Less than this between two moments, or two lengths, nobody can tell, seconds."""
_JUST_SEEN_SHARE = 0.2
"""Nor a difference of two lengths that is a smaller share of the longer one."""
_SLACK_S = 1e-6
"""What is short of a limit by less than this reaches it, seconds: times in files have four decimals."""


def are_told_apart(first_s: float, second_s: float, every_s: float = 0.0) -> bool:
    """Whether a viewer can say which of two moments comes first; `every_s`: see `Facts`, here and below."""
    return abs(first_s - second_s) >= max(JUST_SEEN_S, every_s) - _SLACK_S


def differ_in_length(first: TimeSpan, second: TimeSpan, every_s: float = 0.0) -> bool:
    """Whether a viewer can say which of two pieces of time is the longer one."""
    longer_s = max(first.duration_s, second.duration_s)
    least_s = max(JUST_SEEN_S, _JUST_SEEN_SHARE * longer_s, 2 * every_s) - _SLACK_S
    return abs(first.duration_s - second.duration_s) >= least_s


def is_longer(first: TimeSpan, second: TimeSpan, every_s: float = 0.0) -> bool:
    """Whether `first` lasts longer; raise AmbiguousError when nobody can tell."""
    if not differ_in_length(first, second, every_s):
        raise AmbiguousError("the two last about as long")
    return first.duration_s > second.duration_s


def ends_before(first: TimeSpan, second: TimeSpan, every_s: float = 0.0) -> bool:
    """Whether `first` has surely ended when `second` begins."""
    return second.start_s - first.end_s >= max(0.0, every_s - _SLACK_S)


def overlap(first: TimeSpan, second: TimeSpan, every_s: float = 0.0) -> bool:
    """Whether the two happen at the same time; raise AmbiguousError when nobody can tell."""
    if ends_before(first, second, every_s) or ends_before(second, first, every_s):
        return False
    common = first.overlap(second)
    enough_s = min(JUST_SEEN_S, min(first.duration_s, second.duration_s) / 2) + every_s
    if common is None or common.duration_s < enough_s - _SLACK_S:
        raise AmbiguousError("the two hardly happen at the same time")
    return True
