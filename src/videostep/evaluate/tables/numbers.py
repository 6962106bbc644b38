"""Numbers as they stand in tables."""

from __future__ import annotations

from videostep.evaluate.statistics.seeds import Spread
from videostep.evaluate.statistics.sums import Estimate

NONE = "-"
"""Of a cell that has no number."""


def percent(estimate: Estimate | None, spread: Spread | None = None) -> str:
    """`39.2 [37.9, 40.5]`: per cent with its 95 % interval, and over several seeds their deviation."""
    if estimate is None:
        return NONE
    return _with_interval(estimate, spread, scale=100)


def points(estimate: Estimate | None, spread: Spread | None = None, *, factor: int = 1) -> str:
    """Points, such as a judge's 0 to 5, times `factor`, with their interval.

    Where all videos have the same, no draw differs from another, which says nothing of other videos: such an
    interval without width is left out.
    """
    if estimate is None:
        return NONE
    if estimate.low == estimate.high:
        estimate = estimate._replace(low=None, high=None)
    return _with_interval(estimate, spread, scale=factor, digits=2)


def difference(estimate: Estimate | None, *, factor: int = 100, digits: int = 1) -> str:
    """`+1.4 [+0.2, +2.6]`: percentage points, or others by their factor."""
    if estimate is None:
        return NONE
    return _with_interval(estimate, None, scale=factor, digits=digits, sign="+")


def share(part: int, whole: int) -> str:
    """`21.7` of a hundred."""
    return f"{100 * part / whole:.1f}" if whole else NONE


def _with_interval(
    estimate: Estimate, spread: Spread | None, *, scale: int, digits: int = 1, sign: str = ""
) -> str:
    number = f"{estimate.value * scale:{sign}.{digits}f}"
    if spread is not None and spread.deviation is not None:
        number += f" ±{spread.deviation * scale:.{digits}f}"
    if estimate.low is None or estimate.high is None:
        return number
    return f"{number} [{estimate.low * scale:{sign}.{digits}f}, {estimate.high * scale:{sign}.{digits}f}]"
