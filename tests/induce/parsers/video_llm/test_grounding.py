"""Boxes and tracks of one parser, words of another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from videostep.errors import ConfigError
from videostep.graph import Box, FrameDoubt, FrameGraph, FrameObject
from videostep.induce.parsers import open_parser
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.draft import Draft, Thing
from videostep.induce.parsers.video_llm.grounding import ground
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.models.protocol import Image, Request
from videostep.models.scripted import ScriptedModel
from videostep.store.graph_rules import find_breaches
from videostep.testing.parser import ScriptedParser
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import staged_graph, watch_staged
from videostep.video import Keyframe, TimeSpan

TRUTH = staged_graph()
LEFT, RIGHT = Box(0.1, 0.2, 0.3, 0.8), Box(0.6, 0.2, 0.8, 0.8)


def draft(number: int, *things: Thing) -> Draft:
    covers_s = TimeSpan(2.0 * number, 2.0 * number + 2)
    frame = Keyframe(id=f"c1-k{number}", time_s=2.0 * number + 1, covers_s=covers_s, image="")
    numbered = tuple(replace(thing, number=place) for place, thing in enumerate(things, start=1))
    return Draft(
        keyframe=frame, image=Image(data=b""), things=numbered, attributes={}, relations={}, motions={}
    )


def said(label: str, box: Box | None, kind="static") -> Thing:
    return Thing(number=0, label=label, kind=kind, box=box, confidence=0.8)


def seen(track: str, label: str, box: Box | None) -> FrameObject:
    return FrameObject(
        node=track, track=track, label=label, kind="dynamic", box=box, confidence=0.9,
        spans_s=(TimeSpan(0.0, 1.5),), attributes=(), appearance=(1.0,),
    )  # fmt: skip


def grounded(drafts: list[Draft], *objects: list[FrameObject], doubts=()) -> list[Draft]:
    frames = [
        FrameGraph(keyframe=one.keyframe, objects=tuple(found), doubts=doubts)
        for one, found in zip(drafts, objects, strict=True)
    ]
    return ground(drafts, frames)


def test_one_thing_has_the_box_of_one_and_the_words_of_the_other():
    shifted = Box(0.12, 0.2, 0.32, 0.8)
    (found,) = grounded([draft(0, said("woman", shifted))], [seen("t1", "person", LEFT)])
    (thing,) = found.things
    assert (thing.label, thing.box, thing.track, thing.kind) == ("woman", LEFT, "t1", "static")
    assert thing.spans_s == (TimeSpan(0.0, 1.5),)
    assert thing.confidence == 0.8


def test_a_bicycle_is_not_its_rider():
    (found,) = grounded([draft(0, said("bicycle", Box(0.1, 0.4, 0.3, 0.95)))], [seen("t1", "person", LEFT)])
    assert {(thing.label, thing.track) for thing in found.things} == {("bicycle", None), ("person", "t1")}
    (found,) = grounded([draft(0, said("truck", LEFT))], [seen("t1", "car", LEFT)])
    assert [(thing.label, thing.track) for thing in found.things] == [("truck", "t1")]


def test_a_track_is_called_as_most_keyframes_call_it():
    drafts = [
        draft(0, said("woman", LEFT)),
        draft(1, said("man", LEFT)),
        draft(2, said("man", LEFT)),
        draft(3),
    ]
    found = grounded(drafts, *([seen("t1", "person", LEFT)] for _ in drafts))
    assert [one.things[0].label for one in found] == ["man"] * 4


def test_what_only_one_of_them_sees_stays():
    (found,) = grounded([draft(0, said("door", RIGHT))], [seen("t1", "person", LEFT)])
    assert [(thing.number, thing.label, thing.track) for thing in found.things] == [
        (1, "person", "t1"),
        (2, "door", None),
    ]


TWO = [seen("t2", "person", RIGHT), seen("t1", "person", LEFT)]


def test_things_without_a_place_are_those_that_are_seen_from_left_to_right():
    named = [replace(said("woman", None), confidence=sure) for sure in (0.6, 0.8)]
    (found,) = grounded([draft(0, *named, said("tree", None))], TWO)
    assert [(thing.label, thing.box, thing.confidence) for thing in found.things] == [
        ("woman", LEFT, 0.6),
        ("woman", RIGHT, 0.8),
        ("tree", None, 0.8),
    ]
    assert found.doubts == frozenset()


@pytest.mark.parametrize(
    ("called", "doubts"),
    [(["woman", "man"], set()), (["young woman"], set()), (["person", "woman", "man"], {"person"})],
)
def test_where_nobody_knows_which_is_which_nothing_is_taken_and_nothing_is_doubled(called, doubts):
    (found,) = grounded([draft(0, *(said(label, None) for label in called))], TWO)
    assert [(thing.label, thing.box) for thing in found.things] == [("person", LEFT), ("person", RIGHT)]
    assert found.doubts == doubts


def test_what_is_out_of_sight_at_the_keyframe_is_not_asked_about_and_doubts_are_kept():
    doubts = (FrameDoubt(label="dog", spans_s=(TimeSpan(0.0, 1.0),)),)
    (found,) = grounded([draft(0)], [seen("t1", "person", None)], doubts=doubts)
    assert found.things == ()
    assert found.doubts == {"dog"}


def without_places(request: Request, seed: int) -> str:
    """A perfect eye that cannot say where things are."""
    text = PerfectEye(TRUTH).answer_request(request, seed)
    if request.stage != "objects":
        return text
    named = json.loads(text)["objects"]
    return json.dumps({"objects": [{**one, "place": None} for one in named]})


def test_a_model_that_cannot_ground_gives_the_true_graph_on_anothers_boxes():
    parser = VideoLlmParser(ScriptedModel(without_places), grounding=ScriptedParser(TRUTH))
    graph, _ = watch_staged(parser, TRUTH)
    assert list(find_breaches(graph)) == []
    assert {one.id: (one.spans_s, one.boxes) for one in graph.objects} == {
        one.id: (one.spans_s, one.boxes) for one in TRUTH.objects
    }
    facts = ((a.object, a.name, a.value, a.spans_s) for a in graph.attributes)
    assert set(facts) == {(a.object, a.name, a.value, a.spans_s) for a in TRUTH.attributes}
    assert {edge.id for edge in graph.relations} == {edge.id for edge in TRUTH.relations}
    assert {edge.objects for edge in graph.references} == {edge.objects for edge in TRUTH.references}


def test_looks_that_rule_it_out_spare_the_question():
    class Stranger(ScriptedParser):
        def same_thing(self, first, second):
            return 0.0

    asked: list[str] = []

    def answer(request: Request, seed: int) -> str:
        asked.append(request.stage)
        return PerfectEye(TRUTH).answer_request(request, seed)

    graph, _ = watch_staged(VideoLlmParser(ScriptedModel(answer), grounding=Stranger(TRUTH)), TRUTH)
    assert "identity" not in asked
    assert graph.references == ()


def test_the_name_tells_who_grounds():
    config = VideoLlmConfig(grounding="embedded")
    plain = open_parser("openai:m@http://x/v1", config)
    other = open_parser("openai:m@http://x/v1", config, grounding=EmbeddedConfig(start_score=0.9))
    assert "grounded by embedded/1" in plain.name
    assert plain.name != other.name
    for parser in (plain, other):
        parser.close()


def test_a_video_llm_grounds_no_other():
    with pytest.raises(ConfigError, match="cannot ground a Video-LLM; give a scene parser"):
        open_parser("openai:m@http://x/v1", VideoLlmConfig(grounding="openai:n@http://y/v1"))
