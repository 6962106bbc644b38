"""GraphDraft: a VideoGraph of one clip, written statement by statement from annotated frames.

It keeps the rules of the graph file (docs/formats.md) where a reader would otherwise repeat itself: ids from
content, keyframes that tile the clip, spans rounded, cut at the clip's ends, sorted and joined.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from videostep.graph import (
    GRAPH_FORMAT,
    AttributeNode,
    Box,
    Coverage,
    Doubt,
    EdgeTimes,
    Event,
    GraphClip,
    KeyframeBox,
    Kind,
    MotionEdge,
    ObjectNode,
    Provenance,
    RelationEdge,
    VideoGraph,
)
from videostep.video import Keyframe, TimeSpan, Video, join_spans

CLIP_ID: Final = "c1"
TIME_DIGITS = 4
"""Times are rounded to 0.1 ms, as those of videos that videostep watches itself."""
BOX_DIGITS = 4
ANNOTATED = 1.0
"""Confidence of what a person wrote down."""
UNSAID = 0.0
"""Confidence of an event that no annotation tells: below every threshold, so that nobody asks about it."""

Spans = Iterable[TimeSpan]


def tile(times_s: Sequence[float], span_s: TimeSpan) -> tuple[TimeSpan, ...]:
    """Parts of `span_s` that moments stand for: borders lie half-way between neighbours.

    Args:
        times_s: Strictly rising at `TIME_DIGITS`, inside `span_s`.
        span_s: What the parts tile.
    """
    middles = [round((a + b) / 2, TIME_DIGITS) for a, b in pairwise(times_s)]
    edges = [span_s.start_s, *middles, span_s.end_s]
    return tuple(TimeSpan(*pair) for pair in pairwise(edges))


def around(time_s: float, covers_s: TimeSpan, reach_s: float) -> TimeSpan:
    """How long what a frame shows is taken to hold: its cover, but at most `reach_s` to either side."""
    return TimeSpan(max(covers_s.start_s, time_s - reach_s), min(covers_s.end_s, time_s + reach_s))


def box_of_pixels(corners: Sequence[float], width_px: float, height_px: float) -> Box | None:
    """A box `(x1, y1, x2, y2)` in pixels, cut at the picture's edges; None if nothing is left, or for NaN."""
    x1, y1, x2, y2 = (float(value) for value in corners)
    if not (x1 < x2 and y1 < y2 and width_px > 0 and height_px > 0):
        return None
    xs = [round(min(1.0, max(0.0, x / width_px)), BOX_DIGITS) for x in (x1, x2)]
    ys = [round(min(1.0, max(0.0, y / height_px)), BOX_DIGITS) for y in (y1, y2)]
    return Box(xs[0], ys[0], xs[1], ys[1]) if xs[0] < xs[1] and ys[0] < ys[1] else None


@dataclass(slots=True)
class _Thing:
    label: str
    kind: Kind
    spans: list[TimeSpan]
    boxes: dict[int, Box]
    extra: dict[str, Any]


@dataclass(slots=True)
class GraphDraft:
    """Statements about one video of one clip; `build` makes them a graph."""

    video: Video
    times_s: tuple[float, ...]
    """Of the annotated frames, at least one; strictly rising and inside the video."""
    keyframes: tuple[Keyframe, ...] = field(init=False)
    span_s: TimeSpan = field(init=False)
    _starts_s: tuple[float, ...] = field(init=False)
    """When each keyframe begins to stand for the clip."""
    _things: dict[str, _Thing] = field(default_factory=dict)
    _ranks: Counter[str] = field(default_factory=Counter)
    _attributes: dict[tuple[str, str, str], list[TimeSpan]] = field(default_factory=dict)
    _relations: dict[tuple[str, str, str], list[TimeSpan]] = field(default_factory=dict)
    _unsure: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _motions: dict[tuple[str, str], list[TimeSpan]] = field(default_factory=dict)
    _doubts: dict[str, list[TimeSpan]] = field(default_factory=dict)
    _event: tuple[str, tuple[str, ...]] | None = None

    def __post_init__(self) -> None:
        self.times_s = tuple(round(time_s, TIME_DIGITS) for time_s in self.times_s)
        self.span_s = TimeSpan(0.0, self.video.duration_s)
        self.keyframes = tuple(
            Keyframe(
                id=f"{CLIP_ID}-k{number}",
                time_s=time_s,
                covers_s=covers_s,
                image=f"keyframes/{self.video.id}/{CLIP_ID}-k{number}.jpg",
            )
            for number, (time_s, covers_s) in enumerate(
                zip(self.times_s, tile(self.times_s, self.span_s), strict=True), start=1
            )
        )

        self._starts_s = tuple(frame.covers_s.start_s for frame in self.keyframes)

    def thing(
        self,
        label: str,
        spans_s: Spans,
        *,
        kind: Kind,
        boxes: Mapping[int, Box] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Add an object; its id, or None when none of `spans_s` lies in the video.

        Args:
            label: Lower-case words.
            spans_s: When it is seen.
            kind: Whether it can move by itself.
            boxes: Index of the keyframe to where it is then.
            extra: Fields of the source worth keeping, such as its own id.
        """
        spans = self._inside(spans_s)
        if not spans:
            return None
        self._ranks[label] += 1
        id_ = f"{CLIP_ID}-{_slug(label)}-{self._ranks[label]}"
        self._things[id_] = _Thing(label, kind, spans, dict(boxes or {}), dict(extra or {}))
        return id_

    def attribute(self, thing: str, name: str, value: str, spans_s: Spans) -> bool:
        """Say that `thing` has `value` for `name`; whether any of `spans_s` lies in the video."""
        return _extend(self._attributes, (thing, name, value), self._inside(spans_s))

    def relation(
        self, subject: str, predicate: str, object_: str, spans_s: Spans, *, confidence: float = ANNOTATED
    ) -> bool:
        """Say that `subject` stands in `predicate` to `object_`; whether any span lies in the video."""
        key = subject, predicate, object_
        self._unsure[key] = min(confidence, self._unsure.get(key, ANNOTATED))
        return _extend(self._relations, key, self._inside(spans_s))

    def motion(self, thing: str, predicate: str, span_s: TimeSpan) -> bool:
        """Say what `thing` does; spans that touch are one motion; whether it lies in the video."""
        return _extend(self._motions, (thing, predicate), self._inside([span_s]))

    def doubt(self, label: str, spans_s: Spans) -> bool:
        """Say that there may be a `label`, besides the things; whether any span lies in the video."""
        return _extend(self._doubts, label, self._inside(spans_s))

    def event(self, description: str, participants: Iterable[str] = ()) -> None:
        """Say what happens, in one sentence. Without this, the event stands there with confidence 0."""
        self._event = description, tuple(participants)

    @property
    def longest_gap_s(self) -> float:
        """The longest time without an annotated frame, where only the keyframes are annotated."""
        moments_s = (self.span_s.start_s, *self.times_s, self.span_s.end_s)
        return round(max(after - before for before, after in pairwise(moments_s)), TIME_DIGITS)

    def build(
        self,
        provenance: Provenance,
        coverage: Coverage | None = None,
        *,
        sampled_every_s: float | None = None,
        edges_every_s: EdgeTimes | None = None,
    ) -> VideoGraph:
        """The graph of all that was said; the times between frames go into its coverage."""
        return VideoGraph(
            format=GRAPH_FORMAT,
            video=self.video,
            clips=(self._clip(),),
            objects=tuple(self._object(id_, thing) for id_, thing in self._things.items()),
            attributes=tuple(self._attribute_node(*item) for item in self._attributes.items()),
            relations=tuple(self._relation_edge(*item) for item in self._relations.items()),
            motions=tuple(edge for item in self._motions.items() for edge in self._motion_edges(*item)),
            references=(),
            doubts=tuple(
                Doubt(
                    id=f"{CLIP_ID}.doubt.{_slug(label)}.1",
                    clip=CLIP_ID,
                    label=label,
                    spans_s=join_spans(spans),
                )
                for label, spans in self._doubts.items()
            ),
            coverage=replace(
                coverage or Coverage(), sampled_every_s=sampled_every_s, edges_every_s=edges_every_s
            ),
            provenance=provenance,
        )

    def _inside(self, spans_s: Spans) -> list[TimeSpan]:
        rounded = (TimeSpan(round(start, TIME_DIGITS), round(end, TIME_DIGITS)) for start, end in spans_s)
        return list(join_spans([part for span in rounded if (part := span.overlap(self.span_s))]))

    def _evidence(self, spans: Sequence[TimeSpan]) -> tuple[str, ...]:
        """The keyframes taken while it holds; where none was, those that stand for it."""
        taken = [
            number
            for start_s, end_s in spans
            for number in range(bisect_left(self.times_s, start_s), bisect_left(self.times_s, end_s))
        ]
        standing = taken or [
            number
            for start_s, end_s in spans
            for number in range(self._standing_at(start_s), bisect_left(self._starts_s, end_s))
        ]
        return tuple(self.keyframes[number].id for number in dict.fromkeys(standing))

    def _keyframe_at(self, time_s: float) -> str:
        return self.keyframes[self._standing_at(time_s)].id

    def _standing_at(self, time_s: float) -> int:
        """Number of the keyframe that stands for a moment, from 0; at the very end of the video the last."""
        return bisect_right(self._starts_s, time_s) - 1

    def _clip(self) -> GraphClip:
        description, participants = self._event or ("Nothing is told about this scene.", ())
        event = Event(
            id=f"{CLIP_ID}.event",
            description=description,
            span_s=self.span_s,
            participants=participants,
            confidence=ANNOTATED if self._event else UNSAID,
        )
        return GraphClip(id=CLIP_ID, span_s=self.span_s, event=event, keyframes=self.keyframes)

    def _object(self, id_: str, thing: _Thing) -> ObjectNode:
        boxes = sorted(thing.boxes.items())
        return ObjectNode(
            id=id_,
            clip=CLIP_ID,
            label=thing.label,
            kind=thing.kind,
            spans_s=tuple(thing.spans),
            boxes=tuple(KeyframeBox(keyframe=self.keyframes[index].id, xyxy=box) for index, box in boxes),
            confidence=ANNOTATED,
            evidence=self._evidence(thing.spans),
            extra=thing.extra,
        )

    def _attribute_node(self, key: tuple[str, str, str], spans: list[TimeSpan]) -> AttributeNode:
        thing, name, value = key
        joined = join_spans(spans)
        return AttributeNode(
            id=f"{thing}.{_slug(name)}.{_slug(value)}",
            object=thing,
            name=name,
            value=value,
            spans_s=joined,
            confidence=ANNOTATED,
            evidence=self._evidence(joined),
        )

    def _relation_edge(self, key: tuple[str, str, str], spans: list[TimeSpan]) -> RelationEdge:
        subject, predicate, object_ = key
        joined = join_spans(spans)
        return RelationEdge(
            id=f"{subject}.{_slug(predicate)}.{object_}",
            subject=subject,
            predicate=predicate,
            object=object_,
            spans_s=joined,
            confidence=self._unsure[key],
            evidence=self._evidence(joined),
        )

    def _motion_edges(self, key: tuple[str, str], spans: list[TimeSpan]) -> Iterable[MotionEdge]:
        thing, predicate = key
        for number, span in enumerate(join_spans(spans), start=1):
            yield MotionEdge(
                id=f"{thing}.{_slug(predicate)}.{number}",
                object=thing,
                predicate=predicate,
                span_s=span,
                from_keyframe=self._keyframe_at(span.start_s),
                to_keyframe=self._keyframe_at(span.end_s),
                confidence=ANNOTATED,
            )


def _extend(statements: dict[Any, list[TimeSpan]], key: object, spans: list[TimeSpan]) -> bool:
    if spans:
        statements.setdefault(key, []).extend(spans)
    return bool(spans)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "x"
