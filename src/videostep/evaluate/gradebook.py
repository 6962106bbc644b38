"""Marks by condition, measure and group, and the numbers with intervals that they come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from videostep.evaluate.statistics.bootstrap import Bootstrap
from videostep.evaluate.statistics.seeds import Spread, spread_of
from videostep.evaluate.statistics.sums import Estimate, SumsByVideo

Measure = Literal["accuracy", "points", "twin", "contrast", "chain"]
"""`accuracy`: share of right answers. `points`: a judge's, 0 to 5. `twin`: both of two twins right.
`contrast`: both right minus both swapped. `chain`: answer and every step of the explanation right."""

_POINTS: Final[Mapping[Measure, tuple[float, float]]] = {
    "accuracy": (0.0, 1.0),
    "twin": (0.0, 1.0),
    "contrast": (-1.0, 1.0),
    "chain": (0.0, 1.0),
}
"""The least and the most that a question can give; those of a judge's points are its protocol's."""
MEAN: Final = "mean of types"
"""The group of a benchmark's headline, where that is a mean over groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of numbers: the same measure of the same replies, by group."""

    condition: str
    """`answer`, `answer.blind-question` ..., or a rule that asks no model, such as `majority`."""
    measure: Measure
    groups: dict[str, Estimate]
    """Over several seeds their mean."""
    seeds: dict[str, Spread] = field(default_factory=dict)
    """By group; of several seeds only."""


class Gradebook:
    """Takes marks one by one; nothing of a question is kept but its points and where they count."""

    def __init__(self, mean_of: tuple[str, ...] = ()) -> None:
        """`mean_of`: groups whose mean is a number of its own, called `MEAN`."""
        self._mean_of = mean_of
        self._sums = SumsByVideo()
        self._rows: dict[tuple[str, Measure], dict[int, dict[str, int]]] = defaultdict(
            lambda: defaultdict(dict)
        )

    def add(
        self,
        condition: str,
        measure: Measure,
        video: str,
        groups: Sequence[str],
        points: float,
        *,
        seed: int = 0,
    ) -> None:
        """Count one question under all its groups."""
        rates = self._rows[condition, measure][seed]
        for group in groups:
            if group not in rates:
                rates[group] = self._sums.rate(_rate(condition, measure, seed, group))
        self._sums.add([rates[group] for group in groups], video, points)

    def close(self) -> Grades:
        """Draw the videos and work everything out."""
        bootstrap = Bootstrap(self._sums.table())
        seeds = {row: sorted(by_seed) for row, by_seed in self._rows.items()}
        series = tuple(
            _series(bootstrap, condition, measure, by_seed, self._mean_of)
            for (condition, measure), by_seed in self._rows.items()
        )
        return Grades(series=series, _bootstrap=bootstrap, _seeds=seeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """All series, and the draws for what lies between them."""

    series: tuple[Series, ...]
    _bootstrap: Bootstrap = field(repr=False)
    _seeds: dict[tuple[str, Measure], list[int]] = field(repr=False)

    def difference(self, condition: str, other: str, measure: Measure = "accuracy") -> Estimate | None:
        """How much higher one condition lies than another, paired by video; None where one was not tried."""
        seeds = self._seeds.get((condition, measure)), self._seeds.get((other, measure))
        if not seeds[0] or not seeds[1]:
            return None
        ours, theirs = (
            [_rate(name, measure, seed, "all") for seed in used]
            for name, used in zip((condition, other), seeds, strict=True)
            if used
        )
        return self._bootstrap.difference_of_means(ours, theirs)


def _series(
    bootstrap: Bootstrap,
    condition: str,
    measure: Measure,
    by_seed: Mapping[int, Mapping[str, int]],
    mean_of: tuple[str, ...],
) -> Series:
    everywhere = sorted(set.intersection(*map(set, by_seed.values())))
    rates = {
        group: [_rate(condition, measure, seed, group) for seed in sorted(by_seed)] for group in everywhere
    }
    groups = {group: _estimate(bootstrap, measure, of_group) for group, of_group in rates.items()}
    if mean_of and rates.keys() >= set(mean_of):
        of_types = _estimate(bootstrap, measure, [rate for group in mean_of for rate in rates[group]])
        groups[MEAN] = of_types._replace(questions=sum(groups[group].questions for group in mean_of))
    return Series(
        condition=condition,
        measure=measure,
        groups=groups,
        seeds={group: _spread(bootstrap, of_group) for group, of_group in rates.items()}
        if len(by_seed) > 1
        else {},
    )


def _estimate(bootstrap: Bootstrap, measure: Measure, rates: Sequence[str]) -> Estimate:
    if measure not in _POINTS:
        return bootstrap.mean(rates)
    return bootstrap.bounded(rates, *_POINTS[measure])


def _spread(bootstrap: Bootstrap, rates: Sequence[str]) -> Spread:
    return spread_of([bootstrap.estimate(rate).value for rate in rates])


def _rate(condition: str, measure: Measure, seed: int, group: str) -> str:
    return "\t".join((condition, measure, str(seed), group))
