"""What a parser says that cannot be: dropped and counted here, where merging would lose it unseen.

Any package may bring a parser. One element that is wrong does not cost the video, but nothing may be
concluded from what is missing then: an object that is dropped leaves a doubt behind, and the word of a
dropped attribute, relation or motion is not vouched for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from videostep.graph import (
    Coverage,
    FrameAttribute,
    FrameDoubt,
    FrameGraph,
    FrameMotion,
    FrameObject,
    FrameRelation,
)
from videostep.induce.lost import GONE_WITH, Lost, drops_of
from videostep.store.graph_drops import ElementKind, GraphDrop
from videostep.video import Clip, TimeSpan

NO_SPAN = "its time does not end after it begins"
NEVER = "it holds at no time of its clip"
NO_THING = "said of a thing that is not there"
TWO_THINGS = "said of a name that two things have"
ITSELF = "said of a thing and itself"


class Unvouched(NamedTuple):
    """A word of which something was dropped: that it is missing means nothing."""

    kind: ElementKind
    word: str
    """The attribute's name, or the predicate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetted:
    """What merging gets, and what it does not."""

    frames: tuple[FrameGraph, ...]
    dropped: tuple[GraphDrop, ...]
    unvouched: frozenset[Unvouched]


def vet_clip(clip: Clip, frames: Iterable[FrameGraph]) -> Vetted:
    """Take out of a clip's FrameGraphs what cannot be."""
    vettings = [_Vetting(frame, clip.span_s) for frame in frames]
    return Vetted(
        frames=tuple(vetting.rest() for vetting in vettings),
        dropped=tuple(drops_of(clip.id, ((vetting.keyframe, vetting.lost) for vetting in vettings))),
        unvouched=frozenset(word for vetting in vettings for word in vetting.unvouched),
    )


def vouched(coverage: Coverage, unvouched: Iterable[Unvouched]) -> Coverage:
    """What is still looked for everywhere when something was dropped of some words."""
    gone = set(unvouched)
    return replace(
        coverage,
        attributes=tuple(word for word in coverage.attributes if ("attribute", word) not in gone),
        relations=tuple(word for word in coverage.relations if ("relation", word) not in gone),
        motions=tuple(word for word in coverage.motions if ("motion", word) not in gone),
    )


class _Said(NamedTuple):
    """An element of a FrameGraph as a statement."""

    kind: ElementKind
    word: str
    text: str
    confidence: float
    spans_s: Sequence[TimeSpan]
    of: tuple[str, ...] = ()
    """The nodes that it names."""


class _Vetting:
    """One FrameGraph, and what is wrong with it: `lost` and `unvouched` are filled by `rest`."""

    def __init__(self, frame: FrameGraph, clip_s: TimeSpan) -> None:
        self.keyframe = frame.keyframe.id
        self.lost: list[Lost] = []
        self.unvouched: list[Unvouched] = []
        self._frame, self._clip_s = frame, clip_s
        self._labels = {found.node: found.label for found in frame.objects}
        self._times_named = Counter(found.node for found in frame.objects)
        self._gone: dict[str, str] = {}
        """Node to label of the objects that were dropped."""

    def rest(self) -> FrameGraph:
        """The FrameGraph without what cannot be."""
        frame = self._frame
        objects = tuple(self._objects())
        return replace(
            frame,
            objects=objects,
            relations=tuple(edge for edge in frame.relations if self._stays(self._relation(edge))),
            motions=tuple(edge for edge in frame.motions if self._stays(self._motion(edge))),
            doubts=tuple(self._doubts()),
        )

    def _objects(self) -> Iterator[FrameObject]:
        for found in self._frame.objects:
            stays = self._stays(_Said("object", found.label, found.label, found.confidence, found.spans_s))
            if not stays:
                self._gone[found.node] = found.label
            attributes = tuple(
                one for one in found.attributes if self._stays(_attribute(found, one), gone=not stays)
            )
            if stays:
                yield replace(found, attributes=attributes)

    def _doubts(self) -> Iterator[FrameDoubt]:
        """The parser's own, and one for each object that is gone; of unsound times the longest possible."""
        all_the_time = (self._frame.keyframe.covers_s,)
        for doubt in self._frame.doubts:
            is_sound = not self._fault_of_time(doubt.spans_s)
            yield doubt if is_sound else FrameDoubt(label=doubt.label, spans_s=all_the_time)
        for label in self._gone.values():
            yield FrameDoubt(label=label, spans_s=all_the_time)

    def _stays(self, said: _Said, *, gone: bool = False) -> bool:
        reason = self._fault_of_time(said.spans_s) or (GONE_WITH if gone else self._fault_of_things(said.of))
        if reason:
            sure = said.confidence if 0 <= said.confidence <= 1 else 0.0
            self.lost.append(Lost(said.kind, said.text, reason, sure))
            self.unvouched.append(Unvouched(said.kind, said.word))
        return not reason

    def _fault_of_time(self, spans_s: Sequence[TimeSpan]) -> str:
        # NaN is neither more nor less than anything.
        if not all(span.start_s < span.end_s for span in spans_s):
            return NO_SPAN
        return "" if any(span.overlap(self._clip_s) for span in spans_s) else NEVER

    def _fault_of_things(self, nodes: Sequence[str]) -> str:
        if not all(self._times_named[node] for node in nodes):
            return NO_THING
        if any(self._times_named[node] > 1 for node in nodes):
            return TWO_THINGS
        if any(node in self._gone for node in nodes):
            return GONE_WITH
        return ITSELF if len(set(nodes)) < len(nodes) else ""

    def _relation(self, edge: FrameRelation) -> _Said:
        text = f"{self._label(edge.subject)} {edge.predicate} {self._label(edge.object)}"
        of = (edge.subject, edge.object)
        return _Said("relation", edge.predicate, text, edge.confidence, edge.spans_s, of)

    def _motion(self, edge: FrameMotion) -> _Said:
        text = f"{self._label(edge.node)}: {edge.predicate}"
        return _Said("motion", edge.predicate, text, edge.confidence, (edge.span_s,), (edge.node,))

    def _label(self, node: str) -> str:
        return self._labels.get(node, node)


def _attribute(found: FrameObject, said: FrameAttribute) -> _Said:
    text = f"{found.label}: {said.name} {said.value}"
    return _Said("attribute", said.name, text, said.confidence, said.spans_s)
