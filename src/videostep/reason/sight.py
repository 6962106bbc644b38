"""What there is to see of some facts: their evidence, their times, and where in the video they lie."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from videostep.reason.index import Fact, GraphIndex, hold_in
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


MOST_OF_PART = 0.4
"""What takes a greater share of a video, 0..1, is neither early nor late in it."""
NOTHING = Sight(seen=(), recurring=(), spans_s=(), where="")


class Sights:
    """The sights of one graph; each is worked out once, since many questions rest on the same facts."""

    def __init__(self, index: GraphIndex) -> None:
        self._index = index
        self._starts_s = [clip.span_s.start_s for clip in index.graph.clips]
        self._ends_s = [clip.span_s.end_s for clip in index.graph.clips]
        several = (thing.nodes for thing in index.things if len(thing.nodes) > 1)
        self._recurring = frozenset(node.id for nodes in several for node in nodes)
        """Object nodes that are not all there is of their thing."""
        self._found: dict[tuple[TimeSpan, tuple[Fact, ...], tuple[str, ...]], Sight] = {}

    def of(self, facts: tuple[Fact, ...], time_s: TimeSpan, nodes: tuple[str, ...] = ()) -> Sight:
        """What is seen of `facts`, and of these object nodes of one thing, in `time_s`."""
        if not facts:
            return NOTHING
        key = (time_s, facts, nodes)
        sight = self._found.get(key)
        if sight is None:
            sight = self._look(facts, time_s)
            sight = self._found[key] = self._beside(sight, nodes, time_s) if nodes else sight
        return sight

    def _beside(self, sight: Sight, nodes: tuple[str, ...], time_s: TimeSpan) -> Sight:
        """A sight with a thing that no fact of it is about: it is seen for as long as it is there."""
        thing = self._index.things[self._index.thing_of[nodes[0]]]
        seen_s = [span for node in thing.nodes if node.id in nodes for span in node.spans_s]
        recurring = nodes if len(thing.nodes) > 1 else ()
        spans_s = join_spans([*sight.spans_s, *within(seen_s, time_s)])
        return Sight((*nodes, *sight.seen), (*recurring, *sight.recurring), spans_s, "")

    def _look(self, facts: tuple[Fact, ...], time_s: TimeSpan) -> Sight:
        spans_s = [span for fact in facts for span in fact.spans_s]
        parts_s = [part for span in spans_s if (part := span.overlap(time_s))]
        held = facts
        if len(parts_s) < len(spans_s):
            held = tuple([fact for fact in facts if hold_in(fact.spans_s, time_s)])
        nodes = [node for fact in held for node in fact.nodes]
        seen = tuple(dict.fromkeys([*[fact.id for fact in held], *nodes]))
        recurring = tuple(filter(self._recurring.__contains__, seen))
        where = "" if self._is_always_so(facts) else self._where(_whole_of(spans_s))
        return Sight(seen, recurring, join_spans(parts_s), where)

    def _is_always_so(self, facts: tuple[Fact, ...]) -> bool:
        """Whether attributes last as long as their things are seen: "late in the video it is red" misled."""
        if len(self._starts_s) > 1 or facts[0].kind != "attribute":
            return False
        return all(fact.kind == "attribute" and fact.spans_s == self._seen_s[fact.nodes] for fact in facts)

    @cached_property
    def _seen_s(self) -> dict[tuple[str, ...], tuple[TimeSpan, ...]]:
        """By object node when it is seen."""
        return {(node.id,): node.spans_s for thing in self._index.things for node in thing.nodes}

    def _where(self, span_s: TimeSpan) -> str:
        """Where in the video a span lies, as a viewer would say it."""
        if len(self._starts_s) == 1:
            return _part_of_video(span_s, self._index.graph.video.duration_s)
        first = bisect_right(self._ends_s, span_s.start_s)
        after = bisect_left(self._starts_s, span_s.end_s)
        return f"in the {ordinal(after)} scene" if after - first == 1 else ""


def _whole_of(spans_s: Sequence[TimeSpan]) -> TimeSpan:
    """From when the first of some spans begins until the last one ends."""
    if len(spans_s) == 1:
        return spans_s[0]
    return TimeSpan(min(spans_s)[0], max([end_s for _, end_s in spans_s]))


def within(spans_s: Iterable[TimeSpan], time_s: TimeSpan) -> tuple[TimeSpan, ...]:
    """The parts of spans that lie in `time_s`, sorted and joined."""
    return join_spans([part for span in spans_s if (part := span.overlap(time_s))])


def _part_of_video(span_s: TimeSpan, duration_s: float) -> str:
    if span_s.duration_s > MOST_OF_PART * duration_s:
        return ""
    middle = (span_s.start_s + span_s.end_s) / 2 / duration_s
    names = ("early in the video", "in the middle of the video", "late in the video")
    return names[min(2, int(middle * 3))]
