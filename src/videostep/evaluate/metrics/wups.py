"""WUPS: how near the words of a reply lie to those of the answer (NExT-QA's open-ended metric).

Malinowski and Fritz, "A multi-world approach to question answering", NIPS 2014, as NExT-QA's authors do it
(github.com/doc-doc/NExT-OE, eval_oe.py and metrics.py): base forms without stop words; for each word the
nearest of the other side; the product of these, words that are near none left out; the smaller of both
directions, and the better of two answers. Counts and yes-or-no questions are right or wrong. The threshold is
0: theirs at 0.9 is not printed.

One thing differs: they find base forms by part of speech, with NLTK's tagger, whose weights no package has;
here a word's shortest base form of any part of speech is taken, on both sides alike.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.wordnet import WordNet
from videostep.evaluate.metrics.words import level

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_RIGHT_OR_WRONG: Final = ("DC", "DB")
"""NExT-QA's types of counts and of yes or no."""


def wups_protocol(wordnet: WordNet) -> str:
    """How numbers are signed: releases of WordNet differ."""
    return f"wups WordNet-{wordnet.version}"


def mark_wups(wordnet: WordNet, item: Item, reply: str | None) -> Mark:
    """What a reply is worth, 0 to 1, as points.

    Args:
        wordnet: The database.
        item: An open question.
        reply: What the model said; None: nothing, or an error; "": an explanation that came to no answer.
    """
    if reply is None or not reply.strip():
        return Mark(right=None, points=0.0, fault="unparsed" if reply == "" else "no reply")
    said = content_words(wordnet, reply)
    answers = [content_words(wordnet, answer) for answer in (item.answer, *item.also_right)]
    if item.type in _RIGHT_OR_WRONG:
        points = float(said in answers)
    else:
        points = max(nearness(wordnet, said, answer) for answer in answers)
    return Mark(right=None, points=points, read=" ".join(said))


def content_words(wordnet: WordNet, text: str) -> tuple[str, ...]:
    """The base forms of a text's words, without stop words."""
    words = (word for word in _WORD.findall(level(text).replace("\u2019", "'")) if word not in _stop_words())
    forms = map(wordnet.base_form, words)
    return tuple(form for form in forms if form not in _stop_words())


def nearness(wordnet: WordNet, one: Sequence[str], other: Sequence[str]) -> float:
    """The smaller of both directions, 0 to 1."""
    return min(_covered(wordnet, one, other), _covered(wordnet, other, one))


def _covered(wordnet: WordNet, words: Sequence[str], by: Sequence[str]) -> float:
    nearest = [max((wordnet.nearness(word, of_other) for of_other in by), default=0.0) for word in words]
    known = [near for near in nearest if near > 0]
    return functools.reduce(lambda product, near: product * near, known, 1.0) if known else 0.0


@functools.cache
def _stop_words() -> frozenset[str]:
    text = (files(__package__) / "stop_words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
