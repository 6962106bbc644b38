"""What a graph must mean, beyond its types: the rules of `videostep.stsg/1` (docs/formats.md)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from videostep.graph import EdgeTimes, Event, GraphClip, ObjectNode, ReferenceEdge, VideoGraph
from videostep.video import TimeSpan


class Breach(NamedTuple):
    """One element that breaks one rule."""

    element: str
    """Its id."""
    rule: str
    """What is the case, as a sentence about the element."""


class _Home(NamedTuple):
    """A clip as its elements see it."""

    id: str
    span_s: TimeSpan
    keyframes: frozenset[str]
    """Ids: gathered once, since a long clip has thousands, and tens of thousands of elements name them."""


def find_breaches(graph: VideoGraph) -> Iterator[Breach]:
    """Every rule that the graph breaks, in the order of the file; none for a valid graph."""
    clips = {clip.id: _home_of(clip) for clip in graph.clips}
    objects = {node.id: node for node in graph.objects}
    yield from _repeated_ids(graph)
    yield from _coverage(graph)
    yield from _clips(graph, objects)
    yield from _objects(graph, clips)
    yield from _attributes(graph, clips, objects)
    yield from _relations(graph, clips, objects)
    yield from _motions(graph, clips, objects)
    yield from _references(graph, objects)
    yield from _doubts(graph, clips)


def _home_of(clip: GraphClip) -> _Home:
    return _Home(clip.id, clip.span_s, frozenset(keyframe.id for keyframe in clip.keyframes))


def _repeated_ids(graph: VideoGraph) -> Iterator[Breach]:
    seen: set[str] = set()
    for id_ in _all_ids(graph):
        if id_ in seen:
            yield Breach(id_, "two elements have this id")
        seen.add(id_)


def _all_ids(graph: VideoGraph) -> Iterator[str]:
    for clip in graph.clips:
        yield from (clip.id, clip.event.id, *(keyframe.id for keyframe in clip.keyframes))
    for elements in (
        graph.objects,
        graph.attributes,
        graph.relations,
        graph.motions,
        graph.references,
        graph.doubts,
    ):
        yield from (element.id for element in elements)


def _coverage(graph: VideoGraph) -> Iterator[Breach]:
    every_s = graph.coverage.sampled_every_s
    if every_s is not None and not 0 < every_s < math.inf:
        yield Breach("coverage", f"sampled_every_s is {every_s}, which is no time between two frames")
    times = graph.coverage.edges_every_s or EdgeTimes()
    for kind in ("attributes", "relations", "motions"):
        edge_s = getattr(times, kind)
        if edge_s is not None and not 0 <= edge_s <= (every_s or 0.0):
            yield Breach("coverage", f"edges_every_s gives {kind} {edge_s}, not 0 to sampled_every_s")


def _clips(graph: VideoGraph, objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    before_s = 0.0
    for clip in graph.clips:
        if not before_s <= clip.span_s.start_s < clip.span_s.end_s <= graph.video.duration_s:
            yield Breach(clip.id, "span_s is empty, overlaps the clip before it, or leaves the video")
        before_s = clip.span_s.end_s
        yield from _keyframes(clip)
        yield from _event(clip.event, _home_of(clip), objects)


def _keyframes(clip: GraphClip) -> Iterator[Breach]:
    if not clip.keyframes:
        yield Breach(clip.id, "it has no keyframe")
        return
    edges_s = [clip.span_s.start_s, *(keyframe.covers_s.end_s for keyframe in clip.keyframes)]
    for keyframe, start_s in zip(clip.keyframes, edges_s, strict=False):
        if keyframe.covers_s.start_s != start_s or not keyframe.covers_s.duration_s:
            yield Breach(keyframe.id, f"covers_s does not begin where the part before it ends ({start_s} s)")
        if not keyframe.covers_s.holds(keyframe.time_s):
            yield Breach(keyframe.id, "time_s lies outside its covers_s")
    if edges_s[-1] != clip.span_s.end_s:
        yield Breach(clip.keyframes[-1].id, "the keyframes' covers_s end elsewhere than their clip")


def _event(event: Event, clip: _Home, objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    yield from _spans(event.id, [event.span_s], clip)
    yield from _confidence(event.id, event.confidence)
    for participant in event.participants:
        if participant not in objects:
            yield Breach(event.id, f"it names the object {participant!r}, which does not exist")
        elif objects[participant].clip != clip.id:
            yield Breach(event.id, f"its participant {participant!r} is in another clip")


def _objects(graph: VideoGraph, clips: dict[str, _Home]) -> Iterator[Breach]:
    for node in graph.objects:
        yield from _words(node.id, node.label)
        yield from _confidence(node.id, node.confidence)
        clip = clips.get(node.clip)
        if clip is None:
            yield Breach(node.id, f"it names the clip {node.clip!r}, which does not exist")
            continue
        yield from _spans(node.id, node.spans_s, clip)
        yield from _evidence(node.id, node.evidence, clip)
        yield from _boxes(node, clip)


def _boxes(node: ObjectNode, clip: _Home) -> Iterator[Breach]:
    yield from _evidence(node.id, [box.keyframe for box in node.boxes], clip)
    if len({box.keyframe for box in node.boxes}) < len(node.boxes):
        yield Breach(node.id, "it has two boxes in one keyframe")
    for box in node.boxes:
        x1, y1, x2, y2 = box.xyxy
        if not (0 <= x1 <= x2 <= 1 and 0 <= y1 <= y2 <= 1):
            yield Breach(node.id, f"its box in {box.keyframe} is no rectangle inside 0..1")


def _attributes(
    graph: VideoGraph, clips: dict[str, _Home], objects: dict[str, ObjectNode]
) -> Iterator[Breach]:
    for node in graph.attributes:
        yield from _words(node.id, node.name, node.value)
        yield from _confidence(node.id, node.confidence)
        yield from _missing(node.id, [node.object], objects)
        for clip in _clips_of([node.object], clips, objects):
            yield from _spans(node.id, node.spans_s, clip)
            yield from _evidence(node.id, node.evidence, clip)


def _relations(
    graph: VideoGraph, clips: dict[str, _Home], objects: dict[str, ObjectNode]
) -> Iterator[Breach]:
    for edge in graph.relations:
        ends = [edge.subject, edge.object]
        yield from _words(edge.id, edge.predicate)
        yield from _confidence(edge.id, edge.confidence)
        yield from _missing(edge.id, ends, objects)
        if edge.subject == edge.object:
            yield Breach(edge.id, "it joins an object to itself")
        homes = _clips_of(ends, clips, objects)
        if len(homes) > 1:
            yield Breach(edge.id, "its subject and object are in different clips")
        for clip in homes[:1]:
            yield from _spans(edge.id, edge.spans_s, clip)
            yield from _evidence(edge.id, edge.evidence, clip)


def _motions(graph: VideoGraph, clips: dict[str, _Home], objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    for edge in graph.motions:
        yield from _words(edge.id, edge.predicate)
        yield from _confidence(edge.id, edge.confidence)
        yield from _missing(edge.id, [edge.object], objects)
        for clip in _clips_of([edge.object], clips, objects):
            yield from _spans(edge.id, [edge.span_s], clip)
            yield from _evidence(edge.id, [edge.from_keyframe, edge.to_keyframe], clip)


def _references(graph: VideoGraph, objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    for edge in graph.references:
        yield from _confidence(edge.id, edge.confidence)
        yield from _missing(edge.id, edge.objects, objects)
        clips = [objects[id_].clip for id_ in edge.objects if id_ in objects]
        if len(clips) == 2 and clips[0] == clips[1]:
            yield Breach(edge.id, "it joins two objects of one clip")
    yield from _chains(graph.references, objects)


def _chains(edges: Iterable[ReferenceEdge], objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    """Edges that join two objects of one clip over edges before them."""
    things = _Things(objects.values())
    for edge in edges:
        ends = [objects[id_] for id_ in edge.objects if id_ in objects]
        if len(ends) < 2 or ends[0].clip == ends[1].clip:
            continue
        both = things.join(*edge.objects)
        if both is not None:
            first, second = sorted(both)
            yield Breach(edge.id, f"over others it joins {first!r} and {second!r}, two objects of one clip")


class _Things:
    """Objects joined to things of the video; n joins take about n steps (union-find, small into large)."""

    def __init__(self, nodes: Iterable[ObjectNode]) -> None:
        self._above: dict[str, str] = {}
        self._by_clip = {node.id: {node.clip: node.id} for node in nodes}

    def join(self, first: str, second: str) -> tuple[str, str] | None:
        """Make one thing of those of two objects; two objects of it in one clip, if there are any."""
        small, large = sorted((self._top(first), self._top(second)), key=lambda top: len(self._by_clip[top]))
        if small == large:
            return None
        self._above[small] = large
        coming, there = self._by_clip.pop(small), self._by_clip[large]
        twice = next(((there[clip], id_) for clip, id_ in coming.items() if clip in there), None)
        self._by_clip[large].update(coming)
        return twice

    def _top(self, id_: str) -> str:
        while (above := self._above.get(id_, id_)) != id_:
            self._above[id_] = self._above.get(above, above)
            id_ = above
        return id_


def _doubts(graph: VideoGraph, clips: dict[str, _Home]) -> Iterator[Breach]:
    for doubt in graph.doubts:
        yield from _words(doubt.id, doubt.label)
        if doubt.clip not in clips:
            yield Breach(doubt.id, f"it names the clip {doubt.clip!r}, which does not exist")
        else:
            yield from _spans(doubt.id, doubt.spans_s, clips[doubt.clip])


# --- rules that several kinds of element share ----------------------------------------------


def _clips_of(ids: Iterable[str], clips: dict[str, _Home], objects: dict[str, ObjectNode]) -> list[_Home]:
    """The different clips of those objects that exist; in order."""
    homes = dict.fromkeys(objects[id_].clip for id_ in ids if id_ in objects)
    return [clips[home] for home in homes if home in clips]


def _missing(element: str, ids: Iterable[str], objects: dict[str, ObjectNode]) -> Iterator[Breach]:
    for id_ in ids:
        if id_ not in objects:
            yield Breach(element, f"it names the object {id_!r}, which does not exist")


def _spans(element: str, spans: Sequence[TimeSpan], clip: _Home) -> Iterator[Breach]:
    if not spans:
        yield Breach(element, "it has no time span")
    before_s = clip.span_s.start_s
    for start_s, end_s in spans:
        if not start_s < end_s:  # NaN, too, is no end
            yield Breach(element, f"its span [{start_s}, {end_s}) is empty")
        elif end_s > clip.span_s.end_s or start_s < clip.span_s.start_s:
            yield Breach(element, f"its span [{start_s}, {end_s}) leaves the clip {clip.id}")
        elif start_s < before_s:
            yield Breach(element, f"its span [{start_s}, {end_s}) is out of order or overlaps another")
        before_s = end_s


def _evidence(element: str, keyframes: Iterable[str], clip: _Home) -> Iterator[Breach]:
    for keyframe in keyframes:
        if keyframe not in clip.keyframes:
            yield Breach(element, f"it names {keyframe!r}, which is no keyframe of its clip {clip.id}")


def _confidence(element: str, confidence: float) -> Iterator[Breach]:
    if not 0 <= confidence <= 1:
        yield Breach(element, f"its confidence {confidence} lies outside 0..1")


def _words(element: str, *texts: str) -> Iterator[Breach]:
    for text in texts:
        if text != text.strip().lower() or not text:
            yield Breach(element, f"{text!r} is not in lower-case words")
