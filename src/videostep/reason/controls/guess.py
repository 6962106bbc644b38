"""The question-only model: how well answers are guessed from the words of their questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from videostep.reason.controls.exam import ExamGroup
from videostep.reason.controls.regression import (
    NOT_OFFERED,
    Exam,
    Floats,
    Weights,
    answer_chances,
    fit_weights,
)
from videostep.reason.controls.sheet import Codes, Rows, Sheet, sheet_of
from videostep.reason.controls.word_table import blocks_of
from videostep.sample import Sample

N_FOLDS = 5
LEAVE_ONE_OUT_UP_TO = 10
"""With so many videos or fewer, each is a fold of its own: of few questions the model needs all."""
MOST_LEARNED = 20_000
"""Questions that a model learns from; of more, those of the lowest ids, which is as good as drawing."""


class Guesses(NamedTuple):
    """What models that learned from other videos make of questions, in their order."""

    right: npt.NDArray[np.bool_]
    """Whether the answer that it finds most likely is the right one."""
    belief: Floats
    """How likely it finds the right one, 0..1."""


class Guess(NamedTuple):
    """What a model that learned from other videos makes of a question."""

    right: bool
    """Whether the answer that it finds most likely is the right one."""
    belief: float
    """How likely it finds the right one, 0..1."""


def guess_answers(samples: Sequence[Sample], *, deal: str = "") -> tuple[Guess, ...] | None:
    """Guess the answers of samples, as `guess_rows` does."""
    guesses = guess_rows(sheet_of(samples), np.arange(len(samples)), deal=deal)
    if guesses is None:
        return None
    pairs = zip(guesses.right.tolist(), guesses.belief.tolist(), strict=True)
    return tuple(Guess(right=right, belief=belief) for right, belief in pairs)


def guess_rows(sheet: Sheet, rows: Rows, *, deal: str = "") -> Guesses | None:
    """Guess the answer of each question by a model that learned from the questions of other videos.

    Args:
        sheet: A data set.
        rows: Its questions that one model is to learn.
        deal: Another word deals the videos into other folds.

    Returns:
        A guess for each row, in their order; None when they are not of two videos at least.
    """
    if len(np.unique(sheet.videos[rows])) < 2:
        return None
    group = ExamGroup(sheet, rows)
    folds = _deal_folds(sheet, rows, deal)
    learnable = _learnable(sheet, rows, group)
    guesses = Guesses(np.zeros(len(rows), dtype=bool), np.zeros(len(rows)))
    for fold in range(folds.max() + 1):
        learned = group.exam(rows[learnable[folds[learnable] != fold][:MOST_LEARNED]])
        if not len(learned.right):
            continue
        weights = fit_weights(learned)
        for asked in blocks_of(np.flatnonzero(folds == fold)):
            guesses.right[asked], guesses.belief[asked] = _guess(group.exam(rows[asked]), weights)
    return guesses


def _learnable(sheet: Sheet, rows: Rows, group: ExamGroup) -> Rows:
    """Places in `rows` of the questions that offer their answer, by their ids."""
    places = (group.right_places(block) for block in blocks_of(rows))
    is_offered = np.concatenate([place != NOT_OFFERED for place in places])
    by_id = np.argsort(sheet.ids[rows], kind="stable")
    learnable: Rows = by_id[is_offered[by_id]]
    return learnable


def _guess(exam: Exam, weights: Weights) -> Guesses:
    chances = answer_chances(exam, weights)
    is_offered = exam.right != NOT_OFFERED
    belief = np.where(is_offered, chances[np.arange(len(chances)), exam.right], 0.0)
    return Guesses(is_offered & (chances.argmax(axis=1) == exam.right), belief)


def _deal_folds(sheet: Sheet, rows: Rows, deal: str) -> Codes:
    """The fold of each question; videos are dealt by a digest, so that no pattern of their ids matters."""
    videos = sheet.videos[rows]

    def digest(code: int) -> bytes:
        return hashlib.sha256(f"{deal}/{sheet.video_names[code]}".encode()).digest()

    order = sorted(np.unique(videos).tolist(), key=digest)
    n_folds = len(order) if len(order) <= LEAVE_ONE_OUT_UP_TO else N_FOLDS
    fold_of = np.zeros(len(sheet.video_names), dtype=np.int32)
    fold_of[order] = np.arange(len(order)) % n_folds
    return fold_of[videos]
