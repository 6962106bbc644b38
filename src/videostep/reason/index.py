"""What the sampler knows of a graph: its things, its facts, and the facts of one time context.

This is the sampler's own reading of the graph. `verify.py` has another; the two share nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from videostep.graph import Coverage, EdgeTimes, ObjectNode, ReferenceEdge, RelationEdge, VideoGraph
from videostep.reason.spans import MOST_UNKNOWN_S, are_filled
from videostep.reason.values import SAY_NOTHING, is_trait
from videostep.video import TimeSpan

HOLD_BOTH_WAYS = frozenset({"next to", "beside", "near", "close to"})
"""What is next to the bus has the bus next to it."""
UNASKED_ATTRIBUTES = frozenset({"size"})
"""How large something looks says more about the camera than about the thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing of the video: object nodes joined by reference edges."""

    key: int
    label: str
    nodes: tuple[ObjectNode, ...]
    """In time order."""
    references: tuple[ReferenceEdge, ...]
    """The edges that join the nodes, by id."""
    clips: frozenset[str]
    """Ids of the clips in which it is seen."""

    def joins(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """Ids of reference edges enough to show that `nodes` are one thing."""
        first, *rest = sorted(set(nodes))
        ways: dict[str, tuple[str, ...]] = {first: ()}
        for _ in self.references:
            for edge in self.references:
                for here, there in (edge.objects, edge.objects[::-1]):
                    if here in ways and there not in ways:
                        ways[there] = (*ways[here], edge.id)
        return tuple(dict.fromkeys(name for node in rest for name in ways[node]))


@dataclass(slots=True, kw_only=True, eq=False)
class Fact:
    """An attribute node, a relation or a motion edge, with things in place of object ids; never changed."""

    id: str
    kind: str
    """`attribute`, `relation` or `motion`."""
    thing: int
    """The thing it is about; the subject of a relation."""
    name: str
    """Attribute name, or the predicate."""
    value: str
    """Attribute value; empty for relations and motions."""
    other: int
    """The object of a relation, else -1."""
    nodes: tuple[str, ...]
    """Object ids it hangs on."""
    spans_s: tuple[TimeSpan, ...]
    confidence: float


class Lasting(Protocol):
    """Something that holds for some time."""

    @property
    def spans_s(self) -> tuple[TimeSpan, ...]:
        """When, in order."""


L = TypeVar("L", bound=Lasting)


class Timeline(Generic[L]):
    """Things that last, by when they begin, to find those that hold at some time without asking all."""

    def __init__(self, items: Iterable[L]) -> None:
        self._items = sorted(items, key=lambda item: item.spans_s[0].start_s)
        self._starts_s = [item.spans_s[0].start_s for item in self._items]
        ends_s = [max([end_s for _, end_s in item.spans_s]) for item in self._items]
        self._all_ended_s = list(accumulate(ends_s, max))
        """When an item and all before it have ended."""

    def holding(self, span_s: TimeSpan) -> list[L]:
        """Those that have a part in `span_s`."""
        first = bisect_right(self._all_ended_s, span_s.start_s)
        after = bisect_left(self._starts_s, span_s.end_s)
        return [item for item in self._items[first:after] if hold_in(item.spans_s, span_s)]


class GraphIndex:
    """Things and facts of one graph."""

    def __init__(self, graph: VideoGraph) -> None:
        self.graph = graph
        self.things = _things(graph)
        self.label_of = tuple([thing.label for thing in self.things]).__getitem__
        """What a thing is called; said so often that a method of our own would be felt."""
        self.thing_of = {node.id: thing.key for thing in self.things for node in thing.nodes}
        self.facts = tuple(sorted(self._facts(), key=lambda fact: (fact.spans_s[0].start_s, fact.id)))
        self.facts_in_time = Timeline(self.facts)
        self.nodes_in_time = Timeline([node for thing in self.things for node in thing.nodes])
        self.every_s = graph.coverage.sampled_every_s or 0.0
        """How far the frames lie apart that were looked at, seconds; 0: all were."""
        self.every_s_by_kind = _every_s_by_kind(graph.coverage)
        """The same for two motions (True, True), two relations, or one of each."""
        self.covered_motions = frozenset(graph.coverage.motions)
        self.covered_relations = frozenset(graph.coverage.relations)
        self.confidences = _confidences(graph)
        self._views: dict[TimeSpan, View] = {}

    def _facts(self) -> Iterable[Fact]:
        for a in self.graph.attributes:
            if a.name in UNASKED_ATTRIBUTES or a.value in SAY_NOTHING:
                continue
            yield Fact(
                id=a.id, kind="attribute", thing=self.thing_of[a.object], name=a.name, value=a.value,
                other=-1, nodes=(a.object,), spans_s=a.spans_s, confidence=a.confidence,
            )  # fmt: skip
        for r, thing, other in _both_ways(self.graph.relations, self.thing_of):
            if r.predicate in SAY_NOTHING:
                continue
            yield Fact(
                id=r.id, kind="relation", thing=thing, name=r.predicate, value="", other=other,
                nodes=(r.subject, r.object), spans_s=r.spans_s, confidence=r.confidence,
            )  # fmt: skip
        for m in self.graph.motions:
            if m.predicate in SAY_NOTHING:
                continue
            yield Fact(
                id=m.id, kind="motion", thing=self.thing_of[m.object], name=m.predicate, value="",
                other=-1, nodes=(m.object,), spans_s=(m.span_s,), confidence=m.confidence,
            )  # fmt: skip

    @property
    def whole_s(self) -> TimeSpan:
        """The whole video."""
        return TimeSpan(0.0, self.graph.video.duration_s)

    def view(self, span_s: TimeSpan) -> View:
        """The facts that hold in `span_s`; built once per span."""
        view = self._views.get(span_s)
        if view is None:
            view = self._views[span_s] = View(self, span_s)
        return view

    def forget_views(self) -> None:
        """Let go of the views, which hold this index: without a cycle all memory is free at once."""
        self._views.clear()

    @cached_property
    def _clips_start_s(self) -> list[float]:
        return [clip.span_s.start_s for clip in self.graph.clips]

    def clip_at(self, time_s: float) -> int:
        """Which clip a time lies in, from 0."""
        return max(0, bisect_right(self._clips_start_s, time_s) - 1)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """All labels of the graph, sorted."""
        return tuple(sorted({thing.label for thing in self.things}))

    @cached_property
    def doers(self) -> dict[str, tuple[str, ...]]:
        """Motion to the labels of all that do it, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            if fact.kind == "motion":
                found[fact.name].add(self.things[fact.thing].label)
        return {name: tuple(sorted(labels)) for name, labels in found.items()}

    @cached_property
    def ends(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Relation to the labels of its subjects and of its objects, sorted."""
        found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for fact in self.facts:
            if fact.kind == "relation":
                found[fact.name][0].add(self.things[fact.thing].label)
                found[fact.name][1].add(self.things[fact.other].label)
        return {name: (tuple(sorted(one)), tuple(sorted(other))) for name, (one, other) in found.items()}

    @cached_property
    def comparisons(self) -> frozenset[str]:
        """Relations that compare two things: `larger than`."""
        return frozenset(edge.predicate for edge in self.graph.relations if edge.predicate.endswith(" than"))

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Attribute name to all its values in the graph, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            if fact.kind == "attribute":
                found[fact.name].add(fact.value)
        return {name: tuple(sorted(values)) for name, values in sorted(found.items())}


class View:
    """A graph in one time context."""

    def __init__(self, index: GraphIndex, span_s: TimeSpan) -> None:
        self.index = index
        self.span_s = span_s
        self.label = index.label_of
        """What a thing is called."""
        seen = {index.thing_of[node.id] for node in index.nodes_in_time.holding(span_s)}
        self.visible = tuple(sorted(seen))
        self.labelled: dict[str, list[int]] = defaultdict(list)
        for key in self.visible:
            self.labelled[self.label(key)].append(key)
        self.rivals = {label: frozenset(things) for label, things in self.labelled.items()}
        self.alone = frozenset(things[0] for things in self.labelled.values() if len(things) == 1)
        """Things of which no other is called alike."""
        self.covered_motions = index.covered_motions
        self.covered_relations = index.covered_relations
        self.doubted = {d.label for d in index.graph.doubts if hold_in(d.spans_s, span_s)}
        self.certain = {label for label in index.graph.coverage.labels if label not in self.doubted}
        """Labels that the parser looked for, and of which it saw nothing that it doubted."""
        self._only = {
            things[0]
            for label, things in self.labelled.items()
            if len(things) == 1 and label not in self.doubted
        }
        self._known: dict[tuple[str, str], bool] = {}
        self._settled: dict[tuple[int, str], bool] = {}
        self._sort_facts()

    def _sort_facts(self) -> None:
        self.attributes: dict[int, dict[str, dict[str, list[Fact]]]] = defaultdict(dict)
        self.motions: dict[int, dict[str, list[Fact]]] = defaultdict(dict)
        self.links: dict[tuple[int, int], dict[str, list[Fact]]] = defaultdict(dict)
        self.relations: dict[int, list[Fact]] = defaultdict(list)
        self.having: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        self.subjects: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.objects: dict[tuple[str, int], set[int]] = defaultdict(set)
        for fact in self.index.facts_in_time.holding(self.span_s):
            if fact.kind == "attribute":
                values = self.attributes[fact.thing].setdefault(fact.name, {})
                values.setdefault(fact.value, []).append(fact)
            elif fact.kind == "motion":
                self.motions[fact.thing].setdefault(fact.name, []).append(fact)
            else:
                self.relations[fact.thing].append(fact)
                self.relations[fact.other].append(fact)
                self.links[fact.thing, fact.other].setdefault(fact.name, []).append(fact)
                self.subjects[fact.name, fact.other].add(fact.thing)
                self.objects[fact.name, fact.thing].add(fact.other)
                continue
            self.having[fact.kind, fact.name, fact.value].add(fact.thing)

    def nodes_of(self, thing: int) -> tuple[str, ...]:
        """Object nodes of a thing that are seen in the context."""
        nodes = self.index.things[thing].nodes
        return tuple(node.id for node in nodes if hold_in(node.spans_s, self.span_s))

    @cached_property
    def once(self) -> dict[tuple[int, str, int], Fact]:
        """What happens once and in one piece, by thing, predicate and the thing at its other end, else -1."""
        found = {(thing, name, -1): facts for thing, by in self.motions.items() for name, facts in by.items()}
        for (thing, other), names in self.links.items():
            found.update(((thing, name, other), facts) for name, facts in names.items())
        return {key: facts[0] for key, facts in found.items() if len(facts) == len(facts[0].spans_s) == 1}

    def values(self, thing: int, name: str) -> dict[str, list[Fact]]:
        """Each value of an attribute of a thing, with the facts that say so."""
        names = self.attributes.get(thing)
        return names.get(name, {}) if names else {}

    def bare_is_unique(self, thing: int) -> bool:
        """Whether the bare label, "the bus", means this one thing here."""
        return thing in self._only

    def all_know(self, label: str, name: str) -> bool:
        """Whether that attribute is settled of every visible thing of that label."""
        known = self._known.get((label, name))
        if known is None:
            things = self.labelled.get(label, ())
            known = self._known[label, name] = all([self.is_settled(key, name) for key in things])
        return known

    def is_settled(self, thing: int, name: str) -> bool:
        """Whether an attribute is known as long as the thing is seen; of what does not change, at any time.

        Who is seen sitting for a while may have stood, or lain, in the time of which nothing is known.
        """
        settled = self._settled.get((thing, name))
        if settled is None:
            values = self.values(thing, name)
            settled = bool(values) and is_trait(name)
            if values and not settled:
                spans_s = [span for found in values.values() for fact in found for span in fact.spans_s]
                settled = self.is_known_throughout(thing, spans_s)
            self._settled[thing, name] = settled
        return settled

    def is_known_throughout(self, thing: int, known_s: Iterable[TimeSpan]) -> bool:
        """Whether a thing is hardly seen outside of some spans."""
        seen_s = [span for node in self.index.things[thing].nodes for span in node.spans_s]
        return are_filled(seen_s, known_s, self.span_s, MOST_UNKNOWN_S + self.index.every_s)


def hold_in(spans_s: Iterable[TimeSpan], context_s: TimeSpan) -> bool:
    """Whether any of the spans has a part in a time context."""
    start_s, end_s = context_s
    for a, b in spans_s:  # noqa: SIM110 - a generator costs three times as much, and this is asked most
        if a < end_s and b > start_s and b > a:
            return True
    return False


def _every_s_by_kind(coverage: Coverage) -> dict[tuple[bool, bool], float]:
    """How far the frames lie apart by which two times can be compared; whether each is a motion's, as key."""
    frames_s, own = coverage.sampled_every_s or 0.0, coverage.edges_every_s or EdgeTimes()
    motions_s, relations_s = (frames_s if s is None else s for s in (own.motions, own.relations))
    # Of two kinds that are known equally well, the frames are the same.
    mixed_s = motions_s if motions_s == relations_s else motions_s + relations_s
    return {
        (True, True): motions_s,
        (False, False): relations_s,
        (True, False): mixed_s,
        (False, True): mixed_s,
    }


def _both_ways(
    relations: tuple[RelationEdge, ...], thing_of: dict[str, int]
) -> Iterator[tuple[RelationEdge, int, int]]:
    """Each relation with its two things, and once more the other way round where that holds, too.

    What the graph itself states the other way round, at a common time, is not repeated.
    """
    stated: dict[tuple[int, str, int], list[TimeSpan]] = defaultdict(list)
    for edge in relations:
        stated[thing_of[edge.subject], edge.predicate, thing_of[edge.object]].extend(edge.spans_s)
    for edge in relations:
        first, second = thing_of[edge.subject], thing_of[edge.object]
        yield edge, first, second
        if edge.predicate in HOLD_BOTH_WAYS and first != second:
            back = stated.get((second, edge.predicate, first), ())
            if not any(span.overlap(other) for span in edge.spans_s for other in back):
                yield edge, second, first


def _things(graph: VideoGraph) -> tuple[Thing, ...]:
    parent = {node.id: node.id for node in graph.objects}

    def root(node_id: str) -> str:
        while parent[node_id] != node_id:
            node_id = parent[node_id]
        return node_id

    for reference in graph.references:
        first, second = (root(end) for end in reference.objects)
        parent[max(first, second)] = min(first, second)
    groups: dict[str, list[ObjectNode]] = defaultdict(list)
    for node in sorted(graph.objects, key=lambda n: (n.spans_s[0].start_s, n.id)):
        groups[root(node.id)].append(node)
    joins: dict[str, list[ReferenceEdge]] = defaultdict(list)
    for reference in sorted(graph.references, key=lambda edge: edge.id):
        joins[root(reference.objects[0])].append(reference)
    return tuple(
        Thing(
            key=key,
            label=nodes[0].label,
            nodes=tuple(nodes),
            references=tuple(joins[name]),
            clips=frozenset(node.clip for node in nodes),
        )
        for key, (name, nodes) in enumerate(groups.items())
    )


def _confidences(graph: VideoGraph) -> dict[str, float]:
    found = {node.id: node.confidence for node in graph.objects}
    found.update((node.id, node.confidence) for node in graph.attributes)
    found.update((edge.id, edge.confidence) for edge in graph.relations)
    found.update((edge.id, edge.confidence) for edge in graph.motions)
    found.update((edge.id, edge.confidence) for edge in graph.references)
    found.update((clip.event.id, clip.event.confidence) for clip in graph.clips)
    return found
