"""ScriptedParser: a SceneParser that replays a graph, whatever the pictures show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from videostep.graph import (
    Box,
    ClipGraph,
    Coverage,
    Event,
    FrameAttribute,
    FrameDoubt,
    FrameGraph,
    FrameMotion,
    FrameObject,
    FrameRelation,
    ObjectNode,
    VideoGraph,
)
from videostep.store.graph_drops import GraphDrop
from videostep.video import Clip, Keyframe, TimeSpan, Video

if TYPE_CHECKING:
    from videostep.induce.parse import Sighting
    from videostep.media.picture import Picture


class ScriptedParser:
    """Answers every question from `script`, by time; the clips may be cut otherwise than in it.

    An object's appearance is its number in the script, by which it is known again.
    """

    def __init__(self, script: VideoGraph, *, tracks: bool = True) -> None:
        """Replay `script`; without `tracks` merging has to find out itself what is one thing."""
        self._script = script
        self._tracks = tracks
        self._number = {node.id: number for number, node in enumerate(script.objects)}
        self._dropped: list[GraphDrop] = []
        self._same = {frozenset(edge.objects): edge.confidence for edge in script.references}

    @property
    def name(self) -> str:
        """`scripted:` and the id of the script's video."""
        return f"scripted:{self._script.video.id}"

    @property
    def coverage(self) -> Coverage:
        """The script's."""
        return self._script.coverage

    def open_clip(self, video: Video, start_s: float) -> ScriptedClip:
        """Begin a clip; which video it is does not matter."""
        return ScriptedClip(self)

    def same_thing(self, first: Sighting, second: Sighting) -> float:
        """1 for one object of the script that a cut has split, else its reference edge's confidence or 0."""
        ids = {self._scripted(first.appearance), self._scripted(second.appearance)}
        return 1.0 if len(ids) == 1 else self._same.get(frozenset(ids), 0.0)

    def event_of(self, graph: ClipGraph) -> Event:
        """The script's event that fills most of the clip, with those participants that are in it."""
        event = max(
            (clip.event for clip in self._script.clips),
            key=lambda event: _common_s(event.span_s, graph.clip.span_s),
        )
        present = {self._scripted(graph.appearances[node.id]): node.id for node in graph.objects}
        return Event(
            id=f"{graph.clip.id}.event",
            description=event.description,
            span_s=event.span_s.overlap(graph.clip.span_s) or graph.clip.span_s,
            participants=tuple(present[id_] for id_ in event.participants if id_ in present),
            confidence=event.confidence,
        )

    def take_dropped(self) -> tuple[GraphDrop, ...]:
        """The script's doubts, of the clips that were watched since the last call."""
        dropped, self._dropped = self._dropped, []
        return tuple(dropped)

    def watched(self, clip: Clip) -> tuple[FrameGraph, ...]:
        """What the script says of a clip, one FrameGraph per keyframe; its doubts are dropped."""
        frames = tuple(self.frame_graph(keyframe) for keyframe in clip.keyframes)
        self._dropped += [
            GraphDrop(
                clip=clip.id,
                keyframes=(frame.keyframe.id,),
                kind="object",
                words=doubt.label,
                reason="the script doubts it",
                confidence=0.5,
            )
            for frame in frames
            for doubt in frame.doubts
        ]
        return frames

    def frame_graph(self, keyframe: Keyframe) -> FrameGraph:
        """What the script says of the part of the clip that `keyframe` covers."""
        script, covers_s = self._script, keyframe.covers_s
        objects = [self._frame_object(node, keyframe) for node in script.objects]
        return FrameGraph(
            keyframe=keyframe,
            objects=tuple(found for found in objects if found.spans_s),
            relations=tuple(
                FrameRelation(
                    subject=edge.subject,
                    predicate=edge.predicate,
                    object=edge.object,
                    confidence=edge.confidence,
                    spans_s=spans,
                )
                for edge in script.relations
                if (spans := _inside(edge.spans_s, covers_s))
            ),
            motions=tuple(
                FrameMotion(
                    node=edge.object,
                    predicate=edge.predicate,
                    confidence=edge.confidence,
                    span_s=edge.span_s,
                )
                for edge in script.motions
                if covers_s.holds(edge.span_s.start_s)
            ),
            doubts=tuple(
                FrameDoubt(label=doubt.label, spans_s=spans)
                for doubt in script.doubts
                if (spans := _inside(doubt.spans_s, covers_s))
            ),
        )

    def _frame_object(self, node: ObjectNode, keyframe: Keyframe) -> FrameObject:
        return FrameObject(
            node=node.id,
            track=node.id if self._tracks else None,
            label=node.label,
            kind=node.kind,
            box=self._box(node, keyframe.time_s),
            confidence=node.confidence,
            spans_s=_inside(node.spans_s, keyframe.covers_s),
            attributes=tuple(
                FrameAttribute(name=said.name, value=said.value, confidence=said.confidence, spans_s=spans)
                for said in self._script.attributes
                if said.object == node.id and (spans := _inside(said.spans_s, keyframe.covers_s))
            ),
            appearance=(float(self._number[node.id]),),
        )

    def _box(self, node: ObjectNode, time_s: float) -> Box | None:
        """The box of the script's nearest keyframe, while the thing is seen."""
        if not node.boxes or not any(span.holds(time_s) for span in node.spans_s):
            return None
        times_s = {keyframe.id: keyframe.time_s for clip in self._script.clips for keyframe in clip.keyframes}
        return min(node.boxes, key=lambda box: abs(times_s[box.keyframe] - time_s)).xyxy

    def _scripted(self, appearance: tuple[float, ...]) -> str:
        return self._script.objects[round(appearance[0])].id


class ScriptedClip:
    """A clip that is watched with closed eyes."""

    def __init__(self, parser: ScriptedParser) -> None:
        self._parser = parser

    def see(self, picture: Picture) -> None:
        """Look away: the script knows."""

    def finish(self, clip: Clip) -> tuple[FrameGraph, ...]:
        """One FrameGraph per keyframe."""
        return self._parser.watched(clip)


def _inside(spans: Iterable[TimeSpan], limit: TimeSpan) -> tuple[TimeSpan, ...]:
    return tuple(part for span in spans if (part := span.overlap(limit)))


def _common_s(first: TimeSpan, second: TimeSpan) -> float:
    common = first.overlap(second)
    return common.duration_s if common else 0.0
