from __future__ import annotations

from videostep.graph import AttributeNode, ClipGraph, MotionEdge, ObjectNode, RelationEdge
from videostep.induce.parsers.embedded.events import NOTHING, SEEN_CONFIDENCE, event_of
from videostep.video import Clip, Keyframe, TimeSpan

SPAN = TimeSpan(0.0, 6.0)


def node(name: str, label: str) -> ObjectNode:
    return ObjectNode(
        id=name,
        clip="c1",
        label=label,
        kind="dynamic",
        spans_s=(SPAN,),
        boxes=(),
        confidence=0.9,
        evidence=(),
    )


def colour(thing: str, name: str, value: str) -> AttributeNode:
    return AttributeNode(
        id=f"{thing}.{name}",
        object=thing,
        name=name,
        value=value,
        spans_s=(SPAN,),
        confidence=1,
        evidence=(),
    )


def ride(rider: str, ridden: str) -> RelationEdge:
    return RelationEdge(
        id=f"{rider}.riding.{ridden}",
        subject=rider,
        predicate="riding",
        object=ridden,
        spans_s=(SPAN,),
        confidence=0.8,
        evidence=(),
    )


def motion(thing: str, predicate: str, length_s: float) -> MotionEdge:
    return MotionEdge(
        id=f"{thing}.{predicate}",
        object=thing,
        predicate=predicate,
        span_s=TimeSpan(0.0, length_s),
        from_keyframe="c1-k1",
        to_keyframe="c1-k1",
        confidence=0.9,
    )


def graph(labels: dict[str, str], *, colours=(), motions=(), riding=()) -> ClipGraph:
    keyframe = Keyframe(id="c1-k1", time_s=1.0, covers_s=SPAN, image="k.jpg")
    return ClipGraph(
        clip=Clip(id="c1", span_s=SPAN, keyframes=(keyframe,)),
        objects=tuple(node(name, label) for name, label in labels.items()),
        attributes=tuple(colour(*one) for one in colours),
        relations=tuple(ride(*one) for one in riding),
        motions=tuple(motion(*one) for one in motions),
        doubts=(),
        appearances={},
    )


def said(*args, **kwargs) -> str:
    return event_of(graph(*args, **kwargs)).description


def test_an_empty_clip_says_so_without_conviction():
    event = event_of(graph({}))
    assert event.description == NOTHING
    assert event.participants == ()
    assert event.confidence <= 0.2


def test_a_rider_and_a_car_make_one_sentence():
    event = event_of(
        graph(
            {"p": "person", "b": "bicycle", "c": "car"},
            colours=[("p", "top colour", "black"), ("c", "colour", "white")],
            motions=[("c", "drives to the left", 2.0), ("b", "moves to the left", 2.0)],
            riding=[("p", "b")],
        )
    )
    person, car = event.description.split(" while ")
    assert person == "a person in a black top rides a bicycle"
    assert car == "a white car drives to the left"
    assert event.participants == ("b", "c", "p")
    assert event.confidence == 0.8


def test_several_who_do_the_same_share_a_clause():
    motions = [("p", "walks to the left", 2.0), ("q", "walks to the left", 3.0), ("r", "walks away", 1.5)]
    text = said({"p": "person", "q": "person", "r": "person"}, motions=motions)
    assert text == "people walk to the left while a person walks away"


def test_several_riders_ride_bicycles():
    labels = {"p": "person", "q": "person", "b": "bicycle", "c": "bicycle"}
    assert said(labels, riding=[("p", "b"), ("q", "c")]) == "people ride bicycles"


def test_going_somewhere_says_more_than_a_stop():
    motions = [("p", "stops", 5.0), ("p", "walks to the left", 2.0)]
    assert said({"p": "person"}, motions=motions) == "a person walks to the left"


def test_where_nothing_moves_things_are_seen():
    assert said({"u": "umbrella", "c": "car"}) == "a car and an umbrella are seen"
    assert said({"c": "car"}) == "a car is seen"
    assert said({"a": "bus", "b": "bus"}) == "buses are seen"


def test_that_something_is_seen_is_hardly_an_event():
    assert event_of(graph({"c": "car"})).confidence <= SEEN_CONFIDENCE
