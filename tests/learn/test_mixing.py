"""What a training takes, and how much of it."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError, InputError
from videostep.learn.examples import Example
from videostep.learn.mixing import (
    PAPER_STEP_MIX,
    Source,
    StepMix,
    mix,
    parse_step_mix,
    replay_sources,
    steps_of,
)


def examples(*n_steps: int | None, name: str = "s") -> list[Example]:
    """A sample for each number of steps, with answer and rationale."""
    common = {"video": "a.mp4", "question": "Q?", "instruction": "I.", "text": "R"}
    return [
        Example(**common, task=task, sample_id=f"{name}{k}", n_steps=steps)
        for k, steps in enumerate(n_steps)
        for task in ("answer", "rationale")
    ]


def ids(taken) -> list[str]:
    return [example.sample_id for example in taken if example.task == "answer"]


def test_all_is_taken_where_nothing_is_asked():
    run, instruct = examples(1, 2, 5), examples(None, None, name="i")
    mixed = mix([Source(name="run", examples=run), Source(name="instruct", examples=instruct)])
    assert list(mixed.examples) == run + instruct
    assert mixed.counts["run"] == {
        "samples": 3, "answers": 3, "rationales": 3, "1": 1, "2": 1, "3+": 1, "left out": 0,
    }  # fmt: skip
    assert mixed.counts["instruct"]["unknown"] == 2


def test_the_papers_shares_by_steps_are_met_by_as_many_samples_as_there_can_be():
    mixed = mix([Source(name="run", examples=examples(*[1] * 40, *[2] * 30, *[3] * 5, *[7] * 12))],
                step_mix=PAPER_STEP_MIX)  # fmt: skip
    counts = mixed.counts["run"]
    assert (counts["1"], counts["2"], counts["3+"]) == (15, 30, 15)
    assert counts["left out"] == 27


def test_classes_without_a_share_are_left_out():
    mixed = mix([Source(name="run", examples=examples(1, 2, 3, None))], step_mix=parse_step_mix("1,3+"))
    assert [steps_of(example) for example in mixed.examples] == ["1", "1", "3+", "3+"]


@pytest.mark.parametrize(
    ("text", "shares"),
    [("25,50,25", (25, 50, 25)), ("1", (1, 0, 0)), ("3+", (0, 0, 1)), ("2, 3+", (0, 1, 1))],
)
def test_shares_are_written_as_numbers_or_classes(text, shares):
    assert parse_step_mix(text).shares == shares


@pytest.mark.parametrize("text", ["", "4", "1,1", "50,50", "a,b,c", "0,0,0", "-1,2,3", "nan,1,1", "inf,1,1"])
def test_shares_that_are_none_are_refused(text):
    with pytest.raises(ConfigError, match="shares by steps cannot be"):
        parse_step_mix(text)


def test_a_class_that_is_not_there_is_an_error_that_says_what_is():
    with pytest.raises(InputError, match=r"of 3\+ steps, and there is none; there are 1 of 1 steps, 2 of 2"):
        mix([Source(name="run", examples=examples(1, 2, 2))], step_mix=PAPER_STEP_MIX)


def test_a_share_of_another_set_counts_by_samples_of_the_run():
    run = Source(name="run", examples=examples(*[1] * 20))
    mixed = mix([run, Source(name="distill", examples=examples(*[2] * 50, name="d"), share=0.5)])
    assert mixed.counts["distill"]["samples"] == 10
    assert mixed.counts["distill"]["left out"] == 40


def test_more_is_not_drawn_than_there_is():
    run = Source(name="run", examples=examples(*[1] * 20))
    mixed = mix([run, Source(name="instruct", examples=examples(None, name="i"), share=2.0)])
    assert mixed.counts["instruct"]["samples"] == 1


def test_replay_is_a_share_of_all_and_comes_from_every_round():
    rounds = [Source(name=f"round {k}", examples=examples(*[1] * 90, name=f"r{k}-")) for k in (1, 2)]
    new = Source(name="run", examples=examples(*[1] * 60))
    mixed = mix([new, *replay_sources(rounds, 0.25)])
    assert [mixed.counts[name]["samples"] for name in ("run", "round 1", "round 2")] == [60, 10, 10]
    assert replay_sources(rounds, 0.0) == []
    with pytest.raises(ConfigError, match="leaves nothing new"):
        replay_sources(rounds, 1.0)


def test_a_round_that_has_fewer_samples_than_its_share_gives_all_and_says_how_many_lack():
    rounds = [Source(name=f"round {k}", examples=examples(*[1] * k, name=f"r{k}-")) for k in (4, 90)]
    mixed = mix([Source(name="run", examples=examples(*[1] * 60)), *replay_sources(rounds, 0.25)])
    assert mixed.counts["round 4"] == {**mixed.counts["round 4"], "samples": 4, "left out": 0, "short by": 6}
    assert "short by" not in mixed.counts["round 90"]


def test_a_sample_is_not_taken_twice():
    same = examples(1, 1)
    mixed = mix([Source(name="run", examples=same), Source(name="round 1", examples=same)])
    assert len(mixed.examples) == 4


def test_another_seed_draws_others():
    source = Source(name="run", examples=examples(*[1] * 50, *[2] * 10))
    draws = [
        ids(mix([source], step_mix=StepMix(one=1, two=1, more=0), seed=seed).examples) for seed in (0, 0, 1)
    ]
    assert draws[0] == draws[1] != draws[2]


@settings(deadline=None, max_examples=100, derandomize=True)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=60), st.integers(0, 5), st.integers(0, 5),
    st.integers(0, 5), st.integers(0, 3),
)  # fmt: skip
def test_a_draw_keeps_shares_and_pairs_and_forgets_the_order(steps, one, two, more, seed):
    if not one + two + more:
        return
    taken = examples(*steps)
    shuffled = [*taken]
    random.Random(seed).shuffle(shuffled)
    shares = StepMix(one=one, two=two, more=more)
    try:
        mixed = mix([Source(name="run", examples=taken)], step_mix=shares, seed=seed)
    except InputError:
        there = {min(n, 3) for n in steps}
        assert any(share and n not in there for n, share in enumerate(shares.shares, start=1))
        return
    again = mix([Source(name="run", examples=shuffled)], step_mix=shares, seed=seed)
    assert set(mixed.examples) == set(again.examples)
    assert set(Counter(example.sample_id for example in mixed.examples).values()) == {2}
    n = mixed.counts["run"]
    for name, share in zip(("1", "2", "3+"), shares.shares, strict=True):
        assert abs(n.get(name, 0) - n["samples"] * share / sum(shares.shares)) <= 1.5
