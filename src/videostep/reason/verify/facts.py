"""What a graph says, by thing: the executor's own reading of `videostep.stsg/1`."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from videostep.graph import Coverage, ObjectNode, RelationEdge, VideoGraph
from videostep.reason.verify.language import Call
from videostep.video import TimeSpan

Spans = tuple[TimeSpan, ...]
SYMMETRIC = frozenset({"next to", "beside", "near", "close to"})
"""Predicates that hold both ways: who stands next to a bus has the bus next to them."""


class Fact(NamedTuple):
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


class Things(NamedTuple):
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
        self.things = [self._thing(number, nodes) for number, nodes in enumerate(_joined(graph))]
        self.labels = {thing.label for thing in self.things}
        self._add_edges(graph)
        self._seen = sorted(
            (*span, number)
            for number, thing in enumerate(self.things)
            for fact in thing.nodes
            for span in fact.spans_s
        )
        self._starts_s = [start_s for start_s, _, _ in self._seen]

    def _thing(self, number: int, nodes: list[ObjectNode]) -> Thing:
        self.thing_of.update((node.id, number) for node in nodes)
        facts = [_fact(node.id, node.label, node.spans_s) for node in nodes]
        return Thing(nodes[0].label, facts, frozenset(node.clip for node in nodes))

    def _add_edges(self, graph: VideoGraph) -> None:
        for node in graph.attributes:
            thing = self.things[self.thing_of[node.object]]
            thing.attributes.setdefault(node.name, []).append(_fact(node.id, node.value, node.spans_s))
        for edge in graph.relations:
            self._add_relation(edge, self.thing_of[edge.subject], self.thing_of[edge.object])
        for edge, subject, object_ in self._reversed(graph):
            self._add_relation(edge, subject, object_)
        for motion in graph.motions:
            thing = self.things[self.thing_of[motion.object]]
            thing.motions.append(_fact(motion.id, motion.predicate, (motion.span_s,)))

    def _add_relation(self, edge: RelationEdge, subject: int, object_: int) -> None:
        self.things[subject].outgoing.append(_fact(edge.id, edge.predicate, edge.spans_s, object_))
        self.things[object_].incoming.append(_fact(edge.id, edge.predicate, edge.spans_s, subject))

    def _reversed(self, graph: VideoGraph) -> list[tuple[RelationEdge, int, int]]:
        """Relations that hold the other way round, too, and do not stand in the graph that way already."""
        found = list[tuple[RelationEdge, int, int]]()
        for edge in graph.relations:
            subject, object_ = self.thing_of[edge.object], self.thing_of[edge.subject]
            if edge.predicate in SYMMETRIC and subject != object_:
                stated = (fact for fact in self.things[subject].outgoing if fact.other == object_)
                same = (fact for fact in stated if fact.word == edge.predicate)
                if not any(fact.holds_in(span) for fact in same for span in edge.spans_s):
                    found.append((edge, subject, object_))
        return found

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


def _fact(id_: str, word: str, spans_s: Iterable[TimeSpan], other: int = -1) -> Fact:
    return Fact(id_, word, tuple([span for span in spans_s if span[1] > span[0]]), other)


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
            yield sorted((by_id[id_] for id_ in found), key=_first_seen)


def _first_seen(node: ObjectNode) -> tuple[float, str]:
    return min((span.start_s for span in node.spans_s), default=float("inf")), node.id


def _reached(start: str, neighbours: dict[str, list[str]]) -> set[str]:
    found, open_ = {start}, [start]
    while open_:
        fresh = [id_ for id_ in neighbours.get(open_.pop(), ()) if id_ not in found]
        found.update(fresh)
        open_.extend(fresh)
    return found
