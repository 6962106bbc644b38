"""What a parser says that cannot be costs neither the video nor its own trace."""

from __future__ import annotations

import math

import pytest

from videostep.graph import (
    Coverage,
    FrameAttribute,
    FrameDoubt,
    FrameGraph,
    FrameMotion,
    FrameObject,
    FrameRelation,
)
from videostep.induce.lost import GONE_WITH
from videostep.induce.vetting import (
    ITSELF,
    NEVER,
    NO_SPAN,
    NO_THING,
    TWO_THINGS,
    Unvouched,
    Vetted,
    vet_clip,
    vouched,
)
from videostep.video import Clip, Keyframe, TimeSpan

ALL_S = TimeSpan(2.0, 8.0)
FIRST = Keyframe(id="c1-k1", time_s=3.0, covers_s=TimeSpan(2.0, 5.0), image="c1-k1.jpg")
SECOND = Keyframe(id="c1-k2", time_s=6.0, covers_s=TimeSpan(5.0, 8.0), image="c1-k2.jpg")
CLIP = Clip(id="c1", span_s=ALL_S, keyframes=(FIRST, SECOND))
NONSENSE = {
    "it ends before it begins": ((TimeSpan(5.0, 3.0),), NO_SPAN),
    "it ends as it begins": ((TimeSpan(3.0, 3.0),), NO_SPAN),
    "its beginning is no number": ((TimeSpan(math.nan, 4.0),), NO_SPAN),
    "its end is no number": ((TimeSpan(3.0, math.nan),), NO_SPAN),
    "one of two is wrong": ((TimeSpan(2.0, 4.0), TimeSpan(5.0, 3.0)), NO_SPAN),
    "there is none": ((), NEVER),
    "it lies before the clip": ((TimeSpan(0.0, 2.0),), NEVER),
}


def thing(node="n1", label="lamp", *, spans_s=(ALL_S,), attributes=(), confidence=0.9):
    return FrameObject(
        node=node,
        track=node,
        label=label,
        kind="static",
        box=None,
        confidence=confidence,
        spans_s=spans_s,
        attributes=attributes,
    )


def colour(value="red", *, spans_s=(ALL_S,)):
    return FrameAttribute(name="colour", value=value, confidence=0.8, spans_s=spans_s)


def beside(subject, other, *, spans_s=(ALL_S,)):
    return FrameRelation(subject=subject, predicate="next to", object=other, confidence=0.7, spans_s=spans_s)


def vetted(*objects, keyframes=(FIRST,), **edges) -> Vetted:
    return vet_clip(CLIP, [FrameGraph(keyframe=frame, objects=objects, **edges) for frame in keyframes])


def told(vetted):
    return [(drop.kind, drop.words, drop.reason) for drop in vetted.dropped]


def test_what_is_sound_stays_and_nothing_is_dropped():
    objects = (thing(attributes=(colour(),)), thing("n2", "table"))
    frame = FrameGraph(
        keyframe=FIRST,
        objects=objects,
        relations=(beside("n1", "n2"),),
        motions=(FrameMotion(node="n1", predicate="falls", confidence=0.7, span_s=ALL_S),),
        doubts=(FrameDoubt(label="dog", spans_s=(ALL_S,)),),
    )
    assert vet_clip(CLIP, [frame]) == Vetted(frames=(frame,), dropped=(), unvouched=frozenset())


@pytest.mark.parametrize(("spans_s", "reason"), NONSENSE.values(), ids=NONSENSE)
class TestATimeThatIsNone:
    def test_of_an_object_leaves_a_doubt(self, spans_s, reason):
        found = vetted(thing(spans_s=spans_s), thing("n2", "table"))
        assert [kept.label for kept in found.frames[0].objects] == ["table"]
        assert found.frames[0].doubts == (FrameDoubt(label="lamp", spans_s=(FIRST.covers_s,)),)
        assert told(found) == [("object", "lamp", reason)]
        assert (found.dropped[0].keyframes, found.dropped[0].confidence) == (("c1-k1",), 0.9)

    def test_of_an_attribute_costs_its_word(self, spans_s, reason):
        found = vetted(thing(attributes=(colour("red", spans_s=spans_s), colour("blue"))))
        assert [said.value for said in found.frames[0].objects[0].attributes] == ["blue"]
        assert told(found) == [("attribute", "lamp: colour red", reason)]
        assert found.unvouched == {Unvouched("attribute", "colour")}

    def test_of_a_relation_costs_its_word(self, spans_s, reason):
        found = vetted(thing(), thing("n2", "table"), relations=(beside("n1", "n2", spans_s=spans_s),))
        assert found.frames[0].relations == ()
        assert told(found) == [("relation", "lamp next to table", reason)]
        assert found.unvouched == {Unvouched("relation", "next to")}

    def test_of_a_doubt_is_all_the_time(self, spans_s, reason):
        found = vetted(doubts=(FrameDoubt(label="dog", spans_s=spans_s),))
        assert found.frames[0].doubts == (FrameDoubt(label="dog", spans_s=(FIRST.covers_s,)),)


def test_a_motion_that_ends_before_it_begins_costs_its_word():
    motion = FrameMotion(node="n1", predicate="falls", confidence=0.7, span_s=TimeSpan(5.0, 3.0))
    found = vetted(thing(), motions=(motion,))
    assert found.frames[0].motions == ()
    assert told(found) == [("motion", "lamp: falls", NO_SPAN)]
    assert found.unvouched == {Unvouched("motion", "falls")}


def test_what_is_said_of_a_dropped_object_goes_with_it():
    lamp = thing(spans_s=(TimeSpan(5.0, 3.0),), attributes=(colour(),))
    falls = FrameMotion(node="n1", predicate="falls", confidence=0.7, span_s=ALL_S)
    found = vetted(lamp, thing("n2", "table"), relations=(beside("n2", "n1"),), motions=(falls,))
    assert told(found) == [
        ("object", "lamp", NO_SPAN),
        ("attribute", "lamp: colour red", GONE_WITH),
        ("relation", "table next to lamp", GONE_WITH),
        ("motion", "lamp: falls", GONE_WITH),
    ]
    assert found.frames[0].relations == ()
    assert found.frames[0].motions == ()


def test_an_edge_to_nothing_to_itself_or_to_one_of_two_is_dropped():
    edges = (beside("n1", "n9"), beside("n1", "n1"), beside("n1", "n2"))
    found = vetted(thing(), thing("n2", "chair"), thing("n2", "table"), relations=edges)
    assert [drop.reason for drop in found.dropped] == [NO_THING, ITSELF, TWO_THINGS]
    assert found.dropped[0].words == "lamp next to n9"
    assert found.frames[0].relations == ()
    assert len(found.frames[0].objects) == 3


def test_what_two_keyframes_lose_alike_is_one_line():
    found = vetted(thing(spans_s=()), keyframes=(FIRST, SECOND))
    assert [drop.keyframes for drop in found.dropped] == [("c1-k1", "c1-k2")]


@pytest.mark.parametrize("confidence", [math.nan, -1.0, 7.0])
def test_a_confidence_that_is_none_is_told_as_none(confidence):
    assert vetted(thing(spans_s=(), confidence=confidence)).dropped[0].confidence == 0.0


def test_absence_of_what_was_dropped_means_nothing():
    coverage = Coverage(
        labels=("lamp",),
        attributes=("colour", "size"),
        relations=("next to", "on"),
        motions=("falls", "waves"),
    )
    lost = [
        Unvouched("object", "lamp"),
        Unvouched("attribute", "colour"),
        Unvouched("relation", "on"),
        Unvouched("motion", "falls"),
        Unvouched("motion", "size"),
    ]
    left = Coverage(labels=("lamp",), attributes=("size",), relations=("next to",), motions=("waves",))
    assert vouched(coverage, lost) == left
    assert vouched(coverage, []) == coverage
