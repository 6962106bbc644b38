"""Dynamic merging: the FrameGraphs of one clip become its temporal scene graph (STEP, section 3.1).

Nothing is invented: every node and edge is the sum of frame elements that say the same. It holds
when they held, and between two of them at most `MergeConfig.max_gap_s` apart unless something else
was seen there. The order in which a FrameGraph lists its elements does not matter.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from videostep.errors import ConfigError
from videostep.graph import AttributeNode, ClipGraph, Doubt, FrameGraph, MotionEdge, RelationEdge
from videostep.induce.identity import Thing, identify
from videostep.induce.support import (
    Support,
    all_spans,
    evidence,
    join_unless,
    mean_confidence,
    settle,
    within,
)
from videostep.induce.things import ClipThings, numbered, slug
from videostep.video import Clip, TimeSpan, join_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConfig:
    """When two frame elements are one."""

    join: bool = True
    """False: what is seen in two keyframes is two things, and nothing moves from one to the other. Paper:
    true; false is its ablation "without dynamic merging"."""
    max_gap_s: float = 1.0
    """A thing, fact or motion unseen for no longer than this went on, seconds: about as long as a
    passer-by hides somebody. Paper: not given."""
    min_similarity: float = 0.4
    """Untracked objects of two FrameGraphs less alike than this are two things, 0..1. A label alone
    scores 0.5; attributes or a place that do not fit take it below. Paper: not given."""
    min_margin: float = 0.1
    """How much better than any rival a match of untracked objects must be, 0..1. Paper: not given."""
    max_missed_keyframes: int = 1
    """So many FrameGraphs may miss an untracked thing before it counts as another. Paper: not given."""

    def __post_init__(self) -> None:
        for name in ("min_similarity", "min_margin"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} is {getattr(self, name)}", remedy="give 0 to 1")
        for name in ("max_gap_s", "max_missed_keyframes"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name} is {getattr(self, name)}", remedy="give 0 or more")


def merge_clip(clip: Clip, frame_graphs: Sequence[FrameGraph], config: MergeConfig) -> ClipGraph:
    """Merge the FrameGraphs of one clip, one per keyframe.

    Objects come in order of appearance; what is said of them in the order of their ids.
    """
    frames = sorted(frame_graphs, key=lambda frame: frame.keyframe.time_s)
    if not config.join:
        frames = list(map(_apart, frames))
    identified = identify(
        frames,
        min_similarity=config.min_similarity if config.join else math.inf,
        min_margin=config.min_margin,
        max_missed=config.max_missed_keyframes,
    )
    things = ClipThings(clip, frames, identified, max_gap_s=config.max_gap_s)
    return ClipGraph(
        clip=clip,
        objects=tuple(things.nodes.values()),
        attributes=tuple(_attributes(things)),
        relations=tuple(_relations(things)),
        motions=tuple(_motions(things)),
        doubts=tuple(_doubts(things)),
        appearances=things.appearances(),
    )


def _apart(frame: FrameGraph) -> FrameGraph:
    """The FrameGraph without what leads from it to others."""
    return replace(frame, objects=tuple(replace(found, track=None) for found in frame.objects), motions=())


# --- attributes -------------------------------------------------------------------------------


def _attributes(things: ClipThings) -> Iterable[AttributeNode]:
    """Per thing and name: values claimed for one time settled, then each value one node."""
    taken: Counter[str] = Counter()
    for id_, thing in things.items():
        claims = _attribute_claims(things, id_, thing)
        for name in sorted(claims):
            yield from _value_nodes(things, id_, name, claims[name], taken)


def _attribute_claims(
    things: ClipThings, id_: str, thing: Thing
) -> dict[str, defaultdict[str, list[Support]]]:
    """Name to value to support."""
    claims: dict[str, defaultdict[str, list[Support]]] = {}
    for sight in thing:
        for said in sorted(sight.object.attributes, key=lambda said: (said.spans_s, said.confidence)):
            support = things.support(sight.frame, said.spans_s, said.confidence, id_)
            if support.spans_s:
                claims.setdefault(said.name, defaultdict(list))[said.value].append(support)
    return claims


def _value_nodes(
    things: ClipThings,
    object_: str,
    name: str,
    claims: Mapping[str, Sequence[Support]],
    taken: Counter[str],
) -> Iterable[AttributeNode]:
    settled = settle(claims)
    for value in sorted(settled):
        breaks_s = [span.start_s for other in settled if other != value for span in settled[other]]
        kept = _restrict(claims[value], settled[value])
        yield AttributeNode(
            id=numbered(f"{object_}.{slug(name)}.{slug(value)}", taken),
            object=object_,
            name=name,
            value=value,
            spans_s=join_unless(settled[value], gap_s=things.max_gap_s, breaks_s=breaks_s),
            confidence=mean_confidence(kept),
            evidence=evidence(kept),
        )


def _restrict(supports: Iterable[Support], spans: Sequence[TimeSpan]) -> list[Support]:
    parts = (support._replace(spans_s=within(support.spans_s, spans)) for support in supports)
    return [part for part in parts if part.spans_s]


# --- relations --------------------------------------------------------------------------------


def _relations(things: ClipThings) -> Iterable[RelationEdge]:
    """Per pair and predicate one edge with all its spans."""
    claims = _relation_claims(things)
    taken: Counter[str] = Counter()
    for subject, predicate, object_ in sorted(claims):
        supports = claims[subject, predicate, object_]
        yield RelationEdge(
            id=numbered(f"{subject}.{slug(predicate)}.{object_}", taken),
            subject=subject,
            predicate=predicate,
            object=object_,
            spans_s=join_spans(all_spans(supports), gap_s=things.max_gap_s),
            confidence=mean_confidence(supports),
            evidence=evidence(supports),
        )


def _relation_claims(things: ClipThings) -> dict[tuple[str, str, str], list[Support]]:
    claims: defaultdict[tuple[str, str, str], list[Support]] = defaultdict(list)
    for index, frame in enumerate(things.frames):
        for said in sorted(frame.relations, key=lambda said: (said.spans_s, said.confidence)):
            subject, object_ = things.owner(index, said.subject), things.owner(index, said.object)
            if subject is None or object_ is None or subject == object_:
                continue
            support = things.support(index, said.spans_s, said.confidence, subject, object_)
            if support.spans_s:
                claims[subject, said.predicate, object_].append(support)
    return claims


# --- motions ----------------------------------------------------------------------------------


def _motions(things: ClipThings) -> Iterable[MotionEdge]:
    """Per thing and predicate the pieces joined, unless the thing began something else in between."""
    claims = _motion_claims(things)
    begins: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for (object_, predicate), supports in claims.items():
        begins[object_] += [(predicate, span.start_s) for span in all_spans(supports)]
    ranks: Counter[str] = Counter()
    for object_, predicate in sorted(claims):
        breaks_s = [start_s for other, start_s in begins[object_] if other != predicate]
        supports = claims[object_, predicate]
        for span in join_unless(all_spans(supports), gap_s=things.max_gap_s, breaks_s=breaks_s):
            stem = f"{object_}.{slug(predicate)}"
            ranks[stem] += 1
            yield _motion_edge(things, f"{stem}.{ranks[stem]}", object_, predicate, span, supports)


def _motion_edge(
    things: ClipThings, id_: str, object_: str, predicate: str, span: TimeSpan, supports: Sequence[Support]
) -> MotionEdge:
    first, last = things.keyframes_of(span)
    return MotionEdge(
        id=id_,
        object=object_,
        predicate=predicate,
        span_s=span,
        from_keyframe=first,
        to_keyframe=last,
        confidence=mean_confidence(_restrict(supports, [span])),
    )


def _motion_claims(things: ClipThings) -> dict[tuple[str, str], list[Support]]:
    """Object and predicate to its pieces, each between the first and last time the object is seen."""
    claims: defaultdict[tuple[str, str], list[Support]] = defaultdict(list)
    for index, frame in enumerate(things.frames):
        for said in sorted(frame.motions, key=lambda said: (said.span_s, said.confidence)):
            object_ = things.owner(index, said.node)
            if object_ is None:
                continue
            seen = things.nodes[object_].spans_s
            visit = TimeSpan(seen[0].start_s, seen[-1].end_s)
            support = things.support(index, within([said.span_s], [visit]), said.confidence)
            if support.spans_s:
                claims[object_, said.predicate].append(support)
    return claims


# --- doubts -----------------------------------------------------------------------------------


def _doubts(things: ClipThings) -> Iterable[Doubt]:
    """Per label one doubt with all its spans."""
    claims: defaultdict[str, list[TimeSpan]] = defaultdict(list)
    for frame in things.frames:
        for said in frame.doubts:
            claims[said.label] += within(said.spans_s, [things.clip.span_s])
    taken: Counter[str] = Counter()
    for label in sorted(claims):
        if claims[label]:
            yield Doubt(
                id=numbered(f"{things.clip.id}.doubt.{slug(label)}", taken),
                clip=things.clip.id,
                label=label,
                spans_s=join_spans(claims[label], gap_s=things.max_gap_s),
            )
