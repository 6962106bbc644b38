"""Without noise the perfect eye's graph is the truth: nothing is lost between prompts, votes and merging."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from operator import attrgetter

import pytest

from videostep.graph import VideoGraph
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.protocol import Request
from videostep.models.scripted import ScriptedModel
from videostep.store.graph_rules import find_breaches
from videostep.testing.graphs import street_graph
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

KINDS = ("objects", "attributes", "relations", "motions", "references", "doubts")


def without_confidence(graph: VideoGraph) -> dict[str, list[object]]:
    """What a graph says, however sure it is; elements by id, since a parser ranks them by place."""
    said = {
        kind: [
            replace(element, confidence=1.0) if hasattr(element, "confidence") else element
            for element in sorted(getattr(graph, kind), key=attrgetter("id"))
        ]
        for kind in KINDS
    }
    events = [replace(clip.event, confidence=1.0) for clip in graph.clips]
    return {**said, "events": [replace(e, participants=tuple(sorted(e.participants))) for e in events]}


class Listening:
    """A VideoModel that remembers how many requests with pictures it got for each prompt."""

    def __init__(self, model: ScriptedModel) -> None:
        self._model, self.with_pictures = model, Counter[str]()
        self.name, self.close = model.name, model.close

    def ask(self, requests):
        return self._model.ask(map(self._count, requests))

    def _count(self, request: Request) -> Request:
        self.with_pictures[request.stage] += any(True for _ in request.images())
        return request


@pytest.mark.parametrize("samples", [1, 5])
@pytest.mark.parametrize("check_presence", [True, False])
def test_the_induced_graph_equals_the_truth(samples, check_presence):
    truth = staged_graph()
    config = VideoLlmConfig(samples=samples, check_presence=check_presence)
    parser = VideoLlmParser(PerfectEye(truth).model(), config)
    induced, _ = watch_staged(parser, truth)
    assert without_confidence(induced) == without_confidence(truth)
    assert induced.coverage == truth.coverage
    assert list(find_breaches(induced)) == []
    assert parser.take_unanswered() == ()


@pytest.mark.parametrize("truth", [staged_graph(), street_graph()], ids=["staged", "street"])
def test_at_most_eight_requests_a_keyframe_carry_pictures(truth):
    model = Listening(PerfectEye(truth).model())
    watch_staged(VideoLlmParser(model), truth)
    keyframes = sum(len(clip.keyframes) for clip in truth.clips)
    assert model.with_pictures.total() / keyframes <= 8
    for prompt in ("narrative", "objects", "attributes", "presence"):
        assert model.with_pictures[prompt] == keyframes
    assert model.with_pictures["event"] == len(truth.clips)
