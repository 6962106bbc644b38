"""Whether the evidence of a sample's steps carries its answer (docs/program.md, "Evidence")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import chain
from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Facts, Spans
from videostep.reason.verify.grounds import Elements, Grounds
from videostep.reason.verify.language import Call
from videostep.reason.verify.proof import Prover
from videostep.sample import ReasoningStep, Sample
from videostep.video import TimeSpan, join_spans

SLACK_S = 1e-4
"""Times in files are rounded to this, seconds; ends that differ by less are the same."""


class Told(NamedTuple):
    """What a step is worth by itself, whatever the other steps say."""

    grounds: Grounds
    named: frozenset[str] | set[str] = frozenset()
    """Its evidence, and the object nodes that this hangs on."""
    wrong_ids: str | None = None
    """What is wrong with its evidence, or None; if something is, nothing else is looked for."""
    wrong_times: str | None = None
    """What is wrong with its spans, or None."""
    smallest_s: TimeSpan = TimeSpan(0.0, 0.0)
    """The smallest span that holds its spans and the times of what only fixes its time context."""


class Case:
    """A sample with what its checks find out for one another."""

    __slots__ = ("asked", "call", "calls", "known", "named", "sample", "told")

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    call: Call
    """Its program."""
    calls: list[Call]
    """The programs of its steps."""
    told: list[Told]
    """What its steps are worth."""
    asked: Grounds
    """What its answer rests on."""
    named: Collection[str]
    """Its evidence, each element once."""
    known: set[str]
    """Ids of its evidence, and of the object nodes that this hangs on."""


class EvidenceChecks:
    """The checks of one graph's samples that ask what a sample names as evidence.

    Samples of one graph share steps: what was found about one is kept.
    """

    def __init__(self, graph: VideoGraph, executor: Executor) -> None:
        self._elements = Elements(graph)
        self._executor = executor
        self._prover = Prover(executor)
        self._facts: Facts = executor.facts
        several = (thing.nodes for thing in self._facts.things if len(thing.nodes) > 1)
        self._recurring = frozenset(node.id for nodes in several for node in nodes)
        """Object nodes of things that are seen in several clips."""
        self._known: dict[tuple[str, tuple[str, ...], Spans], Told] = {}

    @property
    def ids(self) -> Iterable[str]:
        """Ids of all that may stand as evidence."""
        return self._elements.nodes

    def _worth(self, step: ReasoningStep, call: Call) -> Told:
        key = (step.program, step.evidence, step.spans_s)
        found = self._known.get(key)
        if found is None:
            sides = self._prover.sides(call, self._executor.whole)
            grounds = Grounds(sides, has_times="at(" in call.text)
            found = self._known[key] = self._looked_through(step, grounds)
        return found

    def _looked_through(self, step: ReasoningStep, grounds: Grounds) -> Told:
        evidence, nodes = step.evidence, self._elements.nodes
        named = set(evidence)
        wrong_ids = self._wrong_ids(evidence, named, grounds)
        if wrong_ids:
            return Told(grounds, wrong_ids=wrong_ids)
        named.update(*[nodes[id_] for id_ in evidence])
        wrong_times = _wrong_times(step, grounds)
        if wrong_times:
            return Told(grounds, named, None, wrong_times)
        smallest_s = TimeSpan(step.spans_s[0].start_s, step.spans_s[-1].end_s)
        if grounds.fixing:
            smallest_s = _smallest([smallest_s, *_fixed_s(evidence, grounds)])
        return Told(grounds, named, None, None, smallest_s)

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
        steps = case.sample.steps
        told = case.told = list(map(self._worth, steps, case.calls))
        case.asked = told[-1].grounds
        known = case.known = set()
        for number, (grounds, named, wrong, _, _) in enumerate(told, start=1):
            if wrong:
                return f"step {number}: {wrong}"
            known |= named
            if grounds.own and named.isdisjoint(grounds.own):
                return f"step {number}: its evidence does not show what the step finds"
            if not grounds.carried_by(known, last=number == len(told)):
                return f"step {number}: the evidence so far does not carry its answer"
        ids = [step.evidence for step in steps]
        case.named = ids[0] if len(ids) == 1 else dict.fromkeys(chain.from_iterable(ids))
        return None

    def steps(self, case: Case) -> str | None:
        """Every hop of the program is the finding of a step; no step finds what the program does not need."""
        findings, asked = set[str](), case.asked.held_s.keys()
        for number, told in enumerate(case.told, start=1):
            own = told.grounds.own
            if own and asked.isdisjoint(own):
                return f"step {number} finds nothing that the question needs"
            findings.update(own)
        return None if case.asked.found_by(findings) else "no step finds one of the hops of the question"

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
        for number, told in enumerate(case.told, start=1):
            if told.wrong_times:
                return f"step {number}: {told.wrong_times}"
        smallest, given = _smallest([told.smallest_s for told in case.told]), case.sample.span_s
        if _differ(given.start_s, smallest.start_s) or _differ(given.end_s, smallest.end_s):
            return f"span_s is not {list(smallest)}, the smallest span that holds all evidence"
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


def _smallest(spans_s: list[TimeSpan]) -> TimeSpan:
    """The smallest span that holds all of at least one span."""
    if len(spans_s) == 1:
        return spans_s[0]
    return TimeSpan(min([start_s for start_s, _ in spans_s]), max([end_s for _, end_s in spans_s]))


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
