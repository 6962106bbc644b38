"""Percentile bootstrap by video: whole videos are drawn, since questions of one video rise and fall together.

Efron and Tibshirani, An Introduction to the Bootstrap, chapters 8 and 13 (cluster and percentile bootstrap).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from videostep.evaluate.statistics.sums import Estimate, Floats, SumTable

N_DRAWS: Final = 1_000
"""Times that the videos are drawn anew."""
DIGITS: Final = 6
"""That numbers are rounded to, so that no last digit depends on how a machine adds."""
_BLOCK: Final = 2**22
"""Numbers of times a video was drawn that are in memory at once (32 MB)."""
_TAILS: Final = (0.025, 0.975)


class Bootstrap:
    """One set of draws for all rates, so that differences between rates are paired."""

    def __init__(self, table: SumTable, *, n_draws: int = N_DRAWS, seed: int = 0) -> None:
        """Draw; equal tables and seeds give equal numbers."""
        self._column = {rate: number for number, rate in enumerate(table.rates)}
        self._points, self._sizes = table.points.sum(axis=0), table.sizes.sum(axis=0)
        self._present = table.sizes > 0
        self._drawn = _draw_shares(table, n_draws, seed)

    def estimate(self, rate: str) -> Estimate:
        """The share of one rate; raises KeyError for one without a question."""
        return self._estimate([(rate, 1.0)])

    def bounded(self, rates: Sequence[str], least: float, most: float) -> Estimate:
        """The mean of rates whose questions give `least` to `most` points: 0 to 1 for shares."""
        return beyond_the_sample(self.mean(rates), least, most)

    def mean(self, rates: Sequence[str]) -> Estimate:
        """The mean of several rates, each with the same weight however many questions it has."""
        return self._estimate([(rate, 1.0 / len(rates)) for rate in rates])

    def difference(self, rate: str, other: str) -> Estimate:
        """How much higher `rate` is than `other`, over the same draws of videos."""
        return self.difference_of_means([rate], [other])

    def difference_of_means(self, rates: Sequence[str], others: Sequence[str]) -> Estimate:
        """How much higher the mean of some rates is than that of others, over the same draws of videos."""
        parts = [(rate, 1.0 / len(rates)) for rate in rates]
        return self._estimate([*parts, *((other, -1.0 / len(others)) for other in others)])

    def _estimate(self, parts: Sequence[tuple[str, float]]) -> Estimate:
        columns = [self._column[rate] for rate, _ in parts]
        weights = np.array([weight for _, weight in parts])
        value = float((self._points[columns] / self._sizes[columns]) @ weights)
        low, high = _interval(self._drawn[:, columns] @ weights, int(self._present[:, columns].any(1).sum()))
        return Estimate(
            value=round(value, DIGITS),
            low=low,
            high=high,
            questions=int(self._sizes[columns].max()),
            videos=int(self._present[:, columns].any(axis=1).sum()),
        )


def beyond_the_sample(estimate: Estimate, least: float, most: float) -> Estimate:
    """A mean that is the same in all videos, with the interval that so many videos allow.

    No draw of videos that are all right has a wrong one, so the bootstrap's interval has no width. Clopper
    and Pearson 1934, each video taken for one trial: as large a share of all videos may be otherwise without
    showing in so many, and as far otherwise as points can be.
    """
    if estimate.low is None or estimate.low != estimate.high:
        return estimate
    unseen, value = 1 - _TAILS[0] ** (1 / estimate.videos), estimate.value
    low, high = value - (value - least) * unseen, value + (most - value) * unseen
    return estimate._replace(low=round(low, DIGITS), high=round(high, DIGITS))


def _interval(drawn: Floats, n_videos: int) -> tuple[float | None, float | None]:
    # A draw may have none of the few videos that a rate is about: it says nothing of it. Where most say
    # nothing, those that do are all alike, and their interval would be too narrow.
    told = drawn[~np.isnan(drawn)]
    if n_videos < 2 or 2 * len(told) < len(drawn):
        return None, None
    low, high = np.quantile(told, _TAILS)
    return round(float(low), DIGITS), round(float(high), DIGITS)


def _draw_shares(table: SumTable, n_draws: int, seed: int) -> Floats:
    """Draws x rates: the share of each rate among the videos of each draw; NaN where there is none."""
    blocks = [
        _divide(counts @ table.points, counts @ table.sizes)
        for counts in _draw_counts(len(table.points), n_draws, seed)
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, len(table.rates)))


def _draw_counts(n_videos: int, n_draws: int, seed: int) -> Iterator[Floats]:
    """How often each video is drawn, draws x videos, in blocks that fit into memory."""
    generator = np.random.default_rng(seed)
    at_once = max(1, _BLOCK // max(1, n_videos))
    for begin in range(0, n_draws, at_once):
        rows = min(at_once, n_draws - begin)
        counts = np.empty((rows, n_videos))
        for row in range(rows):
            drawn = generator.integers(n_videos, size=n_videos)
            counts[row] = np.bincount(drawn, minlength=n_videos)
        yield counts


def _divide(points: Floats, sizes: Floats) -> Floats:
    shares = np.full_like(points, np.nan)
    np.divide(points, sizes, out=shares, where=sizes > 0)
    return shares
