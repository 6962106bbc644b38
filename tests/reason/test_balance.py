from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.balance import GUESSED, BalanceConfig, balance, largest_even_count
from videostep.reason.controls.guess import guess_answers
from videostep.reason.controls.kinds import question_type
from videostep.sample import Sample, SampleType
from videostep.testing.graphs import random_graph

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 60), min_size=1)


@given(counts=COUNTS, share=st.floats(0.1, 1.0))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_answer_exceeds_its_share_except_the_free_ones(counts: dict[str, int], share: float) -> None:
    config = BalanceConfig(max_answer_share=share)
    most = largest_even_count(Counter(counts), config)
    kept = {answer: min(count, most) for answer, count in counts.items()}
    allowed = max(share, 1 / len(kept)) if len(kept) > 1 else share
    for count in kept.values():
        assert count <= config.free_samples or count <= allowed * sum(kept.values()) + 1e-6


def test_balance_keeps_the_most_confident_and_gives_a_reason_for_the_rest() -> None:
    samples = ask_graph(
        random_graph(3, n_clips=4, n_objects=6),
        graph_sha256="0" * 64,
        config=AskConfig(samples_per_thing=9.0),
        seed=0,
    ).samples
    result = balance(samples, BalanceConfig(max_answer_share=0.2, free_samples=1))
    assert len(result.samples) + len(result.dropped) == len(samples)
    assert result.dropped
    assert all("20%" in drop.reason for drop in result.dropped)
    kept = {sample.id for sample in result.samples}
    for lost in samples:
        if lost.id not in kept:
            rivals = [
                s
                for s in result.samples
                if question_type(s) == question_type(lost) and s.answer == lost.answer
            ]
            assert rivals
            assert all(rival.confidence >= lost.confidence for rival in rivals)


def test_balance_keeps_the_order_of_the_samples() -> None:
    samples = ask_graph(
        random_graph(4, n_clips=3, n_objects=5),
        graph_sha256="0" * 64,
        config=AskConfig(samples_per_thing=9.0),
        seed=0,
    ).samples
    kept = [s.id for s in balance(samples, BalanceConfig()).samples]
    assert kept == [s.id for s in samples if s.id in set(kept)]


def test_an_impossible_share_is_refused() -> None:
    with pytest.raises(ConfigError):
        BalanceConfig(max_answer_share=0.0)


@pytest.mark.parametrize(
    "setting",
    [{"max_above_chance": -0.1}, {"max_guessed_share": 1.5}, {"least_guessed": 0}, {"free_samples": 0}],
)
def test_impossible_settings_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        BalanceConfig(**setting)


def share_guessed(samples: Sequence[Sample]) -> float:
    guesses = guess_answers(samples, deal="other folds")
    assert guesses is not None
    return sum(guess.right for guess in guesses) / len(samples)


@pytest.fixture(scope="module")
def leaky(ask: Callable[..., Sample]) -> list[Sample]:
    """Yes/no questions of 40 videos: a word gives half of the answers away, of the others nothing does."""
    rng = random.Random(0)
    samples = []
    for video in range(40):
        for number in range(6):
            answer = rng.choice(("yes", "no"))
            word = {"yes": "ever", "no": "never"}[answer] if number % 2 else "there"
            samples.append(ask(f"v{video}", f"Is it {word} {rng.choice('abcdefgh')}?", answer))
    return list({sample.id: sample for sample in samples}.values())


class TestWordsThatGiveAnswersAway:
    def test_are_dropped_until_the_words_help_little(self, leaky: list[Sample]) -> None:
        result = balance(leaky, BalanceConfig(max_answer_share=1.0))
        assert share_guessed(leaky) > 0.7
        assert share_guessed(result.samples) <= 0.6
        assert {drop.reason for drop in result.dropped} == {GUESSED}

    def test_the_most_easily_guessed_go_and_no_more_than_needed(self, leaky: list[Sample]) -> None:
        result = balance(leaky, BalanceConfig(max_answer_share=1.0))
        told = [drop for drop in result.dropped if "ever" in drop.question]
        assert len(told) > 0.9 * len(result.dropped)
        assert share_guessed(result.samples) > 0.5

    def test_samples_in_another_order_are_dropped_alike(self, leaky: list[Sample]) -> None:
        shuffled = random.Random(1).sample(leaky, len(leaky))
        kept, again = (balance(samples, BalanceConfig()).samples for samples in (leaky, shuffled))
        assert {sample.id for sample in kept} == {sample.id for sample in again}

    def test_are_dropped_of_a_type_that_hides_among_others(
        self, ask: Callable[..., Sample], leaky: list[Sample]
    ) -> None:
        rng = random.Random(2)
        about = SampleType(structure="verify", semantics="motion", temporal="none")
        plain = [
            ask(
                f"v{video}",
                f"Does it {rng.choice('abcdefgh')} {number}?",
                rng.choice(("yes", "no")),
                type=about,
            )
            for video in range(40)
            for number in range(30)
        ]
        assert share_guessed([*plain, *leaky]) < 0.58
        kept = balance([*plain, *leaky], BalanceConfig(max_answer_share=1.0)).samples
        assert share_guessed([sample for sample in kept if sample.type != about]) <= 0.6

    def test_are_dropped_of_types_that_are_too_small_to_be_judged_alone(
        self, ask: Callable[..., Sample], leaky: list[Sample]
    ) -> None:
        rng = random.Random(2)
        plain = [
            ask(f"v{video}", f"Does it {rng.choice('abcdefgh')} {number}?", rng.choice(("yes", "no")))
            for video in range(40)
            for number in range(60)
        ]
        abouts = [
            SampleType(structure="verify", semantics=about, temporal="none")
            for about in ("motion", "event", "relation")
        ]
        told = [
            replace(sample, type=abouts[place % 3])
            for place, sample in enumerate(sample for sample in leaky if "there" not in sample.question)
        ]
        assert max(Counter(sample.type.semantics for sample in told).values()) < 100
        assert share_guessed([*plain, *told]) < 0.58
        kept = balance([*plain, *told], BalanceConfig(max_answer_share=1.0)).samples
        lost = len(plain) + len(told) - len(kept)
        assert sum(sample in kept for sample in told) < 0.75 * len(told)
        assert lost < 1.2 * (len(told) - sum(sample in kept for sample in told))

    def test_are_kept_where_nothing_may_be_dropped_for_them(self, leaky: list[Sample]) -> None:
        off = (
            {"max_above_chance": 1.0},
            {"max_guessed_share": 0.0},
            {"least_guessed": len(leaky) + 1},
        )
        for setting in off:
            assert not balance(leaky, BalanceConfig(max_answer_share=1.0, **setting)).dropped

    def test_leave_at_least_the_stated_share(self, ask: Callable[..., Sample]) -> None:
        told = [
            ask(f"v{video}", f"Is it {'ever' if answer == 'yes' else 'never'} {number}?", answer)
            for video in range(20)
            for number in range(4)
            for answer in ("yes", "no")
        ]
        result = balance(told, BalanceConfig(max_answer_share=1.0, max_guessed_share=0.3))
        assert len(result.dropped) == 48
        assert share_guessed(result.samples) > 0.9

    def test_of_one_video_are_kept_since_they_cannot_be_measured(self, leaky: list[Sample]) -> None:
        one = [replace(sample, video=leaky[0].video) for sample in leaky]
        assert not balance(one, BalanceConfig(max_answer_share=1.0)).dropped

    def test_open_questions_are_not_dropped_for_them(self, ask: Callable[..., Sample]) -> None:
        samples = [
            ask(f"v{video}", f"What is a {word}?", word)
            for video in range(40)
            for word in ("bus", "car", "dog")
        ]
        assert not balance(samples, BalanceConfig()).dropped

    def test_choices_count_too(self, ask: Callable[..., Sample]) -> None:
        rng = random.Random(4)
        samples = []
        for video in range(80):
            right, wrong = rng.sample(("red", "blue", "black", "white"), 2)
            samples.append(ask(f"v{video}", f"Is it {wrong} or {right}?", right, wrong, right))
        assert balance(samples, BalanceConfig(least_guessed=50)).dropped


def test_a_twin_whose_other_is_dropped_loses_its_link(ask: Callable[..., Sample]) -> None:
    sure = [ask("a", f"What is it {n}?", "bus") for n in range(3)]
    unsure = ask("a", "What is it then?", "bus", confidence=0.1)
    linked = ask("a", "What is that?", "car", twin_of=unsure.id)
    safe = ask("a", "What are those?", "dog", twin_of=linked.id)
    result = balance([*sure, unsure, linked, safe], BalanceConfig(max_answer_share=0.5))
    twins = {sample.id: sample.twin_of for sample in result.samples}
    assert unsure.id not in twins
    assert twins[linked.id] is None
    assert twins[safe.id] == linked.id
