"""Whether the evidence of a sample's steps carries its answer (docs/program.md, "Evidence")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Facts, Spans
from videostep.reason.verify.grounds import Element, Grounds, elements_of
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

    __slots__ = ("asked", "call", "known", "named", "sample", "told")

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    call: Call
    """Its program."""
    told: list[Told]
    """What its steps are worth."""
    asked: Grounds
    """What its answer rests on."""
    named: list[Element]
    """Its evidence, each element once."""
    known: set[str]
    """Ids of its evidence, and of the object nodes that this hangs on."""


class EvidenceChecks:
    """The checks of one graph's samples that ask what a sample names as evidence.

    Samples of one graph share many steps: what was found about one is kept.
    """

    def __init__(self, graph: VideoGraph, executor: Executor) -> None:
        self._elements = elements_of(graph)
        self._executor = executor
        self._prover = Prover(executor)
        self._facts: Facts = executor.facts
        several = (thing.nodes for thing in self._facts.things if len(thing.nodes) > 1)
        self._recurring = frozenset(node.id for nodes in several for node in nodes)
        """Object nodes of things that are seen in several clips."""
        self._grounds: dict[str, Grounds] = {}
        self._known: dict[tuple[str, tuple[str, ...], tuple[TimeSpan, ...]], Told] = {}

    @property
    def ids(self) -> Iterable[str]:
        """Ids of all that may stand as evidence."""
        return self._elements

    def _grounds_of(self, program: str) -> Grounds:
        """What an executable program's answer rests on; worked out once."""
        found = self._grounds.get(program)
        if found is None:
            sides = self._prover.sides(self._executor.parse(program), self._executor.whole)
            found = self._grounds[program] = Grounds(sides)
        return found

    def _worth(self, step: ReasoningStep) -> Told:
        key = (step.program, step.evidence, step.spans_s)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._looked_through(step, self._grounds_of(step.program))
        return found

    def _looked_through(self, step: ReasoningStep, grounds: Grounds) -> Told:
        named = set(step.evidence)
        if len(named) != len(step.evidence):
            return Told(grounds, wrong_ids="it names the same evidence twice")
        asking_s, fixing_s = dict[str, Spans](), Spans()
        for id_ in step.evidence:
            element = self._elements.get(id_)
            if element is None:
                return Told(grounds, wrong_ids=f"the graph has no node or edge {id_!r}")
            named.update(element.nodes)
            held_s = grounds.held_s.get(id_)
            if held_s is None:
                if not (element.is_reference and self._joins(element, step)):
                    return Told(grounds, wrong_ids=f"its answer does not rest on {id_!r}")
            elif id_ in grounds.fixing:
                fixing_s += held_s
            else:
                asking_s[id_] = held_s
        wrong = _wrong_times(step.spans_s, asking_s, [*grounds.searched_s, *fixing_s])
        if wrong:
            return Told(grounds, named, wrong_times=wrong)
        return Told(grounds, named, smallest_s=_smallest([*step.spans_s, *fixing_s]))

    def evidence(self, case: Case) -> str | None:
        """Every step names what it rests on, only that, and nothing that is not in the graph."""
        steps = case.sample.steps
        told = case.told = [self._worth(step) for step in steps]
        case.asked = told[-1].grounds
        known = case.known = set()
        for number, (grounds, named, wrong, _, _) in enumerate(told, start=1):
            if wrong:
                return f"step {number}: {wrong}"
            known |= named
            if grounds.own and grounds.own.isdisjoint(named):
                return f"step {number}: its evidence does not show what the step finds"
            if not grounds.carried_by(known, last=number == len(told)):
                return f"step {number}: the evidence so far does not carry its answer"
        ids = steps[0].evidence if len(steps) == 1 else dict.fromkeys([i for s in steps for i in s.evidence])
        case.named = [self._elements[id_] for id_ in ids]
        return None

    def _joins(self, reference: Element, step: ReasoningStep) -> bool:
        """Whether a reference edge is about a thing that the step's other evidence is about."""
        thing_of = self._facts.thing_of
        others = (self._elements[other] for other in step.evidence if other in self._elements)
        nodes = (node for element in others if not element.is_reference for node in element.nodes)
        return thing_of[reference.nodes[0]] in {thing_of[node] for node in nodes}

    def steps(self, case: Case) -> str | None:
        """Every hop of the program is the finding of a step; no step finds what the program does not need."""
        findings, asked = set[str](), case.asked.held_s
        for number, told in enumerate(case.told, start=1):
            own = told.grounds.own
            if own and own.isdisjoint(asked):
                return f"step {number} finds nothing that the question needs"
            findings |= own
        return None if case.asked.found_by(findings) else "no step finds one of the hops of the question"

    def identity(self, case: Case) -> str | None:
        """Object nodes that are one thing are joined by reference edges of the evidence."""
        if self._recurring.isdisjoint(case.known):  # mostly
            return None
        nodes = {node for element in case.named if not element.is_reference for node in element.nodes}
        groups: dict[int, set[str]] = defaultdict(set)
        for node in nodes & self._recurring:
            groups[self._facts.thing_of[node]].add(node)
        joins = [element.nodes for element in case.named if element.is_reference]
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
        return math.prod([element.confidence for element in case.named])


def _wrong_times(spans_s: Spans, asking_s: dict[str, Spans], others_s: list[TimeSpan]) -> str | None:
    """What is wrong with when a step says its evidence holds.

    Args:
        spans_s: What it says.
        asking_s: Evidence that did more than fix a time, and when it held: each must meet the spans.
        others_s: What the spans may hold besides.
    """
    if not spans_s or any([not end_s > start_s for start_s, end_s in spans_s]):
        return "it does not say when its evidence holds"
    if len(spans_s) > 1 and any(not later.start_s >= span.end_s for span, later in pairwise(spans_s)):
        return "its spans are not in order and apart"
    is_all_held = False
    for id_, held_s in asking_s.items():
        if held_s == spans_s:  # mostly that is so of one fact
            is_all_held = True
        elif not _meet(held_s, spans_s):
            return f"{id_!r} does not hold in its spans"
    if is_all_held:
        return None
    possible = others_s + [span for held_s in asking_s.values() for span in held_s]
    for span in spans_s:
        if not _is_within(span, possible):
            return f"no evidence holds in all of {list(span)}"
    return None


def _apart(nodes: set[str], joins: list[tuple[str, ...]]) -> list[tuple[str, str]]:
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
    if len(spans_s) == 1:  # mostly
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
