"""What a text says of what: a word counts only where it is said of the thing that it is so of."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from typing import NamedTuple

from videostep.reason.verify.words import stem, stems

_TOKEN = re.compile(r"[^\W_]+|[.,;:!?]")
_MARKS = frozenset(".,;:!?")
_DENYING = frozenset({"not", "no", "never", "neither", "nor", "without"})
_RELATIVE = frozenset({"which", "who", "whose"})
"""A clause that begins so speaks of what was named last."""


class Nouns(NamedTuple):
    """The nouns of a graph, as stems."""

    every: frozenset[str]
    """What its things and their parts are called."""
    parts: frozenset[str]
    """What of a thing may have a colour of its own: its top, its trousers."""


class Topic(NamedTuple):
    """What a word is to be said of, as stems."""

    owners: frozenset[str]
    """Nouns that a clause about it may begin with."""
    part: str = ""
    """The part of a thing that has the colour that is told."""
    is_value: bool = False
    """Whether the word is what something has, so that a noun right behind it would be the one that has it."""
    other: frozenset[str] = frozenset()
    """Of a relation: nouns of its other end, which alone may follow in the same clause."""


class _Place(NamedTuple):
    """Where a phrase stands: the words of its clause before and behind it, and the noun before the clause."""

    before: tuple[str, ...]
    behind: tuple[str, ...]
    last_noun: str


@functools.lru_cache(maxsize=4096)
def heads(label: str) -> frozenset[str]:
    """The stems of the last words of a label, of each of its names: `phone or camera`."""
    return frozenset(stems(name)[-1] for name in label.split(" or ") if stems(name))


def part_of(attribute: str) -> str:
    """The stem of what an attribute is the colour of: `top colour` is that of a top; else empty."""
    part, _, name = attribute.rpartition(" ")
    return stems(part)[-1] if name == "colour" and stems(part) else ""


def tells(text: str, phrase: str, topic: Topic, nouns: Nouns) -> bool:
    """Whether `text` says `phrase`, in some form, of its topic, and does not deny it there."""
    wanted = stems(phrase)
    if not wanted:  # a value without a letter has no place in a sentence
        return phrase in text
    return any(_is_told(place, topic, nouns) for place in _places(text, wanted, nouns))


def _is_told(place: _Place, topic: Topic, nouns: Nouns) -> bool:
    if not _DENYING.isdisjoint(place.before):
        return False
    named = [word for word in place.before if word in nouns.every or word in topic.owners]
    if not named and place.before[:1] and place.before[0] in _RELATIVE:
        named = [place.last_noun]
    if named and named[0] not in topic.owners:
        return False
    follows = [word for word in place.behind if word in nouns.every]
    if topic.other and follows:
        return follows[0] in topic.other
    if not topic.is_value:
        return True
    if follows and place.behind[0] == follows[0]:  # "a black top"
        return follows[0] in ({topic.part} if topic.part else topic.owners)
    parts = [word for word in named if word in nouns.parts]
    return not named or parts[:1] == ([topic.part] if topic.part else [])


def _places(text: str, phrase: tuple[str, ...], nouns: Nouns) -> list[_Place]:
    """Everywhere that `phrase` stands; labels may hold commas, so it is looked for across clauses."""
    words, clauses = _words_of(text)
    found = list[_Place]()
    for start, word in enumerate(words):
        end = start + len(phrase)
        if word == phrase[0] and words[start:end] == phrase:
            first, beyond = clauses.index(clauses[start]), bisect_right(clauses, clauses[end - 1])
            last = next((word for word in reversed(words[:first]) if word in nouns.every), "")
            found.append(_Place(words[first:start], words[end:beyond], last))
    return found


@functools.lru_cache(maxsize=64)
def _words_of(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The stems of a text's words, and for each the number of its clause."""
    words, clauses, clause = list[str](), list[int](), 0
    for token in _TOKEN.findall(text):
        if token in _MARKS:
            clause += 1
        else:
            words.append(stem(token.lower()))
            clauses.append(clause)
    return tuple(words), tuple(clauses)
