"""The things of one clip under their ids, and who said what about them when."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from videostep.graph import Box, FrameGraph, FrameObject, KeyframeBox, ObjectNode
from videostep.induce.identity import Thing, object_key
from videostep.induce.support import Support, all_spans, evidence, mean_confidence, seen_s, within
from videostep.video import Clip, TimeSpan, join_spans

Word = TypeVar("Word", bound=str)
NO_BOX = Box(1.0, 1.0, 1.0, 1.0)
"""Ranks things whose place is not known behind those that appear at the same time."""


class ClipThings:
    """What `identify` found, named; things that were seen at no time of the clip are left out."""

    def __init__(
        self, clip: Clip, frames: Sequence[FrameGraph], things: Iterable[Thing], *, max_gap_s: float
    ) -> None:
        self.clip = clip
        self.frames = frames
        self.max_gap_s = max_gap_s
        self._starts_s = [frame.keyframe.covers_s.start_s for frame in frames]
        self.nodes: dict[str, ObjectNode] = {}
        """Id to node, in order of appearance."""
        self._things = self._name([thing for thing in things if seen_s(self._seen(thing)) > 0])
        self._owners = {
            (sight.frame, sight.object.node): id_ for id_, thing in self._things.items() for sight in thing
        }
        self.nodes = {id_: self._node(id_, thing) for id_, thing in self._things.items()}

    def items(self) -> Iterable[tuple[str, Thing]]:
        """Ids and sights, in order of appearance."""
        return self._things.items()

    def owner(self, frame: int, node: str) -> str | None:
        """The id of the thing that a FrameGraph calls `node`; None when it was seen at no time."""
        return self._owners.get((frame, node))

    def support(self, frame: int, spans: Iterable[TimeSpan], confidence: float, *ids: str) -> Support:
        """What one frame says of the things `ids`: only while the clip runs and all of them are seen."""
        kept = within(spans, [self.clip.span_s])
        for id_ in ids:
            kept = within(kept, self.nodes[id_].spans_s)
        return Support(self.frames[frame].keyframe.id, kept, confidence)

    def keyframes_of(self, span: TimeSpan) -> tuple[str, str]:
        """The keyframes that stand for the first and the last moment of `span`."""
        first = bisect_right(self._starts_s, span.start_s) - 1
        last = bisect_left(self._starts_s, span.end_s) - 1
        return self.frames[max(0, first)].keyframe.id, self.frames[last].keyframe.id

    def appearances(self) -> dict[str, tuple[float, ...]]:
        """Mean feature vector of each thing that has one, weighted by seen time."""
        return {id_: mean for id_, thing in self.items() if (mean := self._appearance(thing))}

    def _name(self, things: Iterable[Thing]) -> dict[str, Thing]:
        """Ids by label and rank: first seen first, then from left to right."""
        named: dict[str, Thing] = {}
        ranks: Counter[str] = Counter()
        for thing in sorted(things, key=_rank):
            stem = f"{self.clip.id}-{slug(_label(thing))}"
            ranks[stem] += 1
            named[f"{stem}-{ranks[stem]}"] = thing
        return named

    def _seen(self, thing: Thing) -> list[Support]:
        return [self.support(sight.frame, sight.object.spans_s, sight.object.confidence) for sight in thing]

    def _node(self, id_: str, thing: Thing) -> ObjectNode:
        seen = [support for support in self._seen(thing) if support.spans_s]
        return ObjectNode(
            id=id_,
            clip=self.clip.id,
            label=_label(thing),
            kind=_majority(thing, lambda found: found.kind),
            spans_s=join_spans(all_spans(seen), gap_s=self.max_gap_s),
            boxes=self._boxes(thing),
            confidence=mean_confidence(seen),
            evidence=evidence(seen),
        )

    def _boxes(self, thing: Thing) -> tuple[KeyframeBox, ...]:
        """One box a keyframe; of two sights with one track the surer."""
        best: dict[int, tuple[float, Box]] = {}
        for sight in thing:
            if sight.object.box is not None:
                found = (sight.object.confidence, sight.object.box)
                best[sight.frame] = max(found, best.get(sight.frame, found))
        return tuple(
            KeyframeBox(keyframe=self.frames[frame].keyframe.id, xyxy=box) for frame, (_, box) in best.items()
        )

    def _appearance(self, thing: Thing) -> tuple[float, ...]:
        known = [
            (sight.object.appearance, seconds)
            for sight, support in zip(thing, self._seen(thing), strict=True)
            if sight.object.appearance and (seconds := seen_s([support])) > 0
        ]
        if not known:
            return ()
        mean = np.average([vector for vector, _ in known], axis=0, weights=[seconds for _, seconds in known])
        return tuple(float(number) for number in mean.round(6))


def slug(words: str) -> str:
    """Words as a piece of an id: `top colour` becomes `top-colour`."""
    return re.sub(r"[^\w]+", "-", words.lower()).strip("-") or "x"


def numbered(id_: str, taken: Counter[str]) -> str:
    """The id, with a number behind it where different words have made the same one before."""
    taken[id_] += 1
    return id_ if taken[id_] == 1 else f"{id_}.{taken[id_]}"


def _rank(thing: Thing) -> tuple[object, ...]:
    """First seen, place where first seen; then content, so that no tie is left to chance."""
    first_s = min(span.start_s for sight in thing for span in sight.object.spans_s)
    box = next((sight.object.box for sight in thing if sight.object.box is not None), NO_BOX)
    return (first_s, box, [object_key(sight.object) for sight in thing])


def _label(thing: Thing) -> str:
    return _majority(thing, lambda found: found.label)


def _majority(thing: Thing, of: Callable[[FrameObject], Word]) -> Word:
    """What is true of the thing for most of its seen time; the alphabet breaks ties."""
    seconds: defaultdict[Word, float] = defaultdict(float)
    for sight in thing:
        seconds[of(sight.object)] += sum(span.duration_s for span in sight.object.spans_s)
    return min(seconds, key=lambda value: (-seconds[value], value))
