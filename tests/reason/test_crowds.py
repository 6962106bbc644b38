"""Of a crowd in which all look alike: counts, and who does something first, second or third."""

from __future__ import annotations

import re

import pytest

from videostep.graph import Coverage, VideoGraph
from videostep.reason.ask import AskConfig, AskResult, ask_graph
from videostep.reason.hops import HopFinder
from videostep.reason.index import GraphIndex
from videostep.testing.builder import GraphBuilder

MOTIONS = ("enters", "stops", "walks to the left", "waves")


def crowd(starts_s: tuple[float, ...], *, motions: tuple[str, ...] = MOTIONS) -> VideoGraph:
    """People who come in one after the other, walk, and stop."""
    graph = GraphBuilder("square", duration_s=60.0)
    clip = graph.clip(0.0, 60.0, n_keyframes=6)
    for number, start_s in enumerate(starts_s):
        person = graph.thing(clip, "person", [(start_s, start_s + 12.0)], kind="dynamic", confidence=1.0)
        graph.motion(person, "enters", start_s, start_s + 1.0, confidence=1.0)
        graph.motion(person, "walks to the left", start_s + 1.5, start_s + 4.0 + number % 3, confidence=1.0)
        if number % 2:
            graph.motion(person, "stops", start_s + 9.0, start_s + 10.0, confidence=1.0)
    graph.event(clip, "people cross a square", [])
    coverage = Coverage(labels=("person",), attributes=(), relations=(), motions=motions)
    return graph.build(coverage=coverage)


def asked(graph: VideoGraph) -> AskResult:
    return ask_graph(graph, graph_sha256="0" * 64, config=AskConfig(min_confidence=0.0), seed=0)


def test_nobody_needs_a_name_of_their_own() -> None:
    samples = asked(crowd((0.0, 5.0, 9.0, 14.0, 22.0, 31.0, 40.0))).samples
    assert len(samples) >= 15
    assert {"count", "verify"} <= {sample.type.structure for sample in samples}
    ranks = {rank for s in samples for rank in re.findall(r"\b(first|second|third|last)\b", s.question)}
    assert ranks >= {"first", "second", "third"}


@pytest.mark.parametrize(
    ("starts_s", "ranks"),
    [
        ((0.0, 5.0, 9.0, 14.0), {1, 2, 3, -1}),
        ((0.0, 5.0, 5.2, 14.0), {1, -1}),  # who of the two is second nobody can tell
        ((0.0, 0.2, 5.0, 14.0), {3, -1}),
        ((0.0, 5.0), {1, -1}),
    ],
)
def test_ranks_are_given_where_a_viewer_can_tell(starts_s: tuple[float, ...], ranks: set[int]) -> None:
    index = GraphIndex(crowd(starts_s))
    finder = HopFinder(index.view(index.whole_s))
    hops = [hop for thing in index.things for hop in finder.hops(thing.key)]
    assert {hop.rank for hop in hops if hop.operator == "nth" and hop.name == "enters"} == ranks


def test_without_coverage_only_what_is_there_is_asked_of_a_crowd() -> None:
    graph = crowd((0.0, 5.0, 9.0, 14.0), motions=())
    samples = asked(graph).samples
    assert samples
    assert all(s.answer == "yes" or "there" in s.question or s.type.semantics == "object" for s in samples)
    assert not any(s.type.structure == "count" and s.type.semantics == "motion" for s in samples)
