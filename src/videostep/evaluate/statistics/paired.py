"""Two models on the same questions: difference with interval by video, and McNemar's test."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from scipy.special import bdtr

from videostep.evaluate.metrics.scale import Scale
from videostep.evaluate.statistics.bootstrap import Bootstrap, beyond_the_sample
from videostep.evaluate.statistics.sums import Estimate, SumsByVideo

_ALL: Final = "all"
_FIRST, _SECOND = "first/", "second/"


class PairedMark(NamedTuple):
    """One question that both models were asked."""

    video: str
    groups: tuple[str, ...]
    """Under which it counts besides `all`."""
    first: float
    """1 or 0 for right or wrong, or points."""
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much better the second model is."""

    group: str
    first: Estimate
    second: Estimate
    difference: Estimate
    """Second minus first; the interval is by video."""
    only_first: int
    """Questions that only the first model got right; of points, those on which it did better."""
    only_second: int
    p_mcnemar: float
    """Two-sided exact McNemar test; of points, the sign test, which is the same sum. It takes questions for
    independent, which those of one video are not."""


def compare(marks: Iterable[PairedMark], scale: Scale | None = None) -> tuple[Comparison, ...]:
    """Compare by group, `all` first; nothing without a question.

    Args:
        marks: Of the questions that both were asked.
        scale: Of points; None: they are right or wrong.
    """
    first_is_better = operator.lt if scale is not None and scale.less_is_better else operator.gt
    sums = SumsByVideo()
    discordant: dict[str, list[int]] = {}
    for mark in marks:
        groups = tuple(dict.fromkeys((_ALL, *mark.groups)))
        for side, right in ((_FIRST, mark.first), (_SECOND, mark.second)):
            sums.add([sums.rate(side + group) for group in groups], mark.video, right)
        for group in groups:
            only = discordant.setdefault(group, [0, 0])
            if mark.first != mark.second:
                only[0 if first_is_better(mark.first, mark.second) else 1] += 1
    bootstrap = Bootstrap(sums.table())
    order = sorted(discordant, key=lambda group: (group != _ALL, group))
    # Of points nobody says here how far they go.
    sure = beyond_the_sample if scale is None else lambda estimate, least, most: estimate
    return tuple(
        Comparison(
            group=group,
            first=sure(bootstrap.estimate(_FIRST + group), 0, 1),
            second=sure(bootstrap.estimate(_SECOND + group), 0, 1),
            difference=sure(bootstrap.difference(_SECOND + group, _FIRST + group), -1, 1),
            only_first=discordant[group][0],
            only_second=discordant[group][1],
            p_mcnemar=mcnemar_p(*discordant[group]),
        )
        for group in order
    )


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Two-sided exact p: how probable so uneven a split of the questions on which two models differ is.

    McNemar 1947; exact by the binomial distribution with one half.
    """
    total = only_first + only_second
    tail = float(bdtr(min(only_first, only_second), total, 0.5)) if total else 1.0
    # By digits that count, since the smallest are far below any fixed place.
    return float(f"{min(1.0, 2 * tail):.6g}")
