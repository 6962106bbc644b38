"""A reply that explains first: where its answer begins, and which of the true steps its explanation holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from videostep.evaluate.benchmarks.item import Item, SubQuestion

_MARKER: Final = re.compile(
    r"\b(?:so,?\s+|therefore,?\s+|thus,?\s+)?(?:the\s+)?(?:final\s+|correct\s+|right\s+)?answer\s*(?:is\b\s*:?|:)\s*",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


class Explained(NamedTuple):
    """A reply in its two parts."""

    rationale: str
    answer: str
    """Empty where the reply names none: it is never guessed from the explanation."""


def split_reply(reply: str) -> Explained:
    """Cut a reply behind its last "the answer is", or "Answer:"."""
    markers = list(_MARKER.finditer(reply))
    if not markers:
        return Explained(reply.strip(), "")
    last = markers[-1]
    answer = reply[last.end() :].strip().partition("\n")[0]
    return Explained(
        reply[: last.start()].strip(), answer.strip().removesuffix(".").strip().strip('"').strip()
    )


def chain_is_right(item: Item, rationale: str) -> bool:
    """Whether an explanation holds every true step but the last, whose answer is the answer.

    Read by words, strictly: what is said in other words does not count, so that the share is a lower bound.
    A step holds where one sentence has all content words of its true statement and denies as often as that
    does; without a statement, where one sentence has the words of its answer.
    """
    sentences = [_words(sentence) for sentence in _SENTENCE.split(rationale) if sentence.strip()]
    return all(_holds(step, sentences) for step in item.sub_questions[:-1])


def _holds(step: SubQuestion, sentences: Sequence[list[str]]) -> bool:
    if step.statement:
        wanted = _words(step.statement)
        return any(_says(sentence, wanted) for sentence in sentences)
    return any(_contains(sentence, _words(step.answer)) for sentence in sentences)


def _says(sentence: list[str], statement: list[str]) -> bool:
    return _content(statement) <= _content(sentence) and _denials(sentence) == _denials(statement)


def _contains(sentence: list[str], words: list[str]) -> bool:
    starts = range(len(sentence) - len(words) + 1)
    return any(sentence[start : start + len(words)] == words for start in starts)


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _WORD.finditer(text)]


def _content(words: list[str]) -> set[str]:
    return set(words) - _LITTLE - _NEGATIONS


def _denials(words: list[str]) -> int:
    return sum(word in _NEGATIONS for word in words)


_LITTLE: Final = frozenset(
    _words(
        """a an the is are was were be been being do does did has have had it its this that these those there
        then and so in on at of to as"""
    )
)
_NEGATIONS: Final = frozenset(
    _words(
        """no not never none nothing nobody neither nor cannot isn't aren't wasn't weren't doesn't don't
        didn't"""
    )
)
