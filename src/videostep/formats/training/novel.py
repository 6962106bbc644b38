"""Novel compositions: held-out questions that bring together what the train split shows only apart.

As AGQA 2.0's, but over all pairs of a question's concepts instead of its hand-picked four kinds.
"""

from __future__ import annotations

import json
import re
from itertools import combinations

from videostep.sample import Sample

Pair = tuple[str, str]
_CONCEPT = re.compile(r'"(?:[^"\\]|\\.)*"|\b(?:before|after|while)(?=\()')


def concepts_of(sample: Sample) -> tuple[str, ...]:
    """What a question is made of, sorted.

    The words of its program (labels, names, values, predicates, `before`, `after`, `while`), and its answer
    if that is an open one.
    """
    found = (match[0] for match in _CONCEPT.finditer(sample.program))
    concepts = {json.loads(word) if word.startswith('"') else word for word in found}
    if sample.answer_kind == "open":
        concepts.add(sample.answer)
    return tuple(sorted(concepts))


class SeenInTrain:
    """The concepts of the train split, and which of them come together in one question.

    It grows with the vocabulary, not with the samples.
    """

    def __init__(self) -> None:
        """Nothing is seen yet."""
        self._concepts: set[str] = set()
        self._pairs: set[Pair] = set()

    def add(self, sample: Sample) -> None:
        """See a sample of the train split."""
        concepts = concepts_of(sample)
        self._concepts.update(concepts)
        self._pairs.update(combinations(concepts, 2))

    def novel_pairs(self, sample: Sample) -> tuple[Pair, ...]:
        """Pairs of a held-out sample whose halves were seen, but never together; in order."""
        known = (concept for concept in concepts_of(sample) if concept in self._concepts)
        return tuple(pair for pair in combinations(known, 2) if pair not in self._pairs)
