"""What a bootstrap by video needs: points, and how many questions gave them, per rate and video."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_BLOCK: Final = 2**19
"""Numbers of rates that wait to be summed: memory grows with videos and rates, not with questions."""


class SumsByVideo:
    """Adds up marks as they come."""

    def __init__(self) -> None:
        """Nothing is marked yet."""
        self._videos: dict[str, int] = {}
        self._rates: dict[str, int] = {}
        self._points, self._sizes = np.zeros((0, 0)), np.zeros((0, 0))
        # Of the marks that wait: video, points, number of rates; and all their rates one after the other.
        self._waiting = _Waiting()

    def rate(self, name: str) -> int:
        """The number of a rate, such as `all` or `steps: 2`; who has many marks for it asks once."""
        return self._rates.setdefault(name, len(self._rates))

    def add(self, rates: Sequence[int], video: str, points: float) -> None:
        """Count one question of a video.

        Args:
            rates: Under which it counts, each once, by their numbers.
            video: The question's video: questions of one video are not independent.
            points: 0..1 for an accuracy, -1..1 for a contrast, 0..5 for a judge's score.
        """
        self._waiting.add(self._videos.setdefault(video, len(self._videos)), rates, points)
        if len(self._waiting.rates) >= _BLOCK:
            self._sum()

    def table(self) -> SumTable:
        """The sums as arrays; videos and rates by name, so that the order of adding does not matter."""
        self._sum()
        rates = [name for name in sorted(self._rates) if self._sizes[:, self._rates[name]].any()]
        columns = [self._rates[name] for name in rates]
        rows = [self._videos[video] for video in sorted(self._videos)]
        return SumTable(
            rates=tuple(rates),
            points=self._points[np.ix_(rows, columns)],
            sizes=self._sizes[np.ix_(rows, columns)],
        )

    def _sum(self) -> None:
        shape = len(self._videos), len(self._rates)
        cells, points = self._waiting.cells(shape[1])
        self._points = _grown(self._points, shape) + _binned(cells, points, shape)
        self._sizes = _grown(self._sizes, shape) + _binned(cells, np.ones_like(points), shape)
        self._waiting = _Waiting()


class _Waiting:
    """Marks in few bytes each: their videos, points and numbers of rates, and all the rates in a row."""

    def __init__(self) -> None:
        self.videos, self.n_rates, self.rates, self.points = array("i"), array("i"), array("i"), array("d")

    def add(self, video: int, rates: Sequence[int], points: float) -> None:
        self.videos.append(video)
        self.n_rates.append(len(rates))
        self.rates.extend(rates)
        self.points.append(points)

    def cells(self, width: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """For each mark under each of its rates: the place in a table of that width, and the points."""
        times = np.array(self.n_rates, dtype=np.int64)
        rows = np.repeat(np.array(self.videos, dtype=np.int64), times)
        return rows * width + np.array(self.rates, dtype=np.int64), np.repeat(np.array(self.points), times)


def _binned(cells: npt.NDArray[np.int64], weights: Floats, shape: tuple[int, int]) -> Floats:
    sums = np.bincount(cells, weights=weights, minlength=shape[0] * shape[1])
    return sums.astype(np.float64).reshape(shape)


def _grown(table: Floats, shape: tuple[int, int]) -> Floats:
    """The table with rows and columns of zeros for what is new."""
    return np.pad(table, [(0, size - old) for size, old in zip(shape, table.shape, strict=True)])


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
