"""Whether the evidence of a sample's steps carries its answer (docs/program.md, "Evidence")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain

from videostep.graph import VideoGraph
from videostep.reason.verify.asked import Asked
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Facts, Spans
from videostep.reason.verify.grounds import Elements, Grounds
from videostep.reason.verify.language import Call
from videostep.reason.verify.proof import sides
from videostep.sample import ReasoningStep, Sample
from videostep.video import TimeSpan, join_spans

SLACK_S = 1e-4
"""Times in files are rounded to this, seconds; ends that differ by less are the same."""


class Case:
    """A sample with what its checks find out for one another."""

    __slots__ = ("asked", "call", "calls", "grounds", "known", "named", "sample")

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.grounds: list[Grounds] = []
        """What the answers of its steps rest on; the last step's is the sample's."""
        self.known: set[str] = set()
        """Ids of its evidence, and of the object nodes that this hangs on."""

    call: Call
    """Its program."""
    calls: list[Call]
    """The programs of its steps."""
    asked: Asked
    """Its program, executed."""
    named: Collection[str]
    """Its evidence, each element once."""


class EvidenceChecks:
    """The checks of one graph's samples that ask what a sample names as evidence."""

    def __init__(self, graph: VideoGraph, executor: Executor) -> None:
        self._elements = Elements(graph)
        self._executor = executor
        self._facts: Facts = executor.facts
        several = (thing.nodes for thing in self._facts.things if len(thing.nodes) > 1)
        self._recurring = frozenset(node.id for nodes in several for node in nodes)
        """Object nodes of things that are seen in several clips."""
        self._grounds: dict[Call, Grounds] = {}
        """By program: samples of one graph share steps."""

    @property
    def ids(self) -> Iterable[str]:
        """Ids of all that may stand as evidence."""
        return self._elements.nodes

    def _grounds_of(self, program: Call) -> Grounds:
        found = self._grounds.get(program)
        if found is None:
            all_sides = sides(self._executor, program, self._executor.whole)
            found = self._grounds[program] = Grounds(all_sides, has_times="at(" in program.text)
        return found

    def _wrong_ids(self, evidence: tuple[str, ...], named: set[str], grounds: Grounds) -> str | None:
        if len(named) != len(evidence):
            return "it names the same evidence twice"
        if grounds.held_s.keys() >= named:  # mostly
            return None
        for id_ in evidence:
            if id_ not in self._elements.nodes:
                return f"the graph has no node or edge {id_!r}"
            if id_ not in grounds.held_s and not self._joins(id_, evidence):
                return f"its answer does not rest on {id_!r}"
        return None

    def _joins(self, id_: str, evidence: tuple[str, ...]) -> bool:
        """Whether it is a reference edge about a thing that the step's other evidence is about."""
        elements, thing_of = self._elements, self._facts.thing_of
        if id_ not in elements.references:
            return False
        others = [other for other in evidence if other not in elements.references]
        things = {thing_of[node] for other in others for node in elements.nodes.get(other, ())}
        return thing_of[elements.nodes[id_][0]] in things

    def evidence(self, case: Case) -> str | None:
        """Every step names what it rests on, only that, and nothing that is not in the graph."""
        steps, known, nodes = case.sample.steps, case.known, self._elements.nodes
        for number, (step, call) in enumerate(zip(steps, case.calls, strict=True), start=1):
            grounds = self._grounds_of(call)
            case.grounds.append(grounds)
            named = set(step.evidence)
            wrong = self._wrong_ids(step.evidence, named, grounds)
            if wrong:
                return f"step {number}: {wrong}"
            named.update(*[nodes[id_] for id_ in step.evidence])
            known |= named
            if grounds.own and named.isdisjoint(grounds.own):
                return f"step {number}: its evidence does not show what the step finds"
            if not grounds.carried_by(known, last=number == len(steps)):
                return f"step {number}: the evidence so far does not carry its answer"
        case.named = dict.fromkeys(chain.from_iterable([step.evidence for step in steps]))
        return None

    def steps(self, case: Case) -> str | None:
        """Every hop of the program is the finding of a step; no step finds what the program does not need."""
        asked, findings = case.grounds[-1], set[str]()
        for number, grounds in enumerate(case.grounds, start=1):
            if grounds.own and asked.held_s.keys().isdisjoint(grounds.own):
                return f"step {number} finds nothing that the question needs"
            findings.update(grounds.own)
        return None if asked.found_by(findings) else "no step finds one of the hops of the question"

    def identity(self, case: Case) -> str | None:
        """Object nodes that are one thing are joined by reference edges of the evidence."""
        thing_of, elements = self._facts.thing_of, self._elements
        recurring = self._recurring & case.known
        if len({thing_of[node] for node in recurring}) == len(recurring):  # mostly
            return None
        groups: dict[int, set[str]] = defaultdict(set)
        for id_ in case.named:
            if id_ not in elements.references:
                for node in elements.nodes[id_]:
                    groups[thing_of[node]].add(node)
        joins = [elements.references[id_] for id_ in case.named if id_ in elements.references]
        apart = [pair for same in groups.values() for pair in _apart(same, joins)]
        if not apart:
            return None
        first, second = min(apart)
        return f"no evidence says that {first!r} and {second!r} are the same thing"

    def times(self, case: Case) -> str | None:
        """Every step says when its evidence holds, and `span_s` is the smallest span with all evidence."""
        held_s = list[TimeSpan]()
        for number, (step, grounds) in enumerate(zip(case.sample.steps, case.grounds, strict=True), start=1):
            wrong = _wrong_times(step, grounds)
            if wrong:
                return f"step {number}: {wrong}"
            held_s += step.spans_s
            if grounds.fixing:
                held_s += _fixed_s(step.evidence, grounds)
        given, start_s, end_s = case.sample.span_s, min(held_s).start_s, max([end_s for _, end_s in held_s])
        if _differ(given.start_s, start_s) or _differ(given.end_s, end_s):
            return f"span_s is not {[start_s, end_s]}, the smallest span that holds all evidence"
        return None

    def confidence(self, case: Case) -> float:
        """Product of the confidences of a sample's evidence."""
        return math.prod([self._elements.confidence[id_] for id_ in case.named])


def _fixed_s(evidence: tuple[str, ...], grounds: Grounds) -> list[TimeSpan]:
    """When the evidence holds that only fixes a time."""
    return [span for id_ in evidence if id_ in grounds.fixing for span in grounds.held_s[id_]]


def _wrong_times(step: ReasoningStep, grounds: Grounds) -> str | None:
    """What is wrong with when a step says its evidence holds; what did more than fix a time must meet it."""
    spans_s = step.spans_s
    wrong = _wrong_spans(spans_s)
    if wrong:
        return wrong
    asking_s, is_all_held = list[TimeSpan](), False
    for id_ in step.evidence:
        held_s = grounds.held_s.get(id_)
        if held_s == spans_s and id_ not in grounds.fixing:  # mostly that is so of one fact
            is_all_held = True
        elif held_s is not None and id_ not in grounds.fixing:
            if not _meet(held_s, spans_s):
                return f"{id_!r} does not hold in its spans"
            asking_s += held_s
    if is_all_held:
        return None
    possible = [*grounds.searched_s(), *_fixed_s(step.evidence, grounds), *asking_s]
    for span in spans_s:
        if not _is_within(span, possible):
            return f"no evidence holds in all of {list(span)}"
    return None


def _wrong_spans(spans_s: Spans) -> str | None:
    reached_s = -math.inf
    for start_s, end_s in spans_s:
        if not end_s > start_s:
            return "it does not say when its evidence holds"
        if not start_s >= reached_s:
            return "its spans are not in order and apart"
        reached_s = end_s
    return None if spans_s else "it does not say when its evidence holds"


def _apart(nodes: set[str], joins: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first of the nodes with each one that the joins do not connect to it."""
    first, *rest = sorted(nodes)
    reached = {first}
    for _ in joins:
        for join in joins:
            if not reached.isdisjoint(join):
                reached.update(join)
    return [(first, node) for node in rest if node not in reached]


def _meet(some: Spans, others: Spans) -> bool:
    for start_s, end_s in some:
        for other_start_s, other_end_s in others:
            if start_s < other_end_s and other_start_s < end_s:
                return True
    return False


def _is_within(span: TimeSpan, pieces: list[TimeSpan]) -> bool:
    """Whether the pieces, joined, hold all of the span; most often one piece does alone."""
    return _one_holds(pieces, span) or _one_holds(join_spans(pieces), span)


def _one_holds(pieces: Iterable[TimeSpan], span: TimeSpan) -> bool:
    first_s, last_s = span.start_s + SLACK_S, span.end_s - SLACK_S
    for start_s, end_s in pieces:  # noqa: SIM110 - asked of every span of every step
        if start_s <= first_s and end_s >= last_s:
            return True
    return False


def _differ(first_s: float, second_s: float) -> bool:
    return not abs(first_s - second_s) <= SLACK_S
