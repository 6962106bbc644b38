"""AGQA's indirect references: does a model that can answer the plain question answer the roundabout one?"""

from __future__ import annotations

from collections.abc import Iterable

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.score import Rate

RECALL = "indirect, recall"
"""Of the questions with indirect references that have a direct form, those answered right."""
PRECISION = "indirect, precision"
"""The same, among those whose direct form was answered right."""


def score_indirect(marked: Iterable[tuple[Item, Mark]]) -> dict[str, Rate]:
    """Precision and recall on indirect references, each once more for the binary and the open questions.

    After Grunde-McLaughlin et al., "AGQA", CVPR 2021, section 5. All replies must have been read before the
    first pair can be judged, so the ids of the right ones are held; the questions are not.
    """
    right = set[str]()
    indirect: list[tuple[str, str, bool, str]] = []
    for item, mark in marked:
        if mark.right:
            right.add(item.id)
        if item.direct_form is not None and item.direct_form != item.id and mark.right is not None:
            indirect.append((item.id, item.direct_form, mark.right, item.kind))
    rates: dict[str, Rate] = {}
    for _, direct_form, is_right, kind in indirect:
        for name in (RECALL, PRECISION) if direct_form in right else (RECALL,):
            for group in (name, f"{name}, {kind}"):
                rate = rates.setdefault(group, Rate())
                rate.n += 1
                rate.right += is_right
    return rates
