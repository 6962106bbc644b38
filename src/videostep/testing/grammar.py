"""Rules of English that the sentences of samples keep. Each finds one kind of fault, and is sure of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

Finder = Callable[[str], str | None]
"""The faulty words of a text, or None."""

_VOWEL_SOUND = r"(?:[aeio](?!ne\b|uro)|u(?!ni|se|su|ti|k)|hour|honest|heir)"
_UNCOUNTED = (
    "clothes|food|glasses|grass|groceries|jeans|luggage|medicine|paper|rice|sand|scissors|snow|stairs|"
    "trousers|vegetables|water"
)
_ENDS = r"(?=[.,:;?]|\s+(?:is|are|in|on|at|next|that|who|whom|which|to|beside|behind|below|above|inside)\b)"
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NOUN = r"(?:\w+ ){0,2}?\w+"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, and what breaks it."""

    name: str
    find: Finder


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a text breaks a rule."""

    rule: str
    words: str


def _search(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.IGNORECASE)
    return found[0] if found else None


def _matching(pattern: str) -> Finder:
    return partial(_search, pattern)


def _unfinished(text: str) -> str | None:
    return None if text.endswith((".", "?")) and not text.endswith(("..", "??", ".?", "?.")) else text[-12:]


def _uncapitalised(text: str) -> str | None:
    return next((part for part in re.split(r"(?<=[.?]) ", text) if not part[:1].isupper()), None)


_ARTICLE = r"(?:an?|one|another|each)"
_ONE_OF_THEM = r"(?:bench|bus|car|cube|dog|person|sphere)"
_BASE = "carry|do|enter|hold|leave|open|put|ride|run|sit|stand|stop|take|walk"
_THIRD = "carries|does|enters|holds|leaves|opens|puts|rides|runs|sits|stands|stops|takes|walks"
_STATEMENT = r"(?:^|[.,:] )"
RULES = (
    Rule("a word stands twice", _matching(r"\b(\w+) \1\b")),
    Rule("a before a vowel sound", _matching(rf"\ba {_VOWEL_SOUND}\w*")),
    Rule("an before a consonant sound", _matching(rf"\ban (?!{_VOWEL_SOUND})\w+")),
    Rule("an article before what is not counted", _matching(rf"\b{_ARTICLE} (?:{_UNCOUNTED}){_ENDS}")),
    Rule(
        "two determiners",
        _matching(
            r"\b(?:an?|the|one|another|some|any|no|those) (?:an?|the|another|some|any|no|that|those)\b"
        ),
    ),
    Rule("one of several", _matching(rf"\b(?:{_NUMBERS}) (?:other )?{_ONE_OF_THEM}\b")),
    Rule(
        "several are",
        _matching(rf"{_STATEMENT}(?:those|they|{_NUMBERS})(?: {_NOUN})? (?:is|does|has|wears|{_THIRD})\b"),
    ),
    Rule("those are, asked", _matching(r"\b(?:is|does) (?:those|they|these)\b")),
    Rule(
        "one is", _matching(rf"{_STATEMENT}(?:that|one|another) (?!other\b)\w+ (?:are|have|wear|{_BASE})\b")
    ),
    Rule("one is, asked", _matching(r"(?:^|[,:] )(?:are|do) (?:that|one|another|an?) \w+(?![^?]* and )")),
    Rule("a verb after be", _matching(rf"\b(?:is|are) (?:{_BASE}|{_THIRD})\b")),
    Rule(
        "a preposition after one that needs a noun",
        _matching(r"\b(?:of|to|at) (?:of|to|at(?! some time\b)|by|with)\b"),
    ),
    Rule("a question inside a sentence", _matching(r"\?.+")),
    Rule("a space too many or too few", _matching(r"  |\s[,.;:?]|[,;:](?=\w)|^\s|\s$")),
    Rule("no end", _unfinished),
    Rule("no capital", _uncapitalised),
)


def faults(text: str) -> Iterator[Fault]:
    """Every rule that a text breaks, with the words that do."""
    for rule in RULES:
        words = rule.find(text)
        if words is not None:
            yield Fault(rule.name, words)
