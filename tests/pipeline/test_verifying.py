"""Proving the samples of a run again, as they lie on the disk."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.pipeline.progress import Silent
from videostep.pipeline.verifying import Verification, verify_run
from videostep.reason.ask import AskConfig, ask_graph
from videostep.sample import Sample
from videostep.store.graph_file import read_graph_and_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import write_samples
from videostep.testing.graphs import random_graph

Samples = list[Sample]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, Samples]:
    """A run folder with the graphs of two videos, and what was asked of them."""
    run, samples = RunFolder(tmp_path_factory.mktemp("run")), Samples()
    run.make()
    for seed in (1, 2):
        made = random_graph(seed, n_clips=4, n_objects=6)
        path = run.graph(made.video.id)
        write_graph(made, path)
        graph, sha256 = read_graph_and_sha256(path)
        config = AskConfig(min_confidence=0.0)
        samples += ask_graph(graph, graph_sha256=sha256, config=config, seed=0).samples
    return run, samples


@pytest.fixture
def verify(asked: tuple[RunFolder, Samples]) -> Callable[[Samples], Verification]:
    """Verifies samples as those of the run."""

    def write_and_verify(samples: Samples) -> Verification:
        run = asked[0]
        write_samples(samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
        return verify_run(run, Silent())

    return write_and_verify


@pytest.fixture
def samples(asked: tuple[RunFolder, Samples]) -> Samples:
    return list(asked[1])


def twins(samples: Samples) -> tuple[Sample, Sample]:
    first = next(sample for sample in samples if sample.twin_of)
    return first, next(sample for sample in samples if sample.id == first.twin_of)


def with_one(samples: Samples, changed: Sample) -> Samples:
    return [changed if sample.id == changed.id else sample for sample in samples]


def test_what_was_asked_holds(verify, samples):
    assert verify(samples) == Verification(checked=len(samples))


def test_a_twin_that_is_gone_is_missed(verify, samples):
    first, second = twins(samples)
    left = [sample for sample in samples if sample is not second]
    assert verify(left).failed == ((first.id, "its twin is not there"),)


def test_twins_must_name_each_other(verify, samples):
    first, second = twins(samples)
    alone = with_one(samples, replace(second, twin_of=None))
    assert verify(alone).failed == ((first.id, "the two do not name each other as twins"),)


def test_a_twin_must_ask_for_the_same_of_something_else(verify, samples):
    first, second = twins(samples)
    other = next(s for s in samples if s.twin_of is None and s.n_steps > 1 and s.video == first.video)
    wrong = with_one(with_one(samples, replace(first, twin_of=other.id)), replace(other, twin_of=first.id))
    reasons = dict(verify(wrong).failed)
    assert set(reasons) == {first.id, second.id, other.id}
    assert reasons[first.id].startswith(("it asks ", "its answer "))


def test_a_twin_of_another_video_is_none(verify, samples):
    first, _ = twins(samples)
    other = next(s for s in samples if s.twin_of is None and s.n_steps > 1 and s.video != first.video)
    wrong = with_one(with_one(samples, replace(first, twin_of=other.id)), replace(other, twin_of=first.id))
    assert dict(verify(wrong).failed)[other.id] == "its twin is not there"


def test_a_sample_that_fails_by_itself_says_that_alone(verify, samples):
    first, second = twins(samples)
    wrong = with_one(samples, replace(first, answer="purple", twin_of=None))
    failed = verify(wrong).failed
    assert [id_ for id_, _ in failed] == [s.id for s in samples if s.id in (first.id, second.id)]
    assert dict(failed)[first.id].startswith("the program gives ")


def test_nothing_is_written(verify, samples, asked, contents: Callable[[Path], dict[str, bytes]]):
    verify(samples)
    before = contents(asked[0].root)
    verify_run(asked[0], Silent())
    assert contents(asked[0].root) == before
