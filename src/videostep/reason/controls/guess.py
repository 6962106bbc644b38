"""The question-only model: how well answers are guessed from the words of their questions."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from videostep.reason.controls.kinds import offered_answers
from videostep.reason.controls.regression import (
    NOT_OFFERED,
    Exam,
    Floats,
    Integers,
    answer_chances,
    fit_weights,
)
from videostep.reason.controls.word_table import tabulate_words
from videostep.sample import Sample

N_FOLDS = 5
LEAVE_ONE_OUT_UP_TO = 10
"""With so many videos or fewer, each is a fold of its own: of few questions the model needs all."""
MOST_LEARNED = 20_000
"""Questions that a model learns from; of more, those of the lowest ids, which is as good as drawing."""
MOST_ANSWERS = 40
"""Answers that a model tells apart, the most frequent ones."""
_OTHER_ANSWER = 0


class Guess(NamedTuple):
    """What a model that learned from other videos makes of a question."""

    right: bool
    """Whether the answer that it finds most likely is the right one."""
    belief: float
    """How likely it finds the right one, 0..1."""


def guess_answers(samples: Sequence[Sample], *, deal: str = "") -> tuple[Guess, ...] | None:
    """Guess the answer of each question by a model that learned from the questions of other videos.

    Args:
        samples: Questions that one model is to learn.
        deal: Another word deals the videos into other folds.

    Returns:
        A guess for each sample, in their order; None when they are not of two videos at least.
    """
    videos = [sample.video.id for sample in samples]
    if len(set(videos)) < 2:
        return None
    exam = _set_exam(samples, videos)
    by_id = np.argsort([sample.id for sample in samples], kind="stable")
    folds = _deal_folds(videos, deal)
    guesses: dict[int, Guess] = {}
    for fold in range(folds.max() + 1):
        learned = by_id[(folds[by_id] != fold) & (exam.right[by_id] != NOT_OFFERED)][:MOST_LEARNED]
        asked = np.flatnonzero(folds == fold)
        guesses.update(zip(asked.tolist(), _guess_fold(exam.part(learned), exam.part(asked)), strict=True))
    return tuple(guesses[number] for number in range(len(samples)))


def _guess_fold(learned: Exam, asked: Exam) -> Iterator[Guess]:
    if not len(learned.right):
        return (Guess(right=False, belief=0.0) for _ in asked.right)
    chances = answer_chances(asked, fit_weights(learned))
    return (_mark(row, int(right)) for row, right in zip(chances, asked.right, strict=True))


def _mark(chances: Floats, right: int) -> Guess:
    if right == NOT_OFFERED:
        return Guess(right=False, belief=0.0)
    return Guess(right=int(chances.argmax()) == right, belief=float(chances[right]))


def _deal_folds(videos: Sequence[str], deal: str) -> Integers:
    """The fold of each question; videos are dealt by a digest, so that no pattern of their ids matters."""
    order = sorted(set(videos), key=lambda video: hashlib.sha256(f"{deal}/{video}".encode()).digest())
    n_folds = len(order) if len(order) <= LEAVE_ONE_OUT_UP_TO else N_FOLDS
    fold_of = {video: place % n_folds for place, video in enumerate(order)}
    return np.array([fold_of[video] for video in videos])


def _set_exam(samples: Sequence[Sample], videos: Sequence[str]) -> Exam:
    numbers = {answer: number for number, answer in enumerate(_known_answers(samples), start=1)}
    known = tuple(numbers)
    offers = [offered_answers(sample) or known for sample in samples]
    offered = np.full((len(samples), max(map(len, offers), default=1) or 1), NOT_OFFERED)
    right = np.full(len(samples), NOT_OFFERED)
    for row, (sample, answers) in enumerate(zip(samples, offers, strict=True)):
        offered[row, : len(answers)] = [numbers.get(answer, _OTHER_ANSWER) for answer in answers]
        if sample.answer in answers:
            right[row] = answers.index(sample.answer)
    words = tabulate_words([sample.question for sample in samples], videos)
    return Exam(words=words, offered=offered, right=right, n_answers=len(numbers) + 1)


def _known_answers(samples: Iterable[Sample]) -> list[str]:
    """The most frequent answers that stand in two videos or more: others cannot be learned elsewhere."""
    counts: Counter[str] = Counter()
    videos: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        for answer in offered_answers(sample) or (sample.answer,):
            counts[answer] += 1
            videos[answer].add(sample.video.id)
    shared = (answer for answer in counts if len(videos[answer]) > 1)
    return sorted(shared, key=lambda answer: (-counts[answer], answer))[:MOST_ANSWERS]
