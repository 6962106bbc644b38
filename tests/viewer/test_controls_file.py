"""The blind controls beside the report."""

from __future__ import annotations

import json

import pytest

from videostep.errors import FormatError
from videostep.reason.controls.draw import draw_videos
from videostep.store.run_folder import RunFolder
from videostep.testing.graphs import random_graph, street_graph
from videostep.viewer import report
from videostep.viewer.controls_file import read_controls
from videostep.viewer.report import write_report

STREET, OTHER = street_graph(), random_graph(1)


@pytest.fixture
def run(make_run, make_sample):
    step = ("Which?", "bus", ["c1-bus-1"], (0.0, 6.0))
    samples = [
        make_sample(STREET, "What drives away from a person in red?", "bus", step),
        make_sample(STREET, "What is next to it?", "car", step, step),
        make_sample(OTHER, "What is it?", "bus", step),
    ]
    return RunFolder(make_run(STREET, OTHER, samples=samples))


def test_are_written_with_the_page_and_stand_in_it(run, blocks_of):
    summary = blocks_of(write_report(run.root))["run"]
    controls = read_controls(run)
    assert (controls.samples, controls.videos, controls.longer) == (3, 2, 1)
    assert json.loads(run.controls.read_bytes())["controls"] == summary["controls"]


def test_captions_are_the_events_of_the_graphs(run):
    write_report(run.root)
    (kind,) = read_controls(run).kinds
    # Both "bus" and "car" stand in the captions of the street, neither in those of the other video.
    assert kind.captions.value == pytest.approx(1 / 3, abs=1e-4)


def test_same_files_give_the_same_bytes(run):
    write_report(run.root)
    first = run.controls.read_bytes()
    run.controls.unlink()
    write_report(run.root)
    assert run.controls.read_bytes() == first


def test_of_other_samples_are_not_taken_for_those_of_this_run(run):
    write_report(run.root)
    lines = run.samples_jsonl.read_bytes().splitlines(keepends=True)
    run.samples_jsonl.write_bytes(b"".join(lines[:2]))
    assert read_controls(run) is None


def test_that_were_never_written_are_none(run):
    assert read_controls(run) is None


def test_of_a_run_without_samples_are_empty(make_run):
    run = RunFolder(make_run(STREET))
    write_report(run.root)
    assert read_controls(run).samples == 0


def test_that_are_damaged_are_refused_with_what_to_do(run):
    write_report(run.root)
    run.controls.write_text('{"samples_sha256": 3}')
    with pytest.raises(FormatError, match="videostep report"):
        read_controls(run)


def test_of_a_very_large_run_are_those_of_some_videos(run, monkeypatch):
    monkeypatch.setattr(report, "draw_videos", lambda sizes: draw_videos(sizes, most=2))
    write_report(run.root)
    controls = read_controls(run)
    assert controls.videos == 1
    assert controls.of_samples == 3
    assert controls.samples < 3


def test_of_any_other_run_are_those_of_all_videos(run):
    write_report(run.root)
    assert read_controls(run).of_samples is None
    assert "of_samples" not in json.loads(run.controls.read_bytes())["controls"]
