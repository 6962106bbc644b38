"""Graphs with one fact told wrongly, to see whether a proof that rests on it still passes.

A fact is *on the path* of a sample when the sample names it as evidence and one of its programs, the steps'
included, gives another answer or none on the graph without it. What is named but not on the path is told
twice: somebody is next to the bus by two relations, and one of them will do. Only an object node that names
its thing, the earliest of those that references join, has a label that any program looks at.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from videostep.errors import ProgramError
from videostep.graph import MotionEdge, VideoGraph
from videostep.reason.verify import Executor
from videostep.sample import Sample
from videostep.video import TimeSpan

PARTS = ("objects", "attributes", "relations", "motions", "references")
"""The parts of a graph that hold facts."""
Element: TypeAlias = Any
"""A node or an edge of one of these parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A graph in which one fact is another one."""

    kind: str
    """What was done to the fact: one of `KINDS`."""
    fact: str
    """Its id."""
    graph: VideoGraph


def flips(graph: VideoGraph, sample: Sample, rng: random.Random) -> Iterator[Flip]:
    """Every kind of flip of every fact that a sample names, each done once."""
    named = {id_ for step in sample.steps for id_ in step.evidence}
    for part in PARTS:
        for element in getattr(graph, part):
            if element.id not in named:
                continue
            for kind, flip in KINDS[part].items():
                flipped = flip(element, graph, sample, rng)
                if flipped is not None:
                    yield Flip(kind=kind, fact=element.id, graph=_with(graph, part, element, flipped))


def without(graph: VideoGraph, fact: str) -> VideoGraph:
    """The graph without a fact; of an object node, without all that hangs on it."""
    parts: dict[str, Any] = {
        part: tuple(e for e in getattr(graph, part) if not _hangs_on(e, fact)) for part in PARTS
    }
    return replace(graph, **parts)


def _hangs_on(element: Element, fact: str) -> bool:
    ends = ("id", "object", "subject")
    return fact in getattr(element, "objects", ()) or any(getattr(element, end, None) == fact for end in ends)


def _with(graph: VideoGraph, part: str, old: Element, new: tuple[Element, ...]) -> VideoGraph:
    elements = getattr(graph, part)
    at = elements.index(old)
    changed: dict[str, Any] = {part: (*elements[:at], *new, *elements[at + 1 :])}
    return replace(graph, **changed)


Flipped: TypeAlias = tuple[Element, ...] | None
"""What stands in the fact's place; None where the flip cannot be done."""


def _other_value(element: Element, graph: VideoGraph, _: Sample, rng: random.Random) -> Flipped:
    values = {node.value for node in graph.attributes if node.name == element.name}
    return _with_word(element, "value", values, rng)


def _other_motion(element: Element, graph: VideoGraph, _: Sample, rng: random.Random) -> Flipped:
    return _with_word(element, "predicate", {edge.predicate for edge in graph.motions}, rng)


def _other_relation(element: Element, graph: VideoGraph, _: Sample, rng: random.Random) -> Flipped:
    return _with_word(element, "predicate", {edge.predicate for edge in graph.relations}, rng)


def _other_label(element: Element, graph: VideoGraph, _: Sample, rng: random.Random) -> Flipped:
    """Only of the node that names its thing: the earliest of those that references join."""
    if any(
        element.id in edge.objects and _earlier(graph, edge.objects, element) for edge in graph.references
    ):
        return None
    return _with_word(element, "label", {node.label for node in graph.objects}, rng)


def _earlier(graph: VideoGraph, ids: tuple[str, str], than: Element) -> bool:
    return any(node.id in ids and node.spans_s < than.spans_s for node in graph.objects)


def _with_word(element: Element, name: str, words: set[str], rng: random.Random) -> Flipped:
    others = sorted(words - {getattr(element, name)})
    return (replace(element, **{name: rng.choice(others)}),) if others else None


def _other_end(element: Element, graph: VideoGraph, _: Sample, rng: random.Random) -> Flipped:
    """The relation leads to, or comes from, another thing of the clip."""
    ends = (element.subject, element.object)
    clip = next(node.clip for node in graph.objects if node.id == element.subject)
    others = [node.id for node in graph.objects if node.clip == clip and node.id not in ends]
    if not others:
        return None
    end: dict[str, Any] = {rng.choice(("subject", "object")): rng.choice(others)}
    return (replace(element, **end),)


def _other_time(element: Element, graph: VideoGraph, sample: Sample, _: random.Random) -> Flipped:
    """At a time that is none of the sample's, where there is one."""
    start_s, end_s = sample.span_s
    before, after = TimeSpan(0.0, start_s), TimeSpan(end_s, graph.video.duration_s)
    other = max(before, after, key=lambda span: span.duration_s)
    if other.duration_s < 0.1:
        return None
    if isinstance(element, MotionEdge):
        return (replace(element, span_s=other),)
    return (replace(element, spans_s=(other,)),)


def _gone(*_: object) -> Flipped:
    return ()


KINDS: dict[str, dict[str, Callable[..., Flipped]]] = {
    "objects": {"label changed": _other_label, "object seen at another time": _other_time},
    "attributes": {"attribute value changed": _other_value, "attribute at another time": _other_time},
    "relations": {
        "relation predicate changed": _other_relation,
        "relation's other end moved": _other_end,
        "relation at another time": _other_time,
    },
    "motions": {"motion predicate changed": _other_motion, "motion at another time": _other_time},
    "references": {"reference removed": _gone},
}
"""By part of the graph: what may be told wrongly of a fact."""


def is_on_path(graph: VideoGraph, sample: Sample, fact: str) -> bool:
    """Whether one of a sample's programs gives another answer, or none, on the graph without the fact."""
    executor = Executor(without(graph, fact))
    try:
        return any(executor.run(step.program) != step.sub_answer for step in sample.steps)
    except ProgramError:
        return True
