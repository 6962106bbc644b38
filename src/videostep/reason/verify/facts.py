"""What a graph says, by thing: the executor's own reading of `videostep.stsg/1`."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from videostep.graph import Coverage, ObjectNode, RelationEdge, VideoGraph
from videostep.reason.verify.language import Call
from videostep.reason.verify.words import SAY_NOTHING
from videostep.video import TimeSpan

Spans = tuple[TimeSpan, ...]
SYMMETRIC = frozenset({"next to", "beside", "near", "close to"})
"""Predicates that hold both ways: who stands next to a bus has the bus next to them."""


class Fact(Struct, frozen=True):
    """One node or edge of the graph as it bears on a thing."""

    id: str
    word: str
    """Attribute value, predicate, label, or an event's description."""
    spans_s: Spans
    """When it holds; spans without length are left out."""
    other: int = -1
    """The thing at a relation's other end."""

    def holds_in(self, context_s: TimeSpan) -> bool:
        """Whether the fact and the context have a common part of positive length."""
        start_s, end_s = context_s
        for first_s, last_s in self.spans_s:  # noqa: SIM110 - the innermost loop of all, twice as fast so
            if first_s < end_s and last_s > start_s:
                return True
        return False

    def parts_in(self, context_s: TimeSpan) -> Spans:
        """When the fact holds in the context; empty if it does not."""
        start_s, end_s = context_s
        for first_s, last_s in self.spans_s:
            if first_s < start_s or last_s > end_s:
                return tuple([part for span in self.spans_s if (part := span.overlap(context_s))])
        return self.spans_s  # mostly


@dataclass(slots=True)
class Thing:
    """An object node together with all object nodes joined to it by reference edges."""

    label: str
    """Of its earliest object node."""
    nodes: list[Fact] = field(default_factory=list)
    clips: frozenset[str] = frozenset()
    """Where it is seen. Two nodes of one clip are two things; of two clips they may be one, unnoticed."""
    attributes: dict[str, list[Fact]] = field(default_factory=dict)
    """By attribute name."""
    outgoing: list[Fact] = field(default_factory=list)
    """Relations whose subject it is."""
    incoming: list[Fact] = field(default_factory=list)
    """Relations whose object it is."""
    motions: list[Fact] = field(default_factory=list)


class Things(Struct, frozen=True):
    """A set of things, and what else might belong to it. Numbers are those of `Facts.things`."""

    members: tuple[int, ...]
    possible: tuple[int, ...]
    """Not known to fit, but not known to fail either; never a member."""
    doubts: tuple[str, ...]
    """Labels of the graph's doubts that might belong to it."""
    bare: bool
    """Narrowed by labels alone, so that a doubt might be another one."""
    idle: Call | None
    """The outermost of the filters behind it that kept all that it was given and says no more, if any."""


class Facts:
    """A graph by thing. Things are numbered by when they are first seen, then by id."""

    def __init__(self, graph: VideoGraph) -> None:
        self.whole_s = TimeSpan(0.0, graph.video.duration_s)
        self.every_s = graph.coverage.sampled_every_s or 0.0
        """Frames so far apart were looked at, seconds: ends of spans are known no better. 0: all were."""
        self.motions_every_s, self.relations_every_s = self.every_s, self.every_s
        """The same of motions and relations alone, whose ends may be known better."""
        if better := graph.coverage.edges_every_s:
            self.motions_every_s = self.every_s if better.motions is None else better.motions
            self.relations_every_s = self.every_s if better.relations is None else better.relations
        self.scenes_s = sorted(clip.span_s for clip in graph.clips)
        self.events = [_fact(e.id, e.description, (e.span_s,)) for e in (clip.event for clip in graph.clips)]
        self.doubts = [_fact(doubt.id, doubt.label, doubt.spans_s) for doubt in graph.doubts]
        self.looked_for = _looked_for(graph.coverage)
        """By operator: the words that the parser looked for, so that their absence means something."""
        self.thing_of: dict[str, int] = {}
        self.things = list[Thing]()
        self._seen = list[tuple[float, float, int]]()
        """When things are seen, start and end in seconds, by start."""
        for nodes in _joined(graph):
            self._add_thing(nodes)
        self._seen.sort()
        self._starts_s = [start_s for start_s, _, _ in self._seen]
        self.labels = {thing.label for thing in self.things}
        self._add_edges(graph)

    def _add_thing(self, nodes: list[ObjectNode]) -> None:
        number, facts = len(self.things), [_fact(node.id, node.label, node.spans_s) for node in nodes]
        for node, fact in zip(nodes, facts, strict=True):
            self.thing_of[node.id] = number
            self._seen += [(start_s, end_s, number) for start_s, end_s in fact.spans_s]
        self.things.append(Thing(nodes[0].label, facts, frozenset([node.clip for node in nodes])))

    def _add_edges(self, graph: VideoGraph) -> None:
        things, thing_of = self.things, self.thing_of
        for node in graph.attributes:
            if node.value in SAY_NOTHING:
                continue
            known = things[thing_of[node.object]].attributes
            known.setdefault(node.name, []).append(_fact(node.id, node.value, node.spans_s))
        for motion in graph.motions:
            if motion.predicate in SAY_NOTHING:
                continue
            fact = _fact(motion.id, motion.predicate, (motion.span_s,))
            things[thing_of[motion.object]].motions.append(fact)
        both_ways = list[tuple[RelationEdge, int, int]]()
        for edge in graph.relations:
            if edge.predicate in SAY_NOTHING:
                continue
            subject, object_ = thing_of[edge.subject], thing_of[edge.object]
            self._add_relation(edge, subject, object_)
            if edge.predicate in SYMMETRIC and subject != object_:
                both_ways.append((edge, object_, subject))
        unstated = [backwards for backwards in both_ways if not self._is_stated(*backwards)]
        for edge, subject, object_ in unstated:
            self._add_relation(edge, subject, object_)

    def _add_relation(self, edge: RelationEdge, subject: int, object_: int) -> None:
        fact = _fact(edge.id, edge.predicate, edge.spans_s, object_)
        self.things[subject].outgoing.append(fact)
        self.things[object_].incoming.append(Fact(fact.id, fact.word, fact.spans_s, subject))

    def _is_stated(self, edge: RelationEdge, subject: int, object_: int) -> bool:
        """Whether the graph says of two things what an edge does, at a time when the edge does."""
        for fact in self.things[subject].outgoing:
            if (
                fact.other == object_
                and fact.word == edge.predicate
                and any(map(fact.holds_in, edge.spans_s))
            ):
                return True
        return False

    def visible(self, context_s: TimeSpan) -> tuple[int, ...]:
        """The things one of whose object nodes holds in the context, in order."""
        start_s, end_s = context_s
        begun = bisect_left(self._starts_s, end_s)
        return tuple(sorted({number for _, last_s, number in self._seen[:begun] if last_s > start_s}))


def _looked_for(coverage: Coverage) -> dict[str, frozenset[str]]:
    motions, relations = frozenset(coverage.motions), frozenset(coverage.relations)
    return {
        "called": frozenset(coverage.labels),
        "with": frozenset(coverage.attributes),
        "does": motions,
        "motion": motions,
        "subjects": relations,
        "objects": relations,
        "predicate": relations,
        "shift": relations,
        "event": frozenset(),  # two sentences can be true of one scene
    }


def _fact(id_: str, word: str, spans_s: Spans, other: int = -1) -> Fact:
    for start_s, end_s in spans_s:
        if not end_s > start_s:
            spans_s = tuple([span for span in spans_s if span.end_s > span.start_s])
    return Fact(id_, word, spans_s, other)


def _joined(graph: VideoGraph) -> Iterator[list[ObjectNode]]:
    """Object nodes of one thing each, earliest first; things in the same order."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for reference in graph.references:
        first, second = reference.objects
        neighbours[first].append(second)
        neighbours[second].append(first)
    by_id = {node.id: node for node in graph.objects}
    done: set[str] = set()
    for node in sorted(graph.objects, key=_first_seen):
        if node.id not in done:
            found = _reached(node.id, neighbours)
            done |= found
            yield [node] if len(found) == 1 else sorted([by_id[id_] for id_ in found], key=_first_seen)


def _first_seen(node: ObjectNode) -> tuple[float, str]:
    return min(node.spans_s).start_s if node.spans_s else float("inf"), node.id


def _reached(start: str, neighbours: dict[str, list[str]]) -> set[str]:
    found, open_ = {start}, [start] if start in neighbours else []
    while open_:
        fresh = [id_ for id_ in neighbours.get(open_.pop(), ()) if id_ not in found]
        found.update(fresh)
        open_.extend(fresh)
    return found
