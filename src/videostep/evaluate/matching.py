"""One-to-one matching of two sides by weight: greedy, and best in total (Hungarian)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Weights = Mapping[tuple[str, str], float]
"""Positive weight by (id on the left, id on the right); a pair that is not named cannot be matched."""
Matcher = Callable[[Weights], dict[str, str]]
"""Left id to right id, each at most once; the same weights in any order give the same matching."""
Method = Literal["hungarian", "greedy"]


def match_greedily(weights: Weights) -> dict[str, str]:
    """Take the heaviest pair whose ends are both free, again and again; of equal ones the first by id."""
    match: dict[str, str] = {}
    taken: set[str] = set()
    for left, right in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if left not in match and right not in taken:
            match[left] = right
            taken.add(right)
    return match


def match_best(weights: Weights) -> dict[str, str]:
    """The matching of the greatest total weight (Kuhn 1955, "Hungarian").

    Groups of pairs that share no end are solved apart, so that time and memory follow the largest
    group and not all pairs.
    """
    match: dict[str, str] = {}
    for group in _groups(weights):
        match |= _solve(group)
    return match


MATCHERS: Final[Mapping[Method, Matcher]] = {"hungarian": match_best, "greedy": match_greedily}


def _groups(weights: Weights) -> list[dict[tuple[str, str], float]]:
    """Pairs by connected component, in the order of ids."""
    if len(weights) < 2:
        return [dict(weights)] if weights else []
    pairs = sorted(weights)
    lefts = {left: number for number, left in enumerate(dict.fromkeys(left for left, _ in pairs))}
    rights = {right: len(lefts) + n for n, right in enumerate(dict.fromkeys(right for _, right in pairs))}
    rows = [lefts[left] for left, _ in pairs]
    columns = [rights[right] for _, right in pairs]
    size = len(lefts) + len(rights)
    edges = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
    _, component_of = connected_components(edges, directed=False)
    groups: dict[int, dict[tuple[str, str], float]] = defaultdict(dict)
    for pair, row in zip(pairs, rows, strict=True):
        groups[int(component_of[row])][pair] = weights[pair]
    return list(groups.values())


def _solve(weights: Weights) -> dict[str, str]:
    if len(weights) == 1:
        return dict(weights.keys())
    lefts = sorted({left for left, _ in weights})
    rights = sorted({right for _, right in weights})
    table = np.array([[weights.get((left, right), 0.0) for right in rights] for left in lefts])
    rows, columns = linear_sum_assignment(table, maximize=True)
    chosen = ((lefts[row], rights[column]) for row, column in zip(rows, columns, strict=True))
    return {left: right for left, right in chosen if (left, right) in weights}
