"""The graph of one Charades video: a person, things of known classes, and what the person does with them.

Action Genome, AGQA and STAR annotate frames of the same videos. Boxes have no identity there, so of each
class there is one thing in a video, as in the questions that AGQA makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from videostep.formats.graphs.charades_words import Relationship
from videostep.formats.graphs.draft import GraphDraft, around
from videostep.graph import Box, Coverage, EdgeTimes, Provenance, VideoGraph
from videostep.video import TimeSpan, Video, join_spans

PERSON: Final = "person"
_ANNOTATED_ENDS: Final = EdgeTimes(motions=0.0)
"""An action begins and ends at seconds that an annotator gave, not at frames."""
REACH_S: Final = 1.0
"""How long before and after an annotated frame its statements are taken to hold, seconds. The frames of one
action lie 2 to 3 s apart (five in an action of 13 s on average), so that what holds in several joins."""


@dataclass(slots=True)
class CharadesGraph:
    """Collects what annotated frames show; `build` makes the graph."""

    video: Video
    times_s: list[float]
    """Of the annotated frames; rising, inside the video."""
    complete: bool
    """What is not annotated is not there (`ImportOptions.complete`)."""
    _boxes: dict[str, dict[int, Box | None]] = field(default_factory=dict)
    """Label to the frames in which the thing is seen."""
    _relations: dict[tuple[str, Relationship], list[int]] = field(default_factory=dict)
    _actions: list[tuple[str, TimeSpan]] = field(default_factory=list)
    _doubts: dict[str, list[int]] = field(default_factory=dict)

    def sees(self, label: str, frame: int) -> bool:
        """Whether a thing of that class has been seen in the frame of that index."""
        return frame in self._boxes.get(label, {})

    def see(self, label: str, frame: int, box: Box | None = None) -> None:
        """A thing is seen in the frame."""
        self._boxes.setdefault(label, {})[frame] = box

    def doubt(self, label: str, frame: int) -> None:
        """One more thing of that class may be there, so that nobody speaks of *the* thing."""
        self._doubts.setdefault(label, []).append(frame)

    def relate(self, label: str, relationship: Relationship, frame: int) -> None:
        """The person and a thing that is seen in the frame stand in a relationship."""
        self._boxes.setdefault(PERSON, {}).setdefault(frame, None)
        self._relations.setdefault((label, relationship), []).append(frame)

    def act(self, predicate: str, span_s: TimeSpan) -> bool:
        """The person does something; whether the same was said of a time that this overlaps or touches."""
        joins = any(
            predicate == other and span_s.start_s <= span.end_s and span.start_s <= span_s.end_s
            for other, span in self._actions
        )
        self._actions.append((predicate, span_s))
        return joins

    def build(self, provenance: Provenance, covered: Coverage) -> VideoGraph:
        """The graph; `covered` is what it covers when the annotations are complete."""
        draft = GraphDraft(self.video, tuple(self.times_s))
        ids = {label: self._thing(draft, label) for label in self._in_order()}
        for (label, relationship), frames in self._relations.items():
            ends = (ids[label], ids[PERSON]) if relationship.from_object else (ids[PERSON], ids[label])
            draft.relation(
                ends[0],
                relationship.predicate,
                ends[1],
                self._holds(draft, frames),
                confidence=relationship.confidence,
            )
        for predicate, span_s in self._actions:
            draft.motion(ids[PERSON], predicate, span_s)
        for label, frames in self._doubts.items():
            draft.doubt(label, self._holds(draft, frames))
        coverage = covered if self.complete else None
        return draft.build(
            provenance, coverage, sampled_every_s=draft.longest_gap_s, edges_every_s=_ANNOTATED_ENDS
        )

    def _in_order(self) -> list[str]:
        """Labels as they first appear, the person first: ids and files follow it."""
        first = {label: min(frames) for label, frames in self._boxes.items() if frames}
        if self._actions:
            first.setdefault(PERSON, 0)
        return sorted(first, key=lambda label: (label != PERSON, first[label], label))

    def _thing(self, draft: GraphDraft, label: str) -> str:
        frames = self._boxes.get(label, {})
        spans = self._holds(draft, frames)
        if label == PERSON:
            spans = list(join_spans([*spans, *(span for _, span in self._actions)]))
        boxes = {frame: box for frame, box in frames.items() if box is not None}
        id_ = draft.thing(label, spans, kind="dynamic" if label == PERSON else "static", boxes=boxes)
        # A frame lies in the video, and an action is cut to it before it is told.
        assert id_ is not None
        return id_

    def _holds(self, draft: GraphDraft, frames: Iterable[int]) -> list[TimeSpan]:
        keyframes = [draft.keyframes[frame] for frame in sorted(set(frames))]
        if self.complete:
            return [keyframe.covers_s for keyframe in keyframes]
        return [around(keyframe.time_s, keyframe.covers_s, REACH_S) for keyframe in keyframes]
