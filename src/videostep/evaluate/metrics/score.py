"""Marks summed by group: the numbers of a table, each with the count that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.benchmarks.item import ALL, Item, groups_of
from videostep.evaluate.metrics.mark import Mark


@dataclass(slots=True)
class Rate:
    """How many of a group are right."""

    n: int = 0
    """Questions that count; those that a judge failed on are left out."""
    right: int = 0
    points: float = 0.0
    """Sum of the protocol's points; 0 where it gives none."""

    @property
    def accuracy(self) -> float | None:
        """Share of right ones, 0..1; None of an empty group. A protocol that only gives points has none."""
        return self.right / self.n if self.n else None

    @property
    def mean_points(self) -> float | None:
        """Points a question, by the protocol's scale; None of an empty group."""
        return self.points / self.n if self.n else None


@dataclass(slots=True, kw_only=True)
class Score:
    """A benchmark's numbers under one protocol."""

    benchmark: str
    scoring: Scoring
    rates: dict[str, Rate] = field(default_factory=dict)
    """Group to its rate; "all" is every question."""
    faults: Counter[str] = field(default_factory=Counter)
    """Why nothing could be read from a reply, and how often."""

    @property
    def all(self) -> Rate:
        """Of every question."""
        return self.rates.get(ALL, Rate())

    def mean_of(self, groups: Iterable[str]) -> float | None:
        """Mean of the groups' accuracies, each weighing the same; None when one of them is empty."""
        accuracies = [self.rates.get(group, Rate()).accuracy for group in groups]
        known = [accuracy for accuracy in accuracies if accuracy is not None]
        return sum(known) / len(known) if known and len(known) == len(accuracies) else None


def score_marks(benchmark: str, scoring: Scoring, marked: Iterable[tuple[Item, Mark]]) -> Score:
    """Sum marks by group; `marked` is read once and may be endless-long: nothing of it is kept."""
    score = Score(benchmark=benchmark, scoring=scoring)
    # Most questions count in the same groups as many others.
    rates_of: dict[tuple[tuple[str, ...], int | None], list[Rate]] = {}
    for item, mark in marked:
        if mark.fault:
            score.faults[mark.fault] += 1
        if mark.right is None and mark.points is None:
            continue
        key = item.groups, item.n_steps
        if key not in rates_of:
            rates_of[key] = [score.rates.setdefault(group, Rate()) for group in groups_of(item)]
        for rate in rates_of[key]:
            rate.n += 1
            rate.right += bool(mark.right)
            rate.points += mark.points or 0
    return score
