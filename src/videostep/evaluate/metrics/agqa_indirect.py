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
        """No mark is known yet."""
        self._right = set[str]()
        self._direct_forms: list[str] = []
        self._indirect: list[tuple[str, str, bool]] = []
        # Many questions are of one video and kind: they share one entry.
        self._entries: dict[tuple[str, str, bool], tuple[str, str, bool]] = {}

    def add(self, item: Item, mark: Mark) -> None:
        """Take the mark of any question."""
        if mark.right:
            self._right.add(item.id)
        if item.direct_form is not None and item.direct_form != item.id and mark.right is not None:
            entry = item.video, item.kind, mark.right
            self._direct_forms.append(item.direct_form)
            self._indirect.append(self._entries.setdefault(entry, entry))

    def marks(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """Video, groups, and whether it is right, of every question with a direct form."""
        for direct_form, (video, kind, is_right) in zip(self._direct_forms, self._indirect, strict=True):
            names = (RECALL, PRECISION) if direct_form in self._right else (RECALL,)
            yield video, (*names, *(f"{name}, {kind}" for name in names)), is_right


def score_indirect(marked: Iterable[tuple[Item, Mark]]) -> dict[str, Rate]:
    """Precision and recall on indirect references, each once more for the binary and the open questions.

    After Grunde-McLaughlin et al., "AGQA", CVPR 2021. Their published code
    (github.com/madeleinegrunde/AGQA_baselines_code) does not compute them.
    """
    references = IndirectReferences()
    for item, mark in marked:
        references.add(item, mark)
    rates: dict[str, Rate] = {}
    for _, groups, is_right in references.marks():
        for group in groups:
            rate = rates.setdefault(group, Rate())
            rate.n += 1
            rate.right += is_right
    return rates
