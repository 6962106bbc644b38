"""What was found in each keyframe, as FrameGraphs: it holds while the keyframe stands for the clip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from videostep.graph import (
    FrameAttribute,
    FrameDoubt,
    FrameGraph,
    FrameMotion,
    FrameObject,
    FrameRelation,
)
from videostep.induce.parsers.video_llm.draft import Draft, Thing
from videostep.induce.support import within
from videostep.video import TimeSpan


def frame_graphs(drafts: Sequence[Draft]) -> tuple[FrameGraph, ...]:
    """One FrameGraph per keyframe of a clip, in order."""
    ends_s = [draft.keyframe.time_s for draft in drafts[1:]]
    return tuple(_frame_graph(draft, end_s) for draft, end_s in zip(drafts, [*ends_s, None], strict=True))


def _frame_graph(draft: Draft, next_s: float | None) -> FrameGraph:
    return FrameGraph(
        keyframe=draft.keyframe,
        objects=tuple(_frame_object(thing, draft) for thing in draft.things),
        relations=tuple(_frame_relations(draft)),
        motions=tuple(_frame_motions(draft, next_s)),
        doubts=tuple(
            FrameDoubt(label=label, spans_s=(draft.keyframe.covers_s,)) for label in sorted(draft.doubts)
        ),
    )


def _frame_object(thing: Thing, draft: Draft) -> FrameObject:
    spans_s = draft.seen_s(thing)
    return FrameObject(
        node=_node(thing.number),
        track=thing.track,
        label=thing.label,
        kind=thing.kind,
        box=thing.box,
        confidence=thing.confidence,
        spans_s=spans_s,
        attributes=tuple(
            FrameAttribute(name=said.name, value=said.value, confidence=sure, spans_s=spans_s)
            for said, sure in draft.attributes.items()
            if said.number == thing.number
        ),
        appearance=thing.appearance,
    )


def _frame_relations(draft: Draft) -> Iterator[FrameRelation]:
    """While both ends are seen."""
    for said, sure in draft.relations.items():
        subject, other = draft.thing(said.subject), draft.thing(said.object)
        spans_s = within(draft.seen_s(subject), draft.seen_s(other))
        if spans_s:
            yield FrameRelation(
                subject=_node(said.subject),
                predicate=said.predicate,
                object=_node(said.object),
                confidence=sure,
                spans_s=spans_s,
            )


def _frame_motions(draft: Draft, next_s: float | None) -> list[FrameMotion]:
    """From this keyframe's moment to the next one's."""
    if next_s is None:
        return []
    span_s = TimeSpan(draft.keyframe.time_s, next_s)
    return [
        FrameMotion(node=_node(said.number), predicate=said.predicate, confidence=sure, span_s=span_s)
        for said, sure in draft.motions.items()
    ]


def _node(number: int) -> str:
    return f"n{number}"
