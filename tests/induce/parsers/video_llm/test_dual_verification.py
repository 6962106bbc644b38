"""A fifth of all that is said is wrong; votes and presence checks take nearly all of it out."""

from __future__ import annotations

from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.testing.dependability import measure_dependability
from videostep.testing.staged import staged_graph

NEITHER = VideoLlmConfig(samples=1, check_presence=False)
ONLY_PRESENCE = VideoLlmConfig(samples=1)
NOISE, RUNS = 0.2, 8


def test_without_it_a_fifth_of_the_elements_is_wrong():
    measured = measure_dependability(staged_graph(), NEITHER, noise=NOISE, runs=RUNS)
    assert 0.15 < measured.wrong_share < 0.25
    assert measured.kept_share < 0.8


def test_with_it_under_three_percent_are_wrong_and_over_ninety_percent_kept():
    measured = measure_dependability(staged_graph(), VideoLlmConfig(), noise=NOISE, runs=RUNS)
    assert measured.wrong_share < 0.03
    assert measured.kept_share > 0.9


def test_presence_checks_alone_take_out_most_of_what_is_wrong():
    neither, checked = (
        measure_dependability(staged_graph(), config, noise=NOISE, runs=RUNS)
        for config in (NEITHER, ONLY_PRESENCE)
    )
    assert checked.wrong_share < neither.wrong_share / 2
