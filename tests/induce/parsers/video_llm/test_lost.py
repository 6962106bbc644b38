"""Dual verification keeps account: what was said is kept or dropped with a reason, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter

from videostep.induce.lost import GONE_WITH
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.lost import NOT_SEEN, OTHER_SENTENCE, TOO_FEW
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.scripted import ScriptedModel
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

TRUTH = staged_graph()
FIVE = VideoLlmConfig(samples=5)


def dropped_where(config=FIVE, **answers):
    """What is dropped if some prompts are answered otherwise than by the perfect eye."""

    def answer(request, seed):
        told = PerfectEye(TRUTH).answer_request(request, seed)
        return answers[request.stage](told, seed) if request.stage in answers else told

    parser = VideoLlmParser(ScriptedModel(answer), config)
    graph, _ = watch_staged(parser, TRUTH)
    dropped = parser.take_dropped()
    assert parser.take_dropped() == ()
    return graph, dropped


def kinds(dropped):
    return Counter((drop.kind, drop.reason) for drop in dropped)


def with_a_ghost(told, seed):
    """One reply of five names a thing that is not there."""
    plain = json.loads(told)
    ghost = {"label": "ghost", "kind": "dynamic", "place": None}
    return json.dumps({"objects": [*plain["objects"], *([ghost] if seed % 5 == 0 else [])]})


def test_a_perfect_model_loses_nothing():
    graph, dropped = dropped_where()
    assert graph.objects
    assert dropped == ()


def test_what_one_reply_of_five_says_is_dropped_once_a_clip():
    graph, dropped = dropped_where(objects=with_a_ghost)
    assert set(kinds(dropped)) == {("object", TOO_FEW)}
    assert [drop.clip for drop in dropped] == [clip.id for clip in graph.clips]
    for drop, clip in zip(dropped, graph.clips, strict=True):
        assert (drop.words, drop.confidence) == ("ghost", 0.2)
        assert drop.keyframes == tuple(frame.id for frame in clip.keyframes)


def test_what_is_not_seen_when_asked_for_takes_along_what_is_said_of_it():
    def no_first_thing(told, seed):
        plain = json.loads(told)
        return json.dumps(
            {"verdicts": [{**each, "present": each["number"] != 1} for each in plain["verdicts"]]}
        )

    kept, _ = dropped_where()
    graph, dropped = dropped_where(presence=no_first_thing)
    found = kinds(dropped)
    assert found["object", NOT_SEEN] > 0
    assert found["attribute", GONE_WITH] + found["relation", GONE_WITH] > 0
    assert len(graph.objects) < len(kept.objects)


def test_the_sentences_that_were_not_taken_are_named():
    def freely(told, seed):
        plain = json.loads(told)
        sentence = "Somebody dances." if seed % 5 == 3 else plain["description"]
        return json.dumps({**plain, "description": sentence})

    graph, dropped = dropped_where(event=freely)
    assert kinds(dropped) == {("event", OTHER_SENTENCE): len(graph.clips)}
    assert {drop.words for drop in dropped} == {"somebody dances"}
    assert all("dances" not in clip.event.description for clip in graph.clips)


def test_two_of_a_kind_that_one_keyframe_loses_are_two():
    def nothing_there(told, seed):
        plain = json.loads(told)
        return json.dumps({"verdicts": [{**each, "present": False} for each in plain["verdicts"]]})

    graph, dropped = dropped_where(presence=nothing_there)
    assert graph.objects == ()
    words = Counter((drop.clip, drop.words) for drop in dropped if drop.kind == "object")
    said = Counter((node.clip, node.label) for node in TRUTH.objects)
    assert words == said
