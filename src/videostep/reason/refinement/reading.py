"""What a text can mean: all its readings by a grammar and the words of a graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from videostep.reason.refinement.grammar import Grammar, Rule, Slot

Words = tuple[str, ...]


class Meaning(NamedTuple):
    """What a phrase says: a name, and by slot what its parts say."""

    name: str
    """Of a grammar's meaning; of a word of the graph its kind: `label`, `motion`, an attribute's name."""
    slots: tuple[tuple[str, Meaning], ...] = ()
    word: str = ""
    """The word of the graph, as it stands there."""

    def walk(self) -> Iterator[Meaning]:
        """This meaning and all inside it."""
        yield self
        for _, inner in self.slots:
            yield from inner.walk()


Lexicon = Mapping[str, Mapping[Words, tuple[Meaning, ...]]]
"""Symbol to the phrases that it can be, and what each of them may mean."""

MOST_WORDS = 100
"""Longer sentences have no reading: no sample needs them, and a model may write without end."""
_TOKEN = re.compile(r"'s\b|[^\W_]+(?:[-'][^\W_]+)*?(?='s\b|n't\b)|n't\b|[^\W_]+(?:[-'][^\W_]+)*|[:;,]")
_SAME = {
    "was": "is",
    "were": "are",
    "did": "does",
    "color": "colour",
    "colors": "colours",
    "gray": "grey",
    "n't": "not",
    "who's": "who is",
}
"""Tenses and spellings that change nothing."""


def tokens(text: str) -> Words:
    """The words of a text as readers see them: lower case, one spelling, with the marks inside it."""
    return tuple(_SAME.get(word, word) for word in _TOKEN.findall(text.lower()))


class Reader:
    """Reads texts by one grammar and one lexicon."""

    def __init__(self, grammar: Grammar, lexicon: Lexicon) -> None:
        self._grammar, self._lexicon = grammar, lexicon
        self._words: Words = ()
        self._known: dict[tuple[str, int], tuple[tuple[int, Meaning], ...]] = {}

    def readings(self, symbol: str, text: str) -> frozenset[Meaning]:
        """Everything that the whole text can mean as a phrase of `symbol`; empty when it is none."""
        self._words, self._known = tokens(text), {}
        if len(self._words) > MOST_WORDS:
            return frozenset()
        return frozenset(meaning for end, meaning in self._phrases(symbol, 0) if end == len(self._words))

    def _phrases(self, symbol: str, start: int) -> tuple[tuple[int, Meaning], ...]:
        key = (symbol, start)
        found = self._known.get(key)
        if found is None:
            every = (*self._lexical(symbol, start), *self._ruled(symbol, start))
            found = self._known[key] = tuple(dict.fromkeys(every))
        return found

    def _lexical(self, symbol: str, start: int) -> Iterator[tuple[int, Meaning]]:
        for words, meanings in self._lexicon.get(symbol, {}).items():
            if self._words[start : start + len(words)] == words:
                for meaning in meanings:
                    yield start + len(words), meaning

    def _ruled(self, symbol: str, start: int) -> Iterator[tuple[int, Meaning]]:
        for rule in self._grammar.rules.get(symbol, ()):
            for end, slots in self._parts(rule, 0, start):
                if not rule.meaning:
                    yield end, next(iter(slots.values()))
                elif "choice" not in rule.meaning or slots["one"].name == slots["two"].name:
                    yield end, Meaning(rule.meaning, tuple(sorted(slots.items())))

    def _parts(self, rule: Rule, number: int, start: int) -> Iterator[tuple[int, dict[str, Meaning]]]:
        """Ways to read the parts of a rule from `number` on; a slot that comes twice means the same twice."""
        while number < len(rule.parts):
            part = rule.parts[number]
            if isinstance(part, Slot):
                yield from self._slot(rule, number, part, start)
                return
            if self._words[start : start + 1] == (part,):
                start += 1
            elif part != ",":
                return
            number += 1
        yield start, {}

    def _slot(
        self, rule: Rule, number: int, slot: Slot, start: int
    ) -> Iterator[tuple[int, dict[str, Meaning]]]:
        for middle, meaning in self._phrases(slot.symbol, start):
            for end, rest in self._parts(rule, number + 1, middle):
                if rest.get(slot.name, meaning) == meaning:
                    yield end, {**rest, slot.name: meaning}
