"""Multinomial logistic regression over the answers that each question leaves to choose from.

Plain accelerated gradient descent (Nesterov): samples are kept or dropped by what comes out, so it must
not depend on how many cores a machine adds numbers with, as the optimisers of SciPy and scikit-learn do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NOT_OFFERED = -1
N_STEPS = 150
"""Of descent; 600 change an accuracy by at most half a point (docs/controls.md)."""
PRIOR_PRECISION = 1.0
"""Of the normal prior on every weight."""


class Weights(NamedTuple):
    """What speaks for an answer."""

    words: Floats
    """One row a word, one column an answer."""
    places: Floats
    """For being offered first, second, ..."""

    def plus(self, factor: float, other: Weights) -> Weights:
        """These and `factor` times the others."""
        return Weights(self.words + factor * other.words, self.places + factor * other.places)


class Exam(NamedTuple):
    """Questions as the model sees them."""

    words: sparse.csr_array
    """One row a question, of length 1: which words stand in it."""
    offered: Integers
    """One row a question: numbers of the answers to choose from; NOT_OFFERED fills a row up."""
    right: Integers
    """Column of `offered` that holds the right answer; NOT_OFFERED: no column does."""
    n_answers: int
    """Numbers of answers are below this."""


def fit_weights(exam: Exam) -> Weights:
    """The most likely weights under the prior. Every question's right answer must be offered."""
    n_words, n_places = exam.words.shape[1], exam.offered.shape[1]
    now = before = Weights(np.zeros((n_words, exam.n_answers)), np.zeros(n_places))
    # The slope changes by at most 1, and by the prior, on a way of length 1: words and place have length 1.
    pace = 1 / (1 + PRIOR_PRECISION / len(exam.right))
    for step in range(N_STEPS):
        ahead = now.plus(step / (step + 3), now.plus(-1.0, before))
        before, now = now, ahead.plus(-pace, _slope(exam, ahead))
    return now


def answer_chances(exam: Exam, weights: Weights) -> Floats:
    """How likely each offered answer is, one row a question; rows add up to 1."""
    scores = np.take_along_axis(exam.words @ weights.words, exam.offered, axis=1) + weights.places
    scores[exam.offered == NOT_OFFERED] = -np.inf
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Floats = likely / likely.sum(axis=1, keepdims=True)
    return chances


def _slope(exam: Exam, weights: Weights) -> Weights:
    """By how much the mean surprise at the right answers grows with each weight."""
    n_questions = len(exam.right)
    excess = answer_chances(exam, weights)
    excess[np.arange(n_questions), exam.right] -= 1.0
    likelihood = Weights(exam.words.T @ _by_answer(excess, exam), excess.sum(axis=0))
    total = likelihood.plus(PRIOR_PRECISION, weights)
    return Weights(total.words / n_questions, total.places / n_questions)


def _by_answer(by_place: Floats, exam: Exam) -> Floats:
    """Sum what stands at the places of each answer; fillers, which hold 0, may fall anywhere."""
    total = np.zeros((len(by_place), exam.n_answers))
    for place in range(exam.offered.shape[1]):
        total[np.arange(len(total)), exam.offered[:, place]] += by_place[:, place]
    return total
