"""The question-only model finds what words give away, and nothing else."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from videostep.reason.controls import guess
from videostep.reason.controls.guess import guess_answers
from videostep.reason.controls.regression import NOT_OFFERED, Exam, answer_chances, fit_weights
from videostep.reason.controls.sheet import sheet_of, words_of
from videostep.reason.controls.word_table import WordTable

COLOURS = ("black", "blue", "red", "white")


def share_right(samples) -> float:
    guesses = guess_answers(samples)
    return sum(guess.right for guess in guesses) / len(samples)


def videos(n: int) -> list[str]:
    return [f"v{number}" for number in range(n)]


class TestGuessAnswers:
    def test_a_word_that_tells_the_answer_is_found(self, ask):
        samples = [
            ask(v, f"Is the {c} car there?", "yes" if c == "red" else "no")
            for v in videos(12)
            for c in COLOURS
        ]
        assert share_right(samples) == 1.0

    def test_words_that_tell_nothing_leave_chance(self, ask):
        rng = random.Random(0)
        samples = [
            ask(video, f"Is the {colour} car there? {number}", rng.choice(("yes", "no")))
            for video in videos(40)
            for colour in COLOURS
            for number in range(5)
        ]
        assert share_right(samples) == pytest.approx(0.5, abs=0.06)

    def test_what_a_video_repeats_does_not_help_on_others(self, ask):
        rng = random.Random(1)
        colour_of = {video: rng.choice(COLOURS) for video in videos(60)}
        samples = [
            ask(video, f"What colour is the thing called {video}, asked for the time {n}?", colour)
            for video, colour in colour_of.items()
            for n in range(4)
        ]
        assert share_right(samples) < 0.45, "leaving out questions instead of videos would give 1.0"

    def test_pairs_of_neighbours_count(self, ask):
        # "before or after" and "after or before": the same words, so only their order tells the answer.
        samples = [
            ask(video, f"Does it stop {first} or {second} that?", "yes" if first == "before" else "no")
            for video in videos(6)
            for first, second in (("before", "after"), ("after", "before"))
        ]
        assert share_right(samples) == 1.0

    def test_the_place_of_the_right_choice_counts(self, ask):
        rng = random.Random(2)
        samples = []
        for video in videos(30):
            right, *wrong = rng.sample(COLOURS, 4)
            samples.append(ask(video, "Which of these colours?", right, wrong[0], wrong[1], right, wrong[2]))
        assert share_right(samples) == 1.0

    def test_only_offered_choices_are_guessed(self, ask):
        often = [ask(video, f"Which {n}?", "red", "red", "blue") for video in videos(5) for n in range(3)]
        without = [ask(video, "Which then?", "blue", "blue", "white") for video in videos(5)]
        guesses = guess_answers([*often, *without])
        assert all(guess.right for guess in guesses)

    def test_an_open_answer_of_one_video_is_never_guessed(self, ask):
        common = [ask(video, "What is it?", "car") for video in videos(4)]
        guesses = guess_answers([*common, ask("v0", "What is it?", "zebra")])
        assert [guess.right for guess in guesses] == [True] * 4 + [False]
        assert guesses[-1].belief == 0.0

    def test_nothing_shared_is_nothing_guessed(self, ask):
        assert share_right([ask("a", "Who?", "one"), ask("b", "Who?", "two")]) == 0.0

    def test_an_answer_that_is_not_offered_is_not_right(self, ask):
        samples = [ask(video, "Which?", "red", "red", "blue") for video in videos(4)]
        assert not guess_answers([*samples, ask("v1", "Which?", "green", "red", "blue")])[-1].right

    def test_of_one_video_nothing_can_be_said(self, ask):
        assert guess_answers([ask("a", "Is it?", "yes"), ask("a", "Is it not?", "no")]) is None
        assert guess_answers([]) is None

    def test_the_order_of_the_samples_does_not_matter(self, ask):
        rng = random.Random(3)
        samples = [
            ask(video, f"Is the {colour} car there?", rng.choice(("yes", "no")))
            for video in videos(15)
            for colour in COLOURS
        ]
        there = dict(zip([s.id for s in samples], guess_answers(samples), strict=True))
        rng.shuffle(samples)
        back = dict(zip([s.id for s in samples], guess_answers(samples), strict=True))
        assert {id_: g.right for id_, g in there.items()} == {id_: g.right for id_, g in back.items()}
        assert [there[id_].belief for id_ in there] == pytest.approx([back[id_].belief for id_ in there])

    def test_of_very_many_questions_some_are_learned(self, ask, monkeypatch):
        monkeypatch.setattr(guess, "MOST_LEARNED", 10)
        sizes = []
        monkeypatch.setattr(
            guess, "fit_weights", lambda exam: sizes.append(len(exam.right)) or fit_weights(exam)
        )
        guess_answers([ask(video, f"Is it {n}?", "yes") for video in videos(4) for n in range(9)])
        assert sizes == [10] * 4


class TestWordTable:
    def test_words_have_no_case_and_no_punctuation(self):
        assert words_of('Is the "T-shirt", it\'s RED?') == ["is", "the", "t-shirt", "it's", "red"]

    def test_a_row_marks_the_words_and_pairs_that_other_videos_have_too(self, ask):
        said = [("a", "the car"), ("b", "the car stops"), ("c", "the dog"), ("c", "the dog")]
        sheet = sheet_of([ask(video, question, "yes") for video, question in said])
        table = WordTable(sheet, np.arange(4)).of(np.arange(4))
        # car, the, "the car" and the column for no word; "dog" and "stops" are of one video each.
        assert (table.toarray() > 0).tolist() == [
            [True, True, True, True],
            [True, True, True, True],
            [False, True, False, True],
            [False, True, False, True],
        ]
        assert np.square(table.toarray()).sum(axis=1) == pytest.approx([1.0] * 4)


@st.composite
def exams(draw) -> Exam:
    n_questions, n_words, n_answers = (
        draw(st.integers(1, 12)),
        draw(st.integers(1, 5)),
        draw(st.integers(1, 4)),
    )
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    words = rng.random((n_questions, n_words)) + 0.01
    words /= np.linalg.norm(words, axis=1, keepdims=True)
    n_places = int(rng.integers(1, 4))
    offered = rng.integers(0, n_answers, (n_questions, n_places))
    offered[rng.random(offered.shape) < 0.2] = NOT_OFFERED
    right = rng.integers(0, n_places, n_questions)
    offered[np.arange(n_questions), right] = 0
    return Exam(words=sparse.csr_array(words), offered=offered, right=right, n_answers=n_answers)


class TestRegression:
    @given(exam=exams())
    @settings(max_examples=60, deadline=None, derandomize=True)
    def test_chances_add_up_to_one_and_nothing_unoffered_has_any(self, exam):
        chances = answer_chances(exam, fit_weights(exam))
        assert chances.sum(axis=1) == pytest.approx(np.ones(len(chances)))
        assert (chances[exam.offered == NOT_OFFERED] == 0).all()

    @given(exam=exams(), seed=st.integers(0, 9))
    @settings(max_examples=60, deadline=None, derandomize=True)
    def test_no_weights_nearby_are_likelier(self, exam, seed):
        found = fit_weights(exam)
        rng = np.random.default_rng(seed)
        words, places = rng.normal(size=found.words.shape), rng.normal(size=found.places.shape)
        for size in (0.3, -0.3):
            moved = type(found)(found.words + size * words, found.places + size * places)
            assert _misfit(exam, found) <= _misfit(exam, moved)


def _misfit(exam: Exam, weights) -> float:
    chances = answer_chances(exam, weights)[np.arange(len(exam.right)), exam.right]
    return -np.log(chances).sum() + 0.5 * (np.square(weights.words).sum() + np.square(weights.places).sum())
