from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.induce.parsers.embedded.camera import STILL, CameraStep
from videostep.induce.parsers.embedded.runs import Run, runs_of
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.video import TimeSpan


def runs(text: str, *, min_s: float = 0.4, gap_s: float = 0.0) -> list[Run]:
    holds = np.array([letter == "x" for letter in text])
    return runs_of(holds, np.arange(len(text)) * 0.2, min_s=min_s, gap_s=gap_s)


def test_a_run_must_last():
    assert runs("xx.xxx") == [Run(3, 5, 1.0)]


def test_a_short_gap_is_bridged_and_costs_confidence():
    assert runs("xxx.xx", gap_s=0.5) == [Run(0, 5, pytest.approx(0.8333))]


def test_a_long_gap_is_not():
    assert runs("xxx....xxx", gap_s=0.5) == [Run(0, 2, 1.0), Run(7, 9, 1.0)]


def test_time_in_which_nothing_was_seen_parts_a_run():
    times_s = np.array([0.0, 0.2, 0.4, 2.0, 2.2, 2.4])
    assert len(runs_of(np.ones(6, bool), times_s, min_s=0.4)) == 2


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.text("x.", max_size=30))
def test_runs_begin_and_end_where_it_held_and_do_not_overlap(text):
    found = runs(text, gap_s=0.5)
    for run in found:
        assert text[run.first] == text[run.last] == "x"
        assert 0.5 <= run.share <= 1
    assert all(a.last < b.first for a, b in pairwise(found))


def timeline(count: int) -> Timeline:
    made = Timeline(1.0)
    for picture in range(count):
        made.add(10 + picture * 0.2, CameraStep(STILL, known=True))
    return made


def test_a_thing_is_visible_half_a_step_around_its_sightings():
    spans = timeline(10).spans_of(np.array([1, 2, 6]), gap_s=0.45, within=TimeSpan(10, 12))
    assert spans == (TimeSpan(10.1, 10.5), TimeSpan(11.1, 11.3))


def test_visibility_ends_with_the_clip():
    spans = timeline(3).spans_of(np.array([0, 1, 2]), gap_s=0.45, within=TimeSpan(10, 10.4))
    assert spans == (TimeSpan(10, 10.4),)
