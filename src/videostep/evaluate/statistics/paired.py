"""Two models on the same questions: difference with interval by video, and McNemar's test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from scipy.special import bdtr

from videostep.evaluate.statistics.bootstrap import Bootstrap
from videostep.evaluate.statistics.sums import Estimate, SumsByVideo

_ALL: Final = "all"
_FIRST, _SECOND = "first/", "second/"


class PairedMark(NamedTuple):
    """One question that both models were asked."""

    video: str
    groups: tuple[str, ...]
    """Under which it counts besides `all`."""
    first: bool
    second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much better the second model is."""

    group: str
    first: Estimate
    second: Estimate
    difference: Estimate
    """Second minus first; the interval is by video."""
    only_first: int
    """Questions that only the first model got right."""
    only_second: int
    p_mcnemar: float
    """Two-sided exact McNemar test; it takes questions for independent, which those of one video are not."""


def compare(marks: Iterable[PairedMark]) -> tuple[Comparison, ...]:
    """Compare by group, `all` first; nothing without a question."""
    sums = SumsByVideo()
    discordant: dict[str, list[int]] = {}
    for mark in marks:
        groups = tuple(dict.fromkeys((_ALL, *mark.groups)))
        for side, right in ((_FIRST, mark.first), (_SECOND, mark.second)):
            sums.add([sums.rate(side + group) for group in groups], mark.video, right)
        for group in groups:
            only = discordant.setdefault(group, [0, 0])
            if mark.first != mark.second:
                only[mark.second] += 1
    bootstrap = Bootstrap(sums.table())
    order = sorted(discordant, key=lambda group: (group != _ALL, group))
    return tuple(_comparison(bootstrap, group, *discordant[group]) for group in order)


def _comparison(bootstrap: Bootstrap, group: str, only_first: int, only_second: int) -> Comparison:
    return Comparison(
        group=group,
        first=bootstrap.share([_FIRST + group]),
        second=bootstrap.share([_SECOND + group]),
        difference=bootstrap.difference(_SECOND + group, _FIRST + group),
        only_first=only_first,
        only_second=only_second,
        p_mcnemar=mcnemar_p(only_first, only_second),
    )


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Two-sided exact p: how probable so uneven a split of the questions on which two models differ is.

    McNemar 1947; exact by the binomial distribution with one half.
    """
    total = only_first + only_second
    tail = float(bdtr(min(only_first, only_second), total, 0.5)) if total else 1.0
    # By digits that count, since the smallest are far below any fixed place.
    return float(f"{min(1.0, 2 * tail):.6g}")
