"""The questions of a data set as columns of numbers: all that guessers and balancing look at.

A sample takes some 1.5 kB of objects, and a row of these columns some 150 bytes, most of them for its words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from videostep.reason.controls.kinds import chance_of, offered_answers, question_type
from videostep.sample import AnswerKind, Sample

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
K = TypeVar("K")
KINDS: tuple[AnswerKind, ...] = ("binary", "choice", "open")
NO_CHANCE = np.nan
_IDS_AT_A_TIME = 4096
_WORD = re.compile(r"[\w'-]+")


class Lists(NamedTuple):
    """A list of codes for each row, all in one column."""

    codes: Codes
    starts: Rows
    """Where each row's codes start, and where the last one's end."""

    def sizes(self, rows: Rows) -> Rows:
        """How many codes each of some rows has."""
        sizes: Rows = self.starts[rows + 1] - self.starts[rows]
        return sizes

    def of(self, rows: Rows) -> Codes:
        """The codes of some rows, one row after the other."""
        sizes = self.sizes(rows)
        before = np.cumsum(sizes) - sizes
        codes: Codes = self.codes[np.repeat(self.starts[rows] - before, sizes) + np.arange(sizes.sum())]
        return codes


class Sheet(NamedTuple):
    """One row a question. Codes are places in the tuples of names."""

    ids: npt.NDArray[np.bytes_]
    videos: Codes
    types: Codes
    """Question types."""
    kinds: Codes
    """Places in KINDS."""
    answers: Codes
    offered: Lists
    """Answers to choose from, in their order; none: the question is open."""
    words: Lists
    """Words and pairs of neighbouring words, each once, in alphabetical order."""
    chances: npt.NDArray[np.float64]
    """Of blind luck, 0..1; NO_CHANCE: an open question."""
    confidences: npt.NDArray[np.float64]
    video_names: tuple[str, ...]
    type_names: tuple[tuple[str, ...], ...]
    answer_names: tuple[str, ...]
    n_words: int
    """Different words and pairs."""

    def rows_of(self, kind: AnswerKind) -> Rows:
        """The questions of one answer kind."""
        return np.flatnonzero(self.kinds == KINDS.index(kind))


class _Names(dict[K, int]):
    """Numbers names in the order in which they come."""

    def __missing__(self, name: K) -> int:
        self[name] = len(self)
        return self[name]


class SheetWriter:
    """Fills the columns, sample by sample, and keeps none of them."""

    def __init__(self, *, words_of: Iterable[AnswerKind] = KINDS) -> None:
        """`words_of`: the answer kinds whose questions will be guessed; of others no words are kept."""
        self._words_of = frozenset(words_of)
        self._ids: list[npt.NDArray[np.bytes_]] = []
        self._new_ids: list[bytes] = []
        self._videos, self._types, self._kinds, self._answers = (array("i") for _ in range(4))
        self._offered, self._words = array("i"), array("i")
        self._offered_ends, self._word_ends = array("q", [0]), array("q", [0])
        self._chances, self._confidences = array("d"), array("d")
        self._video_names, self._answer_names, self._word_names = (_Names[str]() for _ in range(3))
        self._type_names: _Names[tuple[str, ...]] = _Names()

    def add(self, samples: Iterable[Sample]) -> None:
        """Add a row for each sample."""
        for sample in samples:
            self._add(sample)

    def _add(self, sample: Sample) -> None:
        self._new_ids.append(sample.id.encode())
        if len(self._new_ids) == _IDS_AT_A_TIME:
            self._pack_ids()
        self._videos.append(self._video_names[sample.video.id])
        self._types.append(self._type_names[question_type(sample)])
        self._kinds.append(KINDS.index(sample.answer_kind))
        self._answers.append(self._answer_names[sample.answer])
        chance = chance_of(sample)
        self._chances.append(NO_CHANCE if chance is None else chance)
        self._confidences.append(sample.confidence)
        self._offered.extend(self._answer_names[answer] for answer in offered_answers(sample))
        self._offered_ends.append(len(self._offered))
        if sample.answer_kind in self._words_of:
            self._words.extend(self._word_names[gram] for gram in sorted(set(grams_of(sample.question))))
        self._word_ends.append(len(self._words))

    def sheet(self) -> Sheet:
        """The columns, once everything is added."""
        self._pack_ids()
        return Sheet(
            ids=np.concatenate(self._ids),
            videos=np.frombuffer(self._videos, np.int32),
            types=np.frombuffer(self._types, np.int32),
            kinds=np.frombuffer(self._kinds, np.int32),
            answers=np.frombuffer(self._answers, np.int32),
            offered=Lists(
                np.frombuffer(self._offered, np.int32), np.frombuffer(self._offered_ends, np.int64)
            ),
            words=Lists(np.frombuffer(self._words, np.int32), np.frombuffer(self._word_ends, np.int64)),
            chances=np.frombuffer(self._chances),
            confidences=np.frombuffer(self._confidences),
            video_names=tuple(self._video_names),
            type_names=tuple(self._type_names),
            answer_names=tuple(self._answer_names),
            n_words=len(self._word_names),
        )

    def _pack_ids(self) -> None:
        self._ids.append(np.array(self._new_ids, dtype=np.bytes_))
        self._new_ids = []


def sheet_of(samples: Iterable[Sample]) -> Sheet:
    """The columns of samples."""
    writer = SheetWriter()
    writer.add(samples)
    return writer.sheet()


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def grams_of(text: str) -> Iterator[str]:
    """The words of a text and the pairs of neighbours."""
    words = words_of(text)
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))
