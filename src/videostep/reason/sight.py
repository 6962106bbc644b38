"""What there is to see of some facts: their evidence, their times, and where in the video they lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from videostep.reason.index import Fact, GraphIndex
from videostep.reason.words import ordinal
from videostep.video import TimeSpan, join_spans


class Sight(NamedTuple):
    """Some facts as they are seen in one piece of time."""

    seen: tuple[str, ...]
    """Ids of those facts that hold in that time, and of the object nodes they hang on."""
    recurring: tuple[str, ...]
    """Those of the nodes that are not all there is of their thing."""
    spans_s: tuple[TimeSpan, ...]
    """When they hold, within that time."""
    where: str
    """Where in the video they lie as a whole: `in the second scene`; empty where that says nothing."""


class Sights:
    """The sights of one graph; each is worked out once, since many questions rest on the same facts."""

    def __init__(self, index: GraphIndex) -> None:
        self._index = index
        self._found: dict[tuple[object, ...], Sight] = {}

    def of(self, facts: tuple[Fact, ...], time_s: TimeSpan) -> Sight:
        """What is seen of `facts` in `time_s`."""
        key = (time_s, *[fact.id for fact in facts])
        sight = self._found.get(key)
        if sight is None:
            sight = self._found[key] = self._look(facts, time_s)
        return sight

    def _look(self, facts: tuple[Fact, ...], time_s: TimeSpan) -> Sight:
        used = [fact for fact in facts if any(span.overlap(time_s) for span in fact.spans_s)]
        nodes = dict.fromkeys(node for fact in used for node in fact.nodes)
        return Sight(
            seen=tuple(dict.fromkeys((*(fact.id for fact in used), *nodes))),
            recurring=tuple(node for node in nodes if self.is_recurring(node)),
            spans_s=within((span for fact in facts for span in fact.spans_s), time_s),
            where=self._where(facts),
        )

    def is_recurring(self, node: str) -> bool:
        """Whether the thing of an object node has other nodes too."""
        return len(self._index.things[self._index.thing_of[node]].nodes) > 1

    def _where(self, facts: tuple[Fact, ...]) -> str:
        """Where in the video the facts lie, as a viewer would say it."""
        graph = self._index.graph
        if not facts:
            return ""
        spans_s = [span for fact in facts for span in fact.spans_s]
        whole_s = TimeSpan(min(s.start_s for s in spans_s), max(s.end_s for s in spans_s))
        if len(graph.clips) == 1:
            return _part_of_video(whole_s, graph.video.duration_s)
        numbers = [i for i, clip in enumerate(graph.clips, 1) if clip.span_s.overlap(whole_s)]
        return f"in the {ordinal(numbers[0])} scene" if len(numbers) == 1 else ""


def within(spans_s: Iterable[TimeSpan], time_s: TimeSpan) -> tuple[TimeSpan, ...]:
    """The parts of spans that lie in `time_s`, sorted and joined."""
    return join_spans([part for span in spans_s if (part := span.overlap(time_s))])


def _part_of_video(span_s: TimeSpan, duration_s: float) -> str:
    if span_s.duration_s > 0.7 * duration_s:
        return ""
    middle = (span_s.start_s + span_s.end_s) / 2 / duration_s
    names = ("early in the video", "in the middle of the video", "late in the video")
    return names[min(2, int(middle * 3))]
