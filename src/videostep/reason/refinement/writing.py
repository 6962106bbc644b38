"""A meaning in words: any of the ways in which the grammar can say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from videostep.reason.hops import PERSONS
from videostep.reason.refinement.grammar import Grammar, Rule
from videostep.reason.refinement.reading import Lexicon, Meaning, Words


class Writer:
    """Says meanings by one grammar and one lexicon, drawing among the phrasings."""

    def __init__(self, grammar: Grammar, lexicon: Lexicon) -> None:
        self._grammar = grammar
        self._phrases = {symbol: _by_meaning(phrases) for symbol, phrases in lexicon.items()}

    def write(self, symbol: str, meaning: Meaning, rng: Random) -> str | None:
        """`meaning` as a phrase of `symbol`, without capital and end mark; None when it is none."""
        words = self._words(symbol, meaning, rng)
        return None if words is None else re.sub(r" (?=[,:;])", "", " ".join(words))

    def _words(self, symbol: str, meaning: Meaning, rng: Random) -> Words | None:
        phrases = self._phrases.get(symbol, {}).get(meaning, ())
        if phrases:
            return phrases[0]
        rules = [rule for rule in self._grammar.rules.get(symbol, ()) if _may_say(rule, meaning)]
        said = (self._by(rule, meaning, rng) for rule in rng.sample(rules, len(rules)))
        return next((words for words in said if words is not None), None)

    def _by(self, rule: Rule, meaning: Meaning, rng: Random) -> Words | None:
        inner = dict(meaning.slots)
        words: list[str] = []
        for part in rule.parts:
            if isinstance(part, str):
                words.append(part)
                continue
            said = self._words(part.symbol, inner[part.name] if rule.meaning else meaning, rng)
            if said is None:
                return None
            words += said
        return tuple(words)


def _may_say(rule: Rule, meaning: Meaning) -> bool:
    """Whether a rule is one for such a meaning, with the right pronoun for who or what it names."""
    if not rule.is_written:
        return False
    if not rule.meaning:
        return True
    if rule.meaning != meaning.name or {slot.name for slot in rule.slots} != {
        name for name, _ in meaning.slots
    }:
        return False
    label = dict(meaning.slots).get("label")
    is_person = label is not None and label.word in PERSONS
    return ("that" if is_person else "who") not in rule.parts


def _by_meaning(phrases: Mapping[Words, tuple[Meaning, ...]]) -> dict[Meaning, tuple[Words, ...]]:
    found: dict[Meaning, tuple[Words, ...]] = {}
    for words, meanings in phrases.items():
        for meaning in meanings:
            found[meaning] = (*found.get(meaning, ()), words)
    return found
