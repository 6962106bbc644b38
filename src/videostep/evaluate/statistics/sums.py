"""What a bootstrap by video needs: points, and how many questions gave them, per rate and video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class SumsByVideo:
    """Adds up marks as they come: memory grows with videos and rates, not with questions."""

    def __init__(self) -> None:
        """Nothing is marked yet."""
        self._videos: dict[str, int] = {}
        self._rates: dict[str, dict[int, list[float]]] = {}

    def add(self, rate: str, video: str, points: float) -> None:
        """Count one question of a video under a rate.

        Args:
            rate: What is measured, such as `all` or `steps: 2`.
            video: The question's video: questions of one video are not independent.
            points: 0..1 for an accuracy, -1..1 for a contrast, 0..5 for a judge's score.
        """
        place = self._videos.setdefault(video, len(self._videos))
        sums = self._rates.setdefault(rate, {}).setdefault(place, [0.0, 0.0])
        sums[0] += points
        sums[1] += 1.0

    def table(self) -> SumTable:
        """The sums as arrays; videos and rates by name, so that the order of adding does not matter."""
        videos, rates = sorted(self._videos), sorted(self._rates)
        row_of = {self._videos[video]: row for row, video in enumerate(videos)}
        points, sizes = np.zeros((len(videos), len(rates))), np.zeros((len(videos), len(rates)))
        for column, rate in enumerate(rates):
            for place, (sum_, size) in self._rates[rate].items():
                points[row_of[place], column] = sum_
                sizes[row_of[place], column] = size
        return SumTable(rates=tuple(rates), points=points, sizes=sizes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SumTable:
    """Points and numbers of questions, videos x rates."""

    rates: tuple[str, ...]
    points: Floats
    sizes: Floats


class Estimate(NamedTuple):
    """A share, or a difference of shares, with what it might be for other videos of the same kind."""

    value: float
    low: float | None
    """Of the 95 % interval; None where one video says nothing about others."""
    high: float | None
    questions: int
    videos: int
