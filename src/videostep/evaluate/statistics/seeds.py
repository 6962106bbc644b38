"""Several runs that differ in their seed only: their mean, and how far they lie apart."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from videostep.evaluate.statistics.bootstrap import DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A number that was measured once for each seed."""

    runs: int
    mean: float
    deviation: float | None
    """Sample standard deviation (n - 1); None of one run, whose spread nobody knows."""
    low: float
    high: float


def spread_of(values: Sequence[float]) -> Spread:
    """Mean and spread; raises ValueError without a value."""
    if not values:
        raise ValueError("a spread needs a value")
    return Spread(
        runs=len(values),
        mean=round(statistics.fmean(values), DIGITS),
        deviation=round(statistics.stdev(values), DIGITS) if len(values) > 1 else None,
        low=min(values),
        high=max(values),
    )
