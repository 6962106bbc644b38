"""A group of questions as one model sees them: words, offered answers, and which of them is right."""

from __future__ import annotations

import numpy as np

from videostep.reason.controls.regression import NOT_OFFERED, Exam
from videostep.reason.controls.sheet import Codes, Rows, Sheet
from videostep.reason.controls.word_table import WordTable, find_shared

MOST_ANSWERS = 40
"""Answers that a model tells apart, the most frequent ones."""
_OTHER_ANSWER = 0
_NONE = -1


class ExamGroup:
    """Sets the exam for any of a group's questions; an open one offers what the group's answers are."""

    def __init__(self, sheet: Sheet, rows: Rows) -> None:
        """`rows`: all questions that one model learns or is asked."""
        self._sheet = sheet
        self._words = WordTable(sheet, rows)
        self._known = _known_answers(sheet, rows)
        self._number = np.full(len(sheet.answer_names), _OTHER_ANSWER)
        self._number[self._known] = np.arange(1, len(self._known) + 1)
        sizes = sheet.offered.sizes(rows)
        self._width = max(1, sizes.max(initial=0), 0 if sizes.all() else len(self._known))

    def exam(self, rows: Rows) -> Exam:
        """The exam of some questions of the group."""
        answers = self._answers_offered(rows)
        return Exam(
            words=self._words.of(rows),
            offered=np.where(answers == _NONE, NOT_OFFERED, self._number[answers]),
            right=self._places(rows, answers),
            n_answers=len(self._known) + 1,
        )

    def right_places(self, rows: Rows) -> Rows:
        """At which place each question offers its answer; NOT_OFFERED: at none."""
        return self._places(rows, self._answers_offered(rows))

    def _places(self, rows: Rows, offered: Codes) -> Rows:
        is_answer = offered == self._sheet.answers[rows][:, None]
        return np.where(is_answer.any(axis=1), is_answer.argmax(axis=1), NOT_OFFERED)

    def _answers_offered(self, rows: Rows) -> Codes:
        """One row a question, its offered answers from the left."""
        offered = np.full((len(rows), self._width), _NONE, dtype=np.int32)
        sizes = self._sheet.offered.sizes(rows)
        offered[np.arange(self._width) < sizes[:, None]] = self._sheet.offered.of(rows)
        if not sizes.all():
            offered[sizes == 0, : len(self._known)] = self._known
        return offered


def _known_answers(sheet: Sheet, rows: Rows) -> Rows:
    """The most frequent answers that stand in two videos or more: others cannot be learned elsewhere."""
    sizes = sheet.offered.sizes(rows)
    unoffered = rows[sizes == 0]
    codes = np.concatenate((sheet.offered.of(rows), sheet.answers[unoffered]))
    videos = np.concatenate((np.repeat(sheet.videos[rows], sizes), sheet.videos[unoffered]))
    counts = np.bincount(codes, minlength=len(sheet.answer_names))
    shared = find_shared(iter([(codes, videos)]), len(sheet.answer_names))
    ranked = sorted(shared.tolist(), key=lambda code: (-counts[code], sheet.answer_names[code]))
    return np.array(ranked[:MOST_ANSWERS], dtype=np.int64)
