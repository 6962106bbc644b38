"""Questions as bags of words: which single words and pairs of neighbours stand in each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from videostep.reason.controls.sheet import Codes, Rows, Sheet

ROWS_AT_A_TIME = 20_000
"""Rows of a sheet that are looked at together: a block of matrices of that many is some 20 MB."""


def blocks_of(rows: Rows) -> Iterator[Rows]:
    """The rows in their order, few enough at a time for working memory not to grow with them."""
    return (rows[start : start + ROWS_AT_A_TIME] for start in range(0, len(rows), ROWS_AT_A_TIME))


class WordTable:
    """The words that some questions share, each a column, and a last column for no word at all.

    What stands in questions of one video only is left out: of another video it can say nothing.
    """

    def __init__(self, sheet: Sheet, rows: Rows) -> None:
        """`rows`: all questions that one model learns or is asked."""
        self._words = sheet.words
        lists = ((sheet.words.of(block), sheet.words.sizes(block), block) for block in blocks_of(rows))
        shared = find_shared(
            ((codes, np.repeat(sheet.videos[block], sizes)) for codes, sizes, block in lists), sheet.n_words
        )
        self._column = np.full(sheet.n_words, -1, dtype=np.int32)
        self._column[shared] = np.arange(len(shared))
        self.width = len(shared) + 1

    def of(self, rows: Rows) -> sparse.csr_array:
        """One row a question; rows have length 1."""
        columns = self._column[self._words.of(rows)]
        numbers = np.repeat(np.arange(len(rows)), self._words.sizes(rows))[columns >= 0]
        lengths = np.bincount(numbers, minlength=len(rows)) + 1
        ends = np.cumsum(lengths)
        cells = np.full(lengths.sum(), self.width - 1, dtype=np.int32)
        is_word = np.ones(len(cells), dtype=bool)
        is_word[ends - 1] = False
        cells[is_word] = columns[columns >= 0]
        values = np.repeat(lengths**-0.5, lengths)
        return sparse.csr_array((values, cells, np.append(0, ends)), (len(rows), self.width))


def find_shared(stands: Iterator[tuple[Codes, Codes]], n_codes: int) -> Rows:
    """The codes that stand in two videos or more; `stands`: codes, and the video of each, piece by piece."""
    first = np.full(n_codes, np.iinfo(np.int32).max, dtype=np.int32)
    last = np.full(n_codes, -1, dtype=np.int32)
    for codes, videos in stands:
        np.minimum.at(first, codes, videos)
        np.maximum.at(last, codes, videos)
    return np.flatnonzero(first < last)
