"""What a bootstrap by video needs: points, and how many questions gave them, per rate and video."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


Column = dict[int, list[float]]
"""Place of a video to its points and questions under one rate."""


class SumsByVideo:
    """Adds up marks as they come: memory grows with videos and rates, not with questions."""

    def __init__(self) -> None:
        """Nothing is marked yet."""
        self._videos: dict[str, int] = {}
        self._rates: dict[str, Column] = {}

    def add(self, rate: str, video: str, points: float) -> None:
        """Count one question of a video under a rate.

        Args:
            rate: What is measured, such as `all` or `steps: 2`.
            video: The question's video: questions of one video are not independent.
            points: 0..1 for an accuracy, -1..1 for a contrast, 0..5 for a judge's score.
        """
        self.add_to((self.column(rate),), video, points)

    def column(self, rate: str) -> Column:
        """Where a rate is added up: who has many questions for the same rates looks it up once."""
        return self._rates.setdefault(rate, {})

    def add_to(self, columns: Iterable[Column], video: str, points: float) -> None:
        """Count one question of a video under several rates."""
        place = self._videos.setdefault(video, len(self._videos))
        for column in columns:
            sums = column.get(place)
            if sums is None:
                column[place] = [points, 1.0]
            else:
                sums[0] += points
                sums[1] += 1.0

    def table(self) -> SumTable:
        """The sums as arrays; videos and rates by name, so that the order of adding does not matter."""
        videos, rates = sorted(self._videos), sorted(rate for rate, column in self._rates.items() if column)
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
