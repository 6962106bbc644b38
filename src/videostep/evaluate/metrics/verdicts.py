"""What a judge's reply says, read strictly: a dictionary as it was asked for, or nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from videostep.errors import ReplyError
from videostep.evaluate.benchmarks.item import Item, Judging
from videostep.evaluate.benchmarks.lettered import split_options
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.options import LETTERS
from videostep.models.forms import shown

Told = TypeVar("Told")
MOST_POINTS: Final = 5
_DICTIONARY = re.compile(r"\{[^{}]*\}")
_MOST_TEXT = 8_000
"""Characters of a reply that are looked at."""


def read_verdict(item: Item, text: str) -> Mark:
    """The mark that a judge's reply gives, by what it was asked.

    Raises:
        ReplyError: It holds no such dictionary, or several that differ.
    """
    return _READERS[item.judging](item, text)


def _answer(item: Item, text: str) -> Mark:
    """`pred`, yes or no, and `score`, 0 to 5, of which decimals are cut off, as Video-ChatGPT's code does."""
    return _told(text, _yes_or_no)


def _yes_or_no(said: dict[Any, Any]) -> Mark | None:
    word, points = said.get("pred"), _number(said.get("score"))
    if not isinstance(word, str) or word.strip().lower() not in ("yes", "no"):
        return None
    if points is None or not 0 <= points <= MOST_POINTS:
        return None
    return Mark(right=word.strip().lower() == "yes", points=int(points))


def _caption(item: Item, text: str) -> Mark:
    """`answer`, a letter or none; right is that of the true option (TempCompass, eval_captioning.py)."""
    _, options = split_options(item.rubric)
    letters = LETTERS[: len(options)]

    def option(said: dict[Any, Any]) -> Mark | None:
        name = said.get("answer")
        name = name.strip(" .()").upper() if isinstance(name, str) else ""
        if name == "NONE":
            return Mark(right=False)
        if len(name) != 1 or name not in letters:
            return None
        chosen = options[letters.index(name)]
        return Mark(right=chosen == item.answer, read=chosen)

    return _told(text, option)


def _two_scores(first: str, second: str) -> Callable[[Item, str], Mark]:
    """Two scores of 1 to 5, added up (MLVU, calculate.py and calculate_sum.py)."""

    def scores(said: dict[Any, Any]) -> Mark | None:
        one, other = _number(said.get(first)), _number(said.get(second))
        if one is None or other is None or not (1 <= one <= MOST_POINTS and 1 <= other <= MOST_POINTS):
            return None
        return Mark(right=None, points=one + other, read=f"{first} {one:g}, {second} {other:g}")

    return lambda item, text: _told(text, scores)


_READERS: Final[dict[Judging, Callable[[Item, str], Mark]]] = {
    "answer": _answer,
    "caption": _caption,
    "sub-scene": _two_scores("accuracy", "relevance"),
    "summary": _two_scores("completeness", "reliability"),
}


def _told(text: str, read: Callable[[dict[Any, Any]], Told | None]) -> Told:
    """What all dictionaries of a text tell alike; raises ReplyError."""
    told = {_parsed(found, read) for found in _DICTIONARY.findall(text[-_MOST_TEXT:])}
    only = told.pop() if len(told) == 1 else None
    if only is None:
        raise ReplyError(f"the judge gave no verdict: {shown(text)}")
    return only


def _parsed(text: str, read: Callable[[dict[Any, Any]], Told | None]) -> Told | None:
    try:
        said: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return read(said) if isinstance(said, dict) else None


def _number(raw: Any) -> float | None:
    """A finite number, perhaps in quotes; None: it is none."""
    try:
        value = float(raw) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else None
    except (ValueError, OverflowError):
        return None
    return value if value is not None and abs(value) < float("inf") else None
