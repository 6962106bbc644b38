"""STAR's types of question are tags that the verifier checks, and a prediction says where to cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Executor, Verifier
from videostep.sample import Sample, Star
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph, street_graph

SHA256 = "0" * 64


def samples_of(graph: VideoGraph, seed: int) -> tuple[Sample, ...]:
    config = AskConfig(min_confidence=0.0, samples_per_video=150)
    return ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed).samples


@pytest.fixture(scope="module")
def tagged(kitchen: Callable[[], VideoGraph]) -> list[tuple[VideoGraph, Sample]]:
    graphs = [
        (street_graph(), 1),
        *((random_graph(seed, n_clips=4, n_objects=4), 1) for seed in range(104, 120)),
    ]
    graphs += [(kitchen(), seed) for seed in range(4)]
    return [
        (graph, sample) for graph, seed in graphs for sample in samples_of(graph, seed) if sample.type.star
    ]


def test_three_types_come_up(tagged: list[tuple[VideoGraph, Sample]]) -> None:
    counts = Counter(sample.type.star for _, sample in tagged)
    assert set(counts) == {"interaction", "sequence", "prediction"}


def test_a_prediction_is_cut_before_what_it_asks_begins(tagged: list[tuple[VideoGraph, Sample]]) -> None:
    for graph, sample in tagged:
        if sample.type.star != "prediction":
            assert sample.cut_s is None
            continue
        assert sample.cut_s is not None
        motions = [m for m in graph.motions if m.id in sample.steps[-1].evidence]
        ahead = [m.predicate for m in motions if m.span_s.start_s >= sample.cut_s]
        assert ahead == [sample.answer]
        assert any(m.span_s.end_s == pytest.approx(sample.cut_s) for m in motions)


@pytest.mark.parametrize("star", ["interaction", "sequence", "prediction"])
def test_a_wrong_type_or_cut_is_refused(star: Star, tagged: list[tuple[VideoGraph, Sample]]) -> None:
    graph, sample = next((g, s) for g, s in tagged if s.type.star == star)
    verifier = Verifier(graph, SHA256)
    assert verifier.check(sample).ok
    for other in ("interaction", "sequence", "prediction"):
        if other != star:
            wrong = replace(sample, type=replace(sample.type, star=other))
            assert verifier.check(wrong).checks["type"] == "fail"
    moved = 1.0 if sample.cut_s is None else sample.cut_s + 0.2
    assert verifier.check(replace(sample, cut_s=moved)).checks["type"] == "fail"


def test_what_somebody_does_next_is_the_next_that_the_parser_looks_for() -> None:
    graph = GraphBuilder("room", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    man = graph.thing(clip, "man", kind="dynamic")
    for number, predicate in enumerate(("enters", "waves", "sits down", "waves")):
        graph.motion(man, predicate, 2.0 * number, 2.0 * number + 1.0)
    graph.event(clip, "a man sits down", [man])
    looked_for = Coverage(
        labels=("man",), attributes=(), relations=(), motions=("enters", "sits down", "waves")
    )
    room = Executor(graph.build(coverage=looked_for))
    assert room.run('follow(unique(called(things(), "man")), "sits down", -1)') == "waves"
    assert room.found('follow(unique(called(things(), "man")), "waves", 1)') is None  # he waves twice
    narrow = Executor(graph.build(coverage=replace(looked_for, motions=("sits down",))))
    assert narrow.found('follow(unique(called(things(), "man")), "sits down", -1)') is None
