"""What was said about a clip, dealt out to its keyframes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from videostep.graph import FrameAttribute, FrameDoubt, FrameGraph, FrameMotion, FrameObject, FrameRelation
from videostep.induce.parsers.embedded.path import Path, box_at
from videostep.induce.parsers.embedded.statements import Motion, Relation, Statements, Thing, Unsure
from videostep.induce.support import within
from videostep.video import Clip, Keyframe, TimeSpan


def frame_graphs(clip: Clip, said: Statements, paths: Mapping[int, Path]) -> tuple[FrameGraph, ...]:
    """One FrameGraph per keyframe: whatever holds while the keyframe stands for the clip."""
    return tuple(_frame_graph(keyframe, said, paths) for keyframe in clip.keyframes)


def _frame_graph(keyframe: Keyframe, said: Statements, paths: Mapping[int, Path]) -> FrameGraph:
    cover = keyframe.covers_s
    objects = [one for one in (_object(thing, keyframe, paths[thing.track]) for thing in said.things) if one]
    nodes = {one.node for one in objects}
    return FrameGraph(
        keyframe=keyframe,
        objects=tuple(objects),
        relations=tuple(
            r for r in (_relation(r, cover) for r in said.relations) if r and {r.subject, r.object} <= nodes
        ),
        motions=tuple(
            _motion(m) for m in said.motions if cover.holds(m.span_s.start_s) and node(m.track) in nodes
        ),
        doubts=tuple(doubt for doubt in (_doubt(unsure, cover) for unsure in said.unsure) if doubt),
    )


def node(track: int) -> str:
    """The name of a track's node: the same in every FrameGraph of the clip."""
    return f"t{track}"


def _object(thing: Thing, keyframe: Keyframe, path: Path) -> FrameObject | None:
    spans_s = within(thing.spans_s, [keyframe.covers_s])
    if not spans_s:
        return None
    visible = any(span.holds(keyframe.time_s) for span in spans_s)
    attributes = (_attribute(attribute, keyframe.covers_s) for attribute in thing.attributes)
    return FrameObject(
        node=node(thing.track),
        track=node(thing.track),
        label=thing.label,
        kind=thing.kind,
        box=box_at(path, keyframe.time_s) if visible else None,
        confidence=thing.confidence,
        spans_s=spans_s,
        attributes=tuple(attribute for attribute in attributes if attribute),
        appearance=thing.appearance,
    )


def _attribute(attribute: FrameAttribute, cover: TimeSpan) -> FrameAttribute | None:
    spans_s = within(attribute.spans_s, [cover])
    return replace(attribute, spans_s=spans_s) if spans_s else None


def _relation(relation: Relation, cover: TimeSpan) -> FrameRelation | None:
    spans_s = within(relation.spans_s, [cover])
    if not spans_s:
        return None
    return FrameRelation(
        subject=node(relation.subject),
        predicate=relation.predicate,
        object=node(relation.object),
        confidence=relation.confidence,
        spans_s=spans_s,
    )


def _motion(motion: Motion) -> FrameMotion:
    return FrameMotion(
        node=node(motion.track),
        predicate=motion.predicate,
        confidence=motion.confidence,
        span_s=motion.span_s,
    )


def _doubt(unsure: Unsure, cover: TimeSpan) -> FrameDoubt | None:
    spans_s = within(unsure.spans_s, [cover])
    return FrameDoubt(label=unsure.label, spans_s=spans_s) if spans_s else None
