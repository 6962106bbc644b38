"""Questions as bags of words: which single words and pairs of neighbours stand in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

_WORD = re.compile(r"[\w'-]+")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def tabulate_words(questions: Sequence[str], videos: Sequence[str]) -> sparse.csr_array:
    """One row a question, one column a word or pair of neighbours, and a last column for no word at all.

    Rows have length 1. What stands in questions of one video only is left out: of another video it can
    say nothing.
    """
    known: dict[str, str] = {}  # equal grams as one object: a large data set says the same again and again
    rows = [sorted({known.setdefault(gram, gram) for gram in _grams(question)}) for question in questions]
    columns = {gram: column for column, gram in enumerate(_shared(rows, videos))}
    cells = [[columns[gram] for gram in row if gram in columns] + [len(columns)] for row in rows]
    lengths = np.array([len(row) for row in cells])
    flat = np.array([column for row in cells for column in row])
    values = np.repeat(lengths**-0.5, lengths)
    return sparse.csr_array((values, flat, np.append(0, np.cumsum(lengths))), (len(rows), len(columns) + 1))


def _grams(question: str) -> Iterator[str]:
    words = words_of(question)
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def _shared(rows: Sequence[Sequence[str]], videos: Sequence[str]) -> list[str]:
    """What stands in rows of two or more videos, in alphabetical order."""
    first_seen: dict[str, str] = {}
    shared: set[str] = set()
    for row, video in zip(rows, videos, strict=True):
        shared.update(gram for gram in row if first_seen.setdefault(gram, video) != video)
    return sorted(shared)
