"""Counts: the squared error of the number that a reply gives (TGIF-QA's metric).

Source: Jang et al., "TGIF-QA", CVPR 2017, section 3.3, and their code (github.com/YunseokJANG/tgif-qa,
code/gifqa/models/count_base.py): predictions are rounded and clipped to 1..10, and the mean of the squared
differences from the true counts is reported. Theirs is a regression, so that every question has a number; a
language model may say none, or several. Such a reply is shown as unparsed and counts as the number of 1 to 10
that lies farthest from the truth: silence never pays.
"""

from __future__ import annotations

import re
from typing import Final

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.words import level

LEAST: Final = 1
MOST: Final = 10
"""Of the true counts; what lies beyond is clipped, as by the authors."""
_WORDS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "once": 1, "twice": 2, "thrice": 3,
}  # fmt: skip
_NUMBER: Final = re.compile(rf"\b(?:\d+(?:\.\d+)?|{'|'.join(_WORDS)})\b")


def mark_count(item: Item, reply: str | None) -> Mark:
    """The squared error of a reply as points: 0 is best.

    Args:
        item: Its answer is a whole number.
        reply: What the model said; None: nothing, or an error.
    """
    true = int(item.answer)
    if reply is None or not reply.strip():
        return Mark(right=None, points=_worst(true), fault="no reply")
    count = read_count(reply)
    if count is None:
        return Mark(right=None, points=_worst(true), fault="unparsed")
    said = min(max(count, LEAST), MOST)
    return Mark(right=None, points=float((said - true) ** 2), read=str(count))


def read_count(reply: str) -> int | None:
    """The one number that a reply gives, in digits or words, rounded; None: it gives none, or several."""
    numbers = {_value(found) for found in _NUMBER.findall(level(reply))}
    return round(numbers.pop()) if len(numbers) == 1 else None


def _value(text: str) -> float:
    return _WORDS[text] if text in _WORDS else float(text)


def _worst(true: int) -> float:
    return float(max((LEAST - true) ** 2, (MOST - true) ** 2))
