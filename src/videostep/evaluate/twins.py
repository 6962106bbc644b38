"""Twins: two questions of one video with the same outermost words, other inner ones, and other answers.

Who ignores the inner description answers both alike. Raw accuracy cannot tell luck from that; these can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.metrics.mark import Mark

Marker = Callable[[Item, str], Mark]
"""Marks the words of an answer."""


class Answered(NamedTuple):
    """A question with the words that were taken for its answer, and their mark."""

    item: Item
    answer: str
    mark: Mark


class TwinMark(NamedTuple):
    """How two twins were answered."""

    video: str
    groups: tuple[str, ...]
    """Those that both twins are in."""
    both_right: bool
    contrast: int | None
    """1: both right. -1: each answered with the other's answer. 0: anything else. None: the twins leave
    different answers to choose from, so that a guess could tell them apart; or nobody can say who swapped."""


def pair_twins(answered: Iterable[Answered], marker: Marker | None) -> Iterator[TwinMark]:
    """Mark every pair of twins that were both asked, once.

    Args:
        answered: Any questions; those without a twin are passed over.
        marker: Marks an answer against the twin's; None: there is no such marker, and no contrast.
    """
    waiting: dict[str, Answered] = {}
    for one in answered:
        if one.item.twin_of is None:
            continue
        other = waiting.pop(one.item.twin_of, None)
        if other is None or other.item.twin_of != one.item.id:
            waiting[one.item.id] = one
        else:
            yield _mark_pair(other, one, marker)


def _mark_pair(first: Answered, second: Answered, marker: Marker | None) -> TwinMark:
    both_right = bool(first.mark.right and second.mark.right)
    contrast: int | None = None
    if marker is not None and have_equal_candidates(first.item, second.item):
        swapped = _says_twins(first, second.item, marker) and _says_twins(second, first.item, marker)
        contrast = int(both_right) - int(swapped)
    return TwinMark(
        video=first.item.video,
        groups=tuple(group for group in groups_of(first.item) if group in groups_of(second.item)),
        both_right=both_right,
        contrast=contrast,
    )


def have_equal_candidates(one: Item, other: Item) -> bool:
    """Whether two twins leave the same answers to choose from, in the same order.

    The order counts: "always the first option" would else be right about both twins, or about neither.
    """
    return (one.kind, one.choices, one.outer_candidates) == (
        other.kind,
        other.choices,
        other.outer_candidates,
    )


def _says_twins(answered: Answered, twin: Item, marker: Marker) -> bool:
    asked = replace(answered.item, answer=twin.answer, answer_index=twin.answer_index)
    return bool(answered.answer) and bool(marker(asked, answered.answer).right)
