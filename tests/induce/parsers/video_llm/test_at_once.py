"""The ablation without step-by-step parsing: one request a keyframe, believed as it stands."""

import json

import pytest

from videostep.errors import ConfigError, ReplyError
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.scripted import ScriptedModel
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged

TRUTH = staged_graph()
AT_ONCE = VideoLlmConfig(single_prompt=True, samples=1, check_presence=False)
SCENE = {
    "objects": [
        {"label": "Cars", "kind": "dynamic", "place": {"left": 100, "top": 100, "right": 300, "bottom": 400}},
        {"label": "#$!", "kind": "static", "place": None},
        {"label": "bench", "kind": "static", "place": None},
    ],
    "attributes": [
        {"number": 1, "name": "Color", "value": "red"},
        {"number": 9, "name": "colour", "value": "x"},
    ],
    "relations": [
        {"subject": 1, "predicate": "is next to", "object": 3},
        {"subject": 1, "predicate": "on", "object": 2},
    ],
}


def watch(say):
    """The stages asked, and the graph of a parser whose scenes are what `say` says."""
    asked = []

    def answer(request, seed):
        asked.append(request.stage)
        if request.stage != "scene":
            return PerfectEye(TRUTH).answer_request(request, seed)
        if isinstance(say, Exception):
            raise say
        return json.dumps(say)

    graph, _ = watch_staged(VideoLlmParser(ScriptedModel(answer), AT_ONCE), TRUTH)
    return asked, graph


def test_each_keyframe_is_one_request_and_numbers_are_those_of_the_reply():
    asked, graph = watch(SCENE)
    keyframes = sum(len(clip.keyframes) for clip in graph.clips)
    assert asked.count("scene") == keyframes
    assert {"narrative", "objects", "attributes", "relations", "presence"}.isdisjoint(asked)
    assert {node.label for node in graph.objects} == {"car", "bench"}
    assert {(node.name, node.value) for node in graph.attributes} == {("colour", "red")}
    assert {edge.predicate for edge in graph.relations} == {"next to"}
    assert {(edge.subject.split("-")[1], edge.object.split("-")[1]) for edge in graph.relations} == {
        ("car", "bench")
    }


def test_a_list_that_is_full_has_left_something_out():
    objects = [{"label": "car", "kind": "static", "place": None}] * 24
    _, graph = watch({"objects": objects, "attributes": [], "relations": []})
    assert {doubt.label for doubt in graph.doubts} == {"car"}


def test_a_keyframe_without_a_usable_reply_is_empty():
    _, graph = watch(ReplyError("no JSON"))
    assert graph.objects == ()


@pytest.mark.parametrize(
    "other",
    [{"samples": 5}, {"check_presence": True}, {"grounding": "embedded"}],
    ids=lambda other: next(iter(other)),
)
def test_what_needs_several_replies_does_not_go_with_it(other):
    settings = {"single_prompt": True, "samples": 1, "check_presence": False, **other}
    with pytest.raises(ConfigError, match="single_prompt takes one reply"):
        VideoLlmConfig(**settings)
