"""A server of which a third of the replies are faulty: what can be recovered from leaves no trace."""

from __future__ import annotations

from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.openai.config import OpenAIConfig
from videostep.models.openai.model import OpenAIModel
from videostep.testing.fake_server import FakeConfig, FakeServer
from videostep.testing.faults import FAULTS, FaultPlan
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

TRUTH = staged_graph()
HASTY = OpenAIConfig(timeout_s=1.0, backoff_s=0.001, max_backoff_s=0.01, max_reply_bytes=2**18)
RECOVERABLE = FaultPlan(
    share=0.3, kinds=tuple(kind for kind in FAULTS if kind not in ("slow", "foreign", "duplicates"))
)
"""Slow ones cost a second each; foreign and repeated words are what votes are for."""


def watched(config: FakeConfig):
    with FakeServer(PerfectEye(TRUTH).answer_asked, config) as server:
        model = OpenAIModel("fake", server.url, config=HASTY)
        parser = VideoLlmParser(model, VideoLlmConfig(samples=2))
        try:
            graph, _ = watch_staged(parser, TRUTH)
        finally:
            parser.close()
        return graph, parser.take_unanswered(), server.counts


def test_faults_that_can_be_recovered_from_change_nothing():
    faultless, none, _ = watched(FakeConfig())
    graph, unanswered, counts = watched(FakeConfig(faults=RECOVERABLE))
    assert counts.faults.total() > 5
    assert none == unanswered == ()
    assert graph == faultless
