"""AGQA's indirect references: does a model that can answer the plain question answer the roundabout one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.score import Rate

RECALL = "indirect, recall"
"""Of the questions with indirect references that have a direct form, those answered right."""
PRECISION = "indirect, precision"
"""The same, among those whose direct form was answered right."""


class IndirectReferences:
    """Gathers marks; all must be in before the first pair can be judged. Ids are held, questions are not."""

    def __init__(self) -> None:
        self._right = set[str]()
        self._indirect: list[tuple[str, str, bool, str]] = []

    def add(self, item: Item, mark: Mark) -> None:
        """Take the mark of any question."""
        if mark.right:
            self._right.add(item.id)
        if item.direct_form is not None and item.direct_form != item.id and mark.right is not None:
            self._indirect.append((item.video, item.direct_form, mark.right, item.kind))

    def marks(self) -> Iterator[tuple[str, str, bool]]:
        """(video, group, whether right) of every question with a direct form, in each group it counts in."""
        for video, direct_form, is_right, kind in self._indirect:
            for name in (RECALL, PRECISION) if direct_form in self._right else (RECALL,):
                yield video, name, is_right
                yield video, f"{name}, {kind}", is_right


def score_indirect(marked: Iterable[tuple[Item, Mark]]) -> dict[str, Rate]:
    """Precision and recall on indirect references, each once more for the binary and the open questions.

    After Grunde-McLaughlin et al., "AGQA", CVPR 2021, section 5.
    """
    references = IndirectReferences()
    for item, mark in marked:
        references.add(item, mark)
    rates: dict[str, Rate] = {}
    for _, group, is_right in references.marks():
        rate = rates.setdefault(group, Rate())
        rate.n += 1
        rate.right += is_right
    return rates
