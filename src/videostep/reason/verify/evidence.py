"""Whether the evidence of a sample's steps carries its answer (docs/program.md, "Evidence")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Facts
from videostep.reason.verify.proof import Proof, Prover, Side
from videostep.sample import ReasoningStep, Sample
from videostep.video import TimeSpan, join_spans

SLACK_S = 1e-4
"""Times in files are rounded to this, seconds; ends that differ by less are the same."""


class Element(NamedTuple):
    """A node or edge of the graph as evidence."""

    spans_s: tuple[TimeSpan, ...]
    """Empty for reference edges, which hold at any time."""
    confidence: float
    nodes: tuple[str, ...]
    """Object nodes it hangs on; an object node hangs on itself."""
    is_reference: bool = False


def elements_of(graph: VideoGraph) -> dict[str, Element]:
    """Everything of a graph that may stand as evidence, by id."""
    found = {node.id: Element(node.spans_s, node.confidence, (node.id,)) for node in graph.objects}
    found.update((n.id, Element(n.spans_s, n.confidence, (n.object,))) for n in graph.attributes)
    found.update((e.id, Element(e.spans_s, e.confidence, (e.subject, e.object))) for e in graph.relations)
    found.update((m.id, Element((m.span_s,), m.confidence, (m.object,))) for m in graph.motions)
    found.update((e.id, Element((e.span_s,), e.confidence, ())) for e in (c.event for c in graph.clips))
    found.update((r.id, Element((), r.confidence, r.objects, True)) for r in graph.references)
    return found


class Grounds:
    """What a program's answer rests on, ready to be compared with evidence."""

    def __init__(self, sides: tuple[Side, ...], elements: dict[str, Element]) -> None:
        self.sides = sides
        self.own = next(filter(None, map(_own, reversed(sides))), frozenset[str]())
        """Facts of the outermost hop."""
        lookups = [step for side in sides for proof in side for step in proof]
        self.searched_s = tuple({step.within_s: None for step in lookups if step.is_search})
        self._elements = elements
        self._contexts_s: dict[str, list[TimeSpan]] = {}
        self.for_asking: set[str] = set()
        """Facts that did more than fix a time."""
        for step in lookups:
            for id_ in step.facts:
                self._contexts_s.setdefault(id_, []).append(step.within_s)
            if not step.fixes_time:
                self.for_asking |= step.facts
        self._times_s: dict[str, tuple[TimeSpan, ...]] = {}

    def __contains__(self, id_: str) -> bool:
        return id_ in self._contexts_s

    def times_s(self, id_: str) -> tuple[TimeSpan, ...]:
        """When a fact held in the contexts in which it was looked up."""
        found = self._times_s.get(id_)
        if found is None:
            contexts_s, spans_s = dict.fromkeys(self._contexts_s[id_]), self._elements[id_].spans_s
            parts = (span.overlap(within_s) for span in spans_s for within_s in contexts_s)
            found = self._times_s[id_] = tuple(part for part in parts if part)
        return found


def _own(side: Side) -> frozenset[str]:
    """Facts of the outermost hop of any proof."""
    return frozenset[str]().union(*map(_outermost, side))


def _outermost(proof: Proof) -> frozenset[str]:
    """Facts of the last hop; all of them where it was taken for several things."""
    found = [step for step in proof if not step.is_search and not step.is_rival]
    if not found:
        return frozenset()
    last = found[-1]
    same = (step.facts for step in found if step.call is last.call and step.within_s == last.within_s)
    return frozenset[str]().union(*same)


class EvidenceChecks:
    """The checks of one graph's samples that ask what a sample names as evidence."""

    def __init__(self, graph: VideoGraph, executor: Executor) -> None:
        self._elements = elements_of(graph)
        self._executor = executor
        self._prover = Prover(executor)
        self._facts: Facts = executor.facts
        self._grounds: dict[str, Grounds] = {}

    def grounds(self, program: str) -> Grounds:
        """What an executable program's answer rests on; worked out once."""
        found = self._grounds.get(program)
        if found is None:
            call = self._executor.parse(program)
            sides = self._prover.sides(call, self._facts.whole_s)
            found = self._grounds[program] = Grounds(sides, self._elements)
        return found

    def evidence(self, sample: Sample) -> str | None:
        """Every step names what it rests on, only that, and nothing that is not in the graph."""
        known: set[str] = set()
        for number, step in enumerate(sample.steps, start=1):
            grounds = self.grounds(step.program)
            wrong = self._wrong_ids(step, grounds)
            if wrong:
                return f"step {number}: {wrong}"
            named = set(step.evidence).union(*[self._elements[id_].nodes for id_ in step.evidence])
            known |= named
            if grounds.own and grounds.own.isdisjoint(named):
                return f"step {number}: its evidence does not show what the step finds"
            last = step is sample.steps[-1]
            if not all(any(_carries(proof, known, last=last) for proof in side) for side in grounds.sides):
                return f"step {number}: the evidence so far does not carry its answer"
        return None

    def _wrong_ids(self, step: ReasoningStep, grounds: Grounds) -> str | None:
        if len(set(step.evidence)) != len(step.evidence):
            return "it names the same evidence twice"
        for id_ in step.evidence:
            if id_ not in self._elements:
                return f"the graph has no node or edge {id_!r}"
        for id_ in step.evidence:
            if id_ not in grounds and not self._joins(id_, step):
                return f"its answer does not rest on {id_!r}"
        return None

    def _joins(self, id_: str, step: ReasoningStep) -> bool:
        """Whether a reference edge is about a thing that the step's other evidence is about."""
        if not self._elements[id_].is_reference:
            return False
        others = (self._elements[other] for other in step.evidence)
        nodes = (node for element in others if not element.is_reference for node in element.nodes)
        return self._thing(id_) in {self._facts.thing_of[node] for node in nodes}

    def _thing(self, reference: str) -> int:
        return self._facts.thing_of[self._elements[reference].nodes[0]]

    def steps(self, sample: Sample) -> str | None:
        """Every hop of the program is the finding of a step; no step finds what the program does not need."""
        asked = self.grounds(sample.program)
        own = [self.grounds(step.program).own for step in sample.steps]
        for number, facts in enumerate(own, start=1):
            if facts and not any(id_ in asked for id_ in facts):
                return f"step {number} finds nothing that the question needs"
        found = frozenset[str]().union(*own)
        if all(any(_is_found(proof, found) for proof in side) for side in asked.sides):
            return None
        return "no step finds one of the hops of the question"

    def identity(self, sample: Sample) -> str | None:
        """Object nodes that are one thing are joined by reference edges of the evidence."""
        named = dict.fromkeys(id_ for step in sample.steps for id_ in step.evidence)
        groups: dict[int, set[str]] = defaultdict(set)
        joins: list[tuple[str, ...]] = []
        for id_ in named:
            element = self._elements[id_]
            if element.is_reference:
                joins.append(element.nodes)
            else:
                for node in element.nodes:
                    groups[self._facts.thing_of[node]].add(node)
        for nodes in groups.values():
            apart = _apart(nodes, joins) if len(nodes) > 1 else None
            if apart:
                return f"no evidence says that {apart[0]!r} and {apart[1]!r} are the same thing"
        return None

    def times(self, sample: Sample) -> str | None:
        """Every step says when its evidence holds, and `span_s` is the smallest span with all evidence."""
        for number, step in enumerate(sample.steps, start=1):
            wrong = self._wrong_times(step)
            if wrong:
                return f"step {number}: {wrong}"
        spans = list(self._all_times(sample))
        smallest = TimeSpan(min(s.start_s for s in spans), max(s.end_s for s in spans))
        if _differ(sample.span_s.start_s, smallest.start_s) or _differ(sample.span_s.end_s, smallest.end_s):
            return f"span_s is not {list(smallest)}, the smallest span that holds all evidence"
        return None

    def _wrong_times(self, step: ReasoningStep) -> str | None:
        grounds, spans_s = self.grounds(step.program), step.spans_s
        if not spans_s or any(not span.end_s > span.start_s for span in spans_s):
            return "it does not say when its evidence holds"
        if any(not later.start_s >= span.end_s for span, later in pairwise(spans_s)):
            return "its spans are not in order and apart"
        possible = list(grounds.searched_s)
        for id_ in step.evidence:
            if id_ in grounds:
                times_s = grounds.times_s(id_)
                possible.extend(times_s)
                if id_ in grounds.for_asking and not _meet(times_s, spans_s):
                    return f"{id_!r} does not hold in its spans"
        outside = next((span for span in spans_s if not _is_within(span, possible)), None)
        return None if outside is None else f"no evidence holds in all of {list(outside)}"

    def _all_times(self, sample: Sample) -> Iterator[TimeSpan]:
        """The steps' spans, and the times of what fixes a time context."""
        for step in sample.steps:
            yield from step.spans_s
            grounds = self.grounds(step.program)
            for id_ in step.evidence:
                if id_ in grounds and id_ not in grounds.for_asking:
                    yield from grounds.times_s(id_)

    def confidence(self, sample: Sample) -> float:
        """Product of the confidences of a sample's evidence."""
        named = dict.fromkeys(id_ for step in sample.steps for id_ in step.evidence)
        return math.prod(self._elements[id_].confidence for id_ in named)


def _carries(proof: Proof, known: set[str], *, last: bool) -> bool:
    """Whether every look-up is answered by what is known; times must be only at the `last` step."""
    return all(
        step.is_search or not step.facts.isdisjoint(known) or (step.fixes_time and not last) for step in proof
    )


def _is_found(proof: Proof, found: frozenset[str]) -> bool:
    """Whether every hop of a proof is among what steps found."""
    return all(not hop.is_step or not hop.facts.isdisjoint(found) for hop in proof)


def _apart(nodes: set[str], joins: list[tuple[str, ...]]) -> tuple[str, str] | None:
    """Two of the nodes that the joins do not connect."""
    first, *rest = sorted(nodes)
    reached = {first}
    for _ in joins:
        for join in joins:
            if not reached.isdisjoint(join):
                reached.update(join)
    return next(((first, node) for node in rest if node not in reached), None)


def _meet(some: Iterable[TimeSpan], others: tuple[TimeSpan, ...]) -> bool:
    return any(one.start_s < other.end_s and other.start_s < one.end_s for one in some for other in others)


def _is_within(span: TimeSpan, pieces: list[TimeSpan]) -> bool:
    """Whether the pieces, joined, hold all of the span; most often one piece does alone."""
    return any(_holds(piece, span) for piece in pieces) or any(_holds(p, span) for p in join_spans(pieces))


def _holds(whole: TimeSpan, span: TimeSpan) -> bool:
    return span.start_s >= whole.start_s - SLACK_S and span.end_s <= whole.end_s + SLACK_S


def _differ(first_s: float, second_s: float) -> bool:
    return not abs(first_s - second_s) <= SLACK_S
