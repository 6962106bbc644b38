"""A graph as it is scored: units that are matched, and statements about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, get_args

from videostep.evaluate.boxes import Course
from videostep.evaluate.words import Synonyms
from videostep.graph import ObjectNode, VideoGraph
from videostep.video import TimeSpan, join_spans

UnitKind = Literal["object", "thing"]
StatementKind = Literal["attributes", "relations", "motions", "events"]
Kind = Literal["objects", "attributes", "relations", "motions", "references", "events"]
STATEMENT_KINDS: Final[tuple[StatementKind, ...]] = get_args(StatementKind)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is matched: an object (one thing in one clip), or a thing (of the whole video)."""

    id: str
    label: str
    spans_s: tuple[TimeSpan, ...]
    """In order and apart."""
    courses: tuple[Course, ...]
    """Its boxes, one course for each object node that has any."""


class Statement(NamedTuple):
    """What the graph says of units, during some time."""

    kind: StatementKind
    about: tuple[str, ...]
    """Unit ids: subject and object of a relation, none for an event."""
    words: tuple[str, ...]
    """Name and value of an attribute; a predicate; none for an event, whose sentence is not compared."""
    spans_s: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One side of a comparison. The order of nodes and edges in the graph file makes no difference."""

    units: tuple[Unit, ...]
    statements: tuple[Statement, ...]
    thing_of: Mapping[str, str]
    """Unit id to the thing it is, by the id of that thing's earliest object."""


def scene_of(graph: VideoGraph, synonyms: Synonyms, *, min_confidence: float = 0.0) -> Scene:
    """The graph with objects as units.

    Args:
        graph: A valid graph.
        synonyms: Which words are the same.
        min_confidence: What is less sure is left out, and with an object all that is said of it.
    """
    kept = tuple(node for node in graph.objects if node.confidence >= min_confidence)
    times_s = {keyframe.id: keyframe.time_s for clip in graph.clips for keyframe in clip.keyframes}
    units = sorted((_unit(node, synonyms, times_s) for node in kept), key=lambda unit: unit.id)
    known = {unit.id for unit in units}
    said = (
        statement
        for statement, confidence in _statements(graph, synonyms)
        if confidence >= min_confidence and known.issuperset(statement.about)
    )
    joins = (edge.objects for edge in graph.references if edge.confidence >= min_confidence)
    return Scene(units=tuple(units), statements=_merge(said), thing_of=_things(kept, joins))


def join_things(scene: Scene) -> Scene:
    """The same scene with things of the whole video as units; what is said of their objects, of them."""
    parts: dict[str, list[Unit]] = defaultdict(list)
    for unit in scene.units:
        parts[scene.thing_of[unit.id]].append(unit)
    by_id = {unit.id: unit for unit in scene.units}
    units = tuple(_joined(by_id[thing], parts[thing]) for thing in sorted(parts))
    said = (
        statement._replace(about=tuple(scene.thing_of[id_] for id_ in statement.about))
        for statement in scene.statements
    )
    return Scene(units=units, statements=_merge(said), thing_of={thing: thing for thing in parts})


def _joined(first: Unit, parts: list[Unit]) -> Unit:
    return replace(
        first,
        spans_s=join_spans([span for part in parts for span in part.spans_s]),
        courses=tuple(course for part in parts for course in part.courses),
    )


def _unit(node: ObjectNode, synonyms: Synonyms, times_s: Mapping[str, float]) -> Unit:
    boxes = sorted((times_s[box.keyframe], box.xyxy) for box in node.boxes)
    course = Course(
        times_s=tuple(time_s for time_s, _ in boxes),
        boxes=tuple(box for _, box in boxes),
        spans_s=node.spans_s,
    )
    return Unit(
        id=node.id,
        label=synonyms.label(node.label),
        spans_s=node.spans_s,
        courses=(course,) if boxes else (),
    )


def _statements(graph: VideoGraph, synonyms: Synonyms) -> Iterator[tuple[Statement, float]]:
    """Each statement with its confidence."""
    for node in graph.attributes:
        words = synonyms.attribute(node.name, node.value)
        yield Statement("attributes", (node.object,), words, node.spans_s), node.confidence
    for edge in graph.relations:
        word = synonyms.predicate(edge.predicate)
        yield Statement("relations", (edge.subject, edge.object), (word,), edge.spans_s), edge.confidence
    for motion in graph.motions:
        word = synonyms.predicate(motion.predicate)
        yield Statement("motions", (motion.object,), (word,), (motion.span_s,)), motion.confidence
    for clip in graph.clips:
        yield Statement("events", (), (), (clip.event.span_s,)), clip.event.confidence


def _merge(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """States are said once for all their time; motions and events happen each on its own."""
    states: dict[tuple[StatementKind, tuple[str, ...], tuple[str, ...]], list[TimeSpan]] = defaultdict(list)
    merged: list[Statement] = []
    for statement in statements:
        if statement.kind in ("attributes", "relations"):
            states[statement[:3]] += statement.spans_s
        else:
            merged.append(statement)
    merged += [Statement(*said, join_spans(spans_s)) for said, spans_s in states.items()]
    return tuple(sorted(merged))


def _things(nodes: Iterable[ObjectNode], joins: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Object id to the id of the earliest object that references join it to, directly or over others."""
    rank = {node.id: (node.spans_s[0].start_s, node.id) for node in nodes}
    above = {id_: id_ for id_ in rank}

    def top(id_: str) -> str:
        while above[id_] != id_:
            above[id_] = above[above[id_]]
            id_ = above[id_]
        return id_

    for ends in joins:
        if rank.keys() >= set(ends):
            first, second = sorted(map(top, ends), key=rank.__getitem__)
            above[second] = first
    return {id_: top(id_) for id_ in rank}
