"""The nouns of scene graphs: FrameGraph (FSG) -> ClipGraph (TSG) -> VideoGraph (STSG).

A FrameGraph says what is seen while one keyframe stands for the clip. A ClipGraph has merged
the FrameGraphs of one clip. A VideoGraph has joined all clips; it is what the graph file
`videostep.stsg/1` holds (docs/formats.md). Source of the three: STEP, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from videostep.video import Clip, Keyframe, TimeSpan, Video

GRAPH_FORMAT: Final = "videostep.stsg/1"
Kind = Literal["static", "dynamic"]


class Box(NamedTuple):
    """A rectangle; fractions 0..1 of the upright picture's width and height."""

    x1: float
    y1: float
    x2: float
    y2: float


# --- FrameGraph: what a SceneParser returns, one per keyframe ------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameAttribute:
    """`object` has `value` for `name`, for example `top colour` `red`."""

    name: str
    value: str
    confidence: float
    spans_s: tuple[TimeSpan, ...]
    """When it was seen to hold; inside the keyframe's `covers_s`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameObject:
    """One thing seen while the keyframe stands for the clip."""

    node: str
    """Unique in its FrameGraph; edges of the FrameGraph name it."""
    track: str | None
    """Same string in two FrameGraphs of a clip: the same thing by tracking. None: not known."""
    label: str
    kind: Kind
    box: Box | None
    """At the keyframe's time; None when the thing is not visible at that very moment."""
    confidence: float
    spans_s: tuple[TimeSpan, ...]
    """When it was seen; inside the keyframe's `covers_s`."""
    attributes: tuple[FrameAttribute, ...] = ()
    appearance: tuple[float, ...] = ()
    """Feature vector for recognising the thing again; empty when the parser has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRelation:
    """`subject` stands in `predicate` to `object` (both are `node`s of the same FrameGraph)."""

    subject: str
    predicate: str
    object: str
    confidence: float
    spans_s: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMotion:
    """What a dynamic object does, third person singular: `walks to the left`, `stops`."""

    node: str
    predicate: str
    confidence: float
    span_s: TimeSpan
    """May reach beyond `covers_s` to where the motion ends; it begins inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameDoubt:
    """Something that may be a `label` but was not confirmed: it can break uniqueness only."""

    label: str
    spans_s: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameGraph:
    """G_t = (O_t, A_t, R_t) of one keyframe."""

    keyframe: Keyframe
    objects: tuple[FrameObject, ...]
    relations: tuple[FrameRelation, ...] = ()
    motions: tuple[FrameMotion, ...] = ()
    doubts: tuple[FrameDoubt, ...] = ()


# --- nodes and edges of ClipGraph and VideoGraph -------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyframeBox:
    """Where an object is in one keyframe."""

    keyframe: str
    xyxy: Box
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectNode:
    """One thing in one clip."""

    id: str
    """`c1-person-2`: clip, label, rank by first appearance."""
    clip: str
    label: str
    kind: Kind
    spans_s: tuple[TimeSpan, ...]
    boxes: tuple[KeyframeBox, ...]
    confidence: float
    evidence: tuple[str, ...]
    """Keyframe ids."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeNode:
    """`object` has `value` for `name` during `spans_s`."""

    id: str
    object: str
    name: str
    value: str
    spans_s: tuple[TimeSpan, ...]
    confidence: float
    evidence: tuple[str, ...]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationEdge:
    """`subject` `predicate` `object` during `spans_s`; both of the same clip."""

    id: str
    subject: str
    predicate: str
    object: str
    spans_s: tuple[TimeSpan, ...]
    confidence: float
    evidence: tuple[str, ...]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionEdge:
    """m = (o@t1, predicate, o@t2; [t1, t2])."""

    id: str
    object: str
    predicate: str
    span_s: TimeSpan
    from_keyframe: str
    to_keyframe: str
    confidence: float
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEdge:
    """Two objects of different clips are the same thing."""

    id: str
    objects: tuple[str, str]
    confidence: float
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens in a clip, in one sentence (STEP's event edge)."""

    id: str
    description: str
    span_s: TimeSpan
    participants: tuple[str, ...]
    """Object ids."""
    confidence: float
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Something that may be a `label` but was not confirmed; see docs/program.md, `unique`."""

    id: str
    clip: str
    label: str
    spans_s: tuple[TimeSpan, ...]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipGraph:
    """The TSG of one clip: FrameGraphs after dynamic merging."""

    clip: Clip
    objects: tuple[ObjectNode, ...]
    attributes: tuple[AttributeNode, ...]
    relations: tuple[RelationEdge, ...]
    motions: tuple[MotionEdge, ...]
    doubts: tuple[Doubt, ...]
    appearances: dict[str, tuple[float, ...]]
    """Object id to feature vector, for bridging; not written to the graph file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphClip:
    """A clip as the graph file lists it."""

    id: str
    span_s: TimeSpan
    event: Event
    keyframes: tuple[Keyframe, ...]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeTimes:
    """How well the ends of edges of each kind are known, where better than frames alone would tell.

    Seconds between two frames that were looked at for them, 0 where the ends themselves are known; None: as
    far apart as all others.
    """

    attributes: float | None = None
    relations: float | None = None
    motions: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the parser looked for in every frame: only there does absence mean "no"."""

    labels: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    motions: tuple[str, ...] = ()
    sampled_every_s: float | None = None
    """Only frames so far apart were looked at, seconds: what is seen in one and not in the one before began
    at some time between, and so with ends. None: every frame was looked at."""
    edges_every_s: EdgeTimes | None = None
    """Kinds of edge that are known better than that; None: none is."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made the graph."""

    generator: str
    version: str
    model: str
    config_sha256: str
    seed: int
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoGraph:
    """The STSG of a video: contract 1, `videostep.stsg/1`."""

    format: Literal["videostep.stsg/1"]
    video: Video
    clips: tuple[GraphClip, ...]
    objects: tuple[ObjectNode, ...]
    attributes: tuple[AttributeNode, ...]
    relations: tuple[RelationEdge, ...]
    motions: tuple[MotionEdge, ...]
    references: tuple[ReferenceEdge, ...]
    provenance: Provenance
    doubts: tuple[Doubt, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    extra: dict[str, Any] = field(default_factory=dict)


def count_graph(graph: VideoGraph) -> dict[str, int]:
    """How many nodes and edges of each kind a graph has."""
    return {
        "clips": len(graph.clips),
        "keyframes": sum(len(clip.keyframes) for clip in graph.clips),
        "objects": len(graph.objects),
        "attributes": len(graph.attributes),
        "relations": len(graph.relations),
        "motions": len(graph.motions),
        "references": len(graph.references),
    }
