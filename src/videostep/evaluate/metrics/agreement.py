"""How far two judges of the same replies agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from videostep.evaluate.metrics.mark import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Over the replies that both judged."""

    n: int
    equal: float | None
    """Share on which both say yes or both say no, 0..1; None without a reply."""
    kappa: float | None
    """Cohen's kappa: 1 in full agreement, 0 for what chance gives. None where chance gives everything,
    because
    both always said the same word."""
    points_apart: float | None
    """Mean difference of the points, 0..5."""
    unjudged: int
    """Replies that one of the two, or both, left unjudged."""


def agreement_of(pairs: Iterable[tuple[Mark, Mark]]) -> Agreement:
    """The agreement of two judges, from their marks of the same replies."""
    n = n_equal = n_first = n_second = unjudged = 0
    apart = 0.0
    for first, second in pairs:
        if first.right is None or second.right is None:
            unjudged += 1
            continue
        n += 1
        n_equal += first.right == second.right
        n_first += first.right
        n_second += second.right
        apart += abs((first.points or 0) - (second.points or 0))
    return Agreement(
        n=n,
        equal=n_equal / n if n else None,
        kappa=_kappa(n, n_equal, n_first, n_second),
        points_apart=apart / n if n else None,
        unjudged=unjudged,
    )


def _kappa(n: int, n_equal: int, n_first: int, n_second: int) -> float | None:
    """From counts: of replies, of equal verdicts, and of each judge's yes (Cohen, 1960)."""
    if not n:
        return None
    by_chance = n_first * n_second + (n - n_first) * (n - n_second)
    return (n_equal * n - by_chance) / (n * n - by_chance) if by_chance != n * n else None
