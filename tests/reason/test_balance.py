from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.balance import BalanceConfig, balance, largest_even_count, question_type
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
