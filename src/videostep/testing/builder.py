"""GraphBuilder: write a VideoGraph down as one would tell it, and get a valid one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from videostep.graph import (
    GRAPH_FORMAT,
    AttributeNode,
    Box,
    Coverage,
    Doubt,
    Event,
    GraphClip,
    KeyframeBox,
    Kind,
    MotionEdge,
    ObjectNode,
    Provenance,
    ReferenceEdge,
    RelationEdge,
    VideoGraph,
)
from videostep.video import Keyframe, TimeSpan, Video

Spans = Sequence[tuple[float, float]]
ANYWHERE = Box(0.1, 0.3, 0.3, 0.9)
"""For things whose place does not matter."""


class GraphBuilder:
    """Collects clips first, then what is seen in them; `build` gives the graph.

    Ids are made as in any graph file (`c1-person-2`), ranks by the order of the calls. Wherever
    spans are left out, the thing's own spans are taken, and for a thing its whole clip.
    """

    def __init__(self, name: str = "test", *, duration_s: float) -> None:
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        self.video = Video(
            id=f"{name}-{sha256[:8]}",
            path=f"videos/{name}.mp4",
            sha256=sha256,
            duration_s=duration_s,
            fps=25.0,
            width_px=640,
            height_px=360,
        )
        self._clips: dict[str, tuple[TimeSpan, tuple[Keyframe, ...]]] = {}
        self._events: dict[str, Event] = {}
        self._objects: dict[str, ObjectNode] = {}
        self._attributes: list[AttributeNode] = []
        self._relations: list[RelationEdge] = []
        self._motions: list[MotionEdge] = []
        self._references: list[ReferenceEdge] = []
        self._doubts: list[Doubt] = []
        self._ranks: Counter[str] = Counter()

    def clip(self, start_s: float, end_s: float, *, n_keyframes: int = 2) -> str:
        """Add the next clip, its keyframes evenly spread; its id."""
        clip = f"c{len(self._clips) + 1}"
        step_s = (end_s - start_s) / n_keyframes
        edges_s = [round(start_s + k * step_s, 4) for k in range(n_keyframes)] + [end_s]
        keyframes = tuple(
            Keyframe(
                id=f"{clip}-k{k + 1}",
                time_s=round((edges_s[k] + edges_s[k + 1]) / 2, 4),
                covers_s=TimeSpan(edges_s[k], edges_s[k + 1]),
                image=f"keyframes/{self.video.id}/{clip}-k{k + 1}.jpg",
            )
            for k in range(n_keyframes)
        )
        self._clips[clip] = (TimeSpan(start_s, end_s), keyframes)
        return clip

    def event(self, clip: str, description: str, participants: Iterable[str] = ()) -> None:
        """Say what happens in the clip; a clip without this says that nothing does."""
        self._events[clip] = Event(
            id=f"{clip}.event",
            description=description,
            span_s=self._clips[clip][0],
            participants=tuple(participants),
            confidence=0.9,
        )

    def thing(
        self,
        clip: str,
        label: str,
        spans_s: Spans = (),
        *,
        kind: Kind = "static",
        box: Box = ANYWHERE,
        confidence: float = 0.9,
        **attributes: str,
    ) -> str:
        """Add an object and its attributes (`top_colour="red"`); its id."""
        self._ranks[f"{clip}-{label}"] += 1
        id_ = f"{clip}-{_slug(label)}-{self._ranks[f'{clip}-{label}']}"
        spans = _spans(spans_s) or (self._clips[clip][0],)
        boxes = tuple(
            KeyframeBox(keyframe=keyframe.id, xyxy=box)
            for keyframe in self._clips[clip][1]
            if any(span.holds(keyframe.time_s) for span in spans)
        )
        self._objects[id_] = ObjectNode(
            id=id_,
            clip=clip,
            label=label,
            kind=kind,
            spans_s=spans,
            boxes=boxes,
            confidence=confidence,
            evidence=self._evidence(clip, spans),
        )
        for name, value in attributes.items():
            self.attribute(id_, name.replace("_", " "), value)
        return id_

    def object(self, id_: str) -> ObjectNode:
        """The object that `thing` added."""
        return self._objects[id_]

    def span_of(self, clip: str) -> TimeSpan:
        """When the clip that `clip` added is shown."""
        return self._clips[clip][0]

    def seen_together(self, first: str, second: str) -> bool:
        """Whether two things are seen at the same time."""
        return bool(_common(self._objects[first].spans_s, self._objects[second].spans_s))

    def attribute(
        self, object_: str, name: str, value: str, spans_s: Spans = (), *, confidence: float = 0.9
    ) -> str:
        """Say that `object_` has `value` for `name`; the node's id."""
        node = self._objects[object_]
        spans = _spans(spans_s) or node.spans_s
        self._attributes.append(
            AttributeNode(
                id=f"{object_}.{_slug(name)}.{_slug(value)}",
                object=object_,
                name=name,
                value=value,
                spans_s=spans,
                confidence=confidence,
                evidence=self._evidence(node.clip, spans),
            )
        )
        return self._attributes[-1].id

    def relation(
        self, subject: str, predicate: str, object_: str, spans_s: Spans = (), *, confidence: float = 0.9
    ) -> str:
        """Say that `subject` `predicate` `object_`, by default while both are seen; the edge's id."""
        node = self._objects[subject]
        spans = _spans(spans_s) or _common(node.spans_s, self._objects[object_].spans_s)
        self._relations.append(
            RelationEdge(
                id=f"{subject}.{_slug(predicate)}.{object_}",
                subject=subject,
                predicate=predicate,
                object=object_,
                spans_s=spans,
                confidence=confidence,
                evidence=self._evidence(node.clip, spans),
            )
        )
        return self._relations[-1].id

    def motion(
        self, object_: str, predicate: str, start_s: float, end_s: float, *, confidence: float = 0.9
    ) -> str:
        """Say what `object_` does between two times; the edge's id."""
        key = f"{object_}.{_slug(predicate)}"
        self._ranks[key] += 1
        keyframes = self._evidence(self._objects[object_].clip, (TimeSpan(start_s, end_s),))
        self._motions.append(
            MotionEdge(
                id=f"{key}.{self._ranks[key]}",
                object=object_,
                predicate=predicate,
                span_s=TimeSpan(start_s, end_s),
                from_keyframe=keyframes[0],
                to_keyframe=keyframes[-1],
                confidence=confidence,
            )
        )
        return self._motions[-1].id

    def reference(self, first: str, second: str, *, confidence: float = 0.9) -> str:
        """Say that two objects of different clips are the same thing; the edge's id."""
        self._references.append(
            ReferenceEdge(id=f"{first}.same-as.{second}", objects=(first, second), confidence=confidence)
        )
        return self._references[-1].id

    def doubt(self, clip: str, label: str, spans_s: Spans = ()) -> str:
        """Say that something in the clip may be a `label`; the doubt's id."""
        key = f"{clip}.doubt.{_slug(label)}"
        self._ranks[key] += 1
        spans = _spans(spans_s) or (self._clips[clip][0],)
        self._doubts.append(Doubt(id=f"{key}.{self._ranks[key]}", clip=clip, label=label, spans_s=spans))
        return self._doubts[-1].id

    def build(self, *, coverage: Coverage | None = None) -> VideoGraph:
        """The graph; by default its coverage is everything that it names."""
        for clip in self._clips:
            if clip not in self._events:
                self.event(clip, "nothing happens")
        return VideoGraph(
            format=GRAPH_FORMAT,
            video=self.video,
            clips=tuple(
                GraphClip(id=clip, span_s=span, event=self._events[clip], keyframes=keyframes)
                for clip, (span, keyframes) in self._clips.items()
            ),
            objects=tuple(self._objects.values()),
            attributes=tuple(self._attributes),
            relations=tuple(self._relations),
            motions=tuple(self._motions),
            references=tuple(self._references),
            provenance=Provenance(
                generator="videostep.testing", version="1", model="written by hand", config_sha256="", seed=0
            ),
            doubts=tuple(self._doubts),
            coverage=coverage or self._named(),
        )

    def _named(self) -> Coverage:
        return Coverage(
            labels=tuple(sorted({node.label for node in self._objects.values()})),
            attributes=tuple(sorted({node.name for node in self._attributes})),
            relations=tuple(sorted({edge.predicate for edge in self._relations})),
            motions=tuple(sorted({edge.predicate for edge in self._motions})),
        )

    def _evidence(self, clip: str, spans: Iterable[TimeSpan]) -> tuple[str, ...]:
        times = tuple(spans)
        return tuple(
            keyframe.id
            for keyframe in self._clips[clip][1]
            if any(keyframe.covers_s.overlap(span) for span in times)
        )


def _spans(pairs: Spans) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(*pair) for pair in pairs)


def _common(first: Iterable[TimeSpan], second: tuple[TimeSpan, ...]) -> tuple[TimeSpan, ...]:
    return tuple(both for a in first for b in second if (both := a.overlap(b)))


def _slug(words: str) -> str:
    return words.replace(" ", "-")
