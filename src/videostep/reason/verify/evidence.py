"""Whether the evidence of a sample's steps carries its answer (docs/program.md, "Evidence")."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Facts
from videostep.reason.verify.grounds import Element, Grounds, elements_of
from videostep.reason.verify.proof import Prover
from videostep.sample import ReasoningStep, Sample
from videostep.video import TimeSpan, join_spans

SLACK_S = 1e-4
"""Times in files are rounded to this, seconds; ends that differ by less are the same."""


class _Told(NamedTuple):
    """What a step is worth by itself, whatever the other steps say."""

    grounds: Grounds
    named: frozenset[str] = frozenset()
    """Its evidence, and the object nodes that this hangs on."""
    wrong_ids: str | None = None
    """What is wrong with its evidence, or None; if something is, nothing else is looked for."""
    wrong_times: str | None = None
    """What is wrong with its spans, or None."""
    fixing_s: tuple[TimeSpan, ...] = ()
    """The times of what only fixes its time context."""


class EvidenceChecks:
    """The checks of one graph's samples that ask what a sample names as evidence.

    Samples of one graph share many steps: what was found about one is kept.
    """

    def __init__(self, graph: VideoGraph, executor: Executor) -> None:
        self._elements = elements_of(graph)
        self._executor = executor
        self._prover = Prover(executor)
        self._facts: Facts = executor.facts
        self._grounds: dict[str, Grounds] = {}
        self._known: dict[tuple[str, tuple[str, ...], tuple[TimeSpan, ...]], _Told] = {}
        self._parts_s: dict[tuple[str, TimeSpan], list[TimeSpan]] = {}
        """For a fact and a context the parts of its spans that lie in there."""
        self._last: tuple[Sample | None, list[_Told]] = (None, [])

    def grounds(self, program: str) -> Grounds:
        """What an executable program's answer rests on; worked out once."""
        found = self._grounds.get(program)
        if found is None:
            sides = self._prover.sides(self._executor.parse(program), self._facts.whole_s)
            found = self._grounds[program] = Grounds(sides)
        return found

    def _told(self, sample: Sample) -> list[_Told]:
        """What its steps are worth; several checks of one sample, one after the other, ask for it."""
        if self._last[0] is not sample:
            self._last = sample, [self._worth(step) for step in sample.steps]
        return self._last[1]

    def _worth(self, step: ReasoningStep) -> _Told:
        key = (step.program, step.evidence, step.spans_s)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._looked_through(step, self.grounds(step.program))
        return found

    def _looked_through(self, step: ReasoningStep, grounds: Grounds) -> _Told:
        elements, evidence = self._elements, step.evidence
        if len(set(evidence)) != len(evidence):
            return _Told(grounds, wrong_ids="it names the same evidence twice")
        unknown = [id_ for id_ in evidence if id_ not in elements]
        if unknown:
            return _Told(grounds, wrong_ids=f"the graph has no node or edge {unknown[0]!r}")
        asking, fixing_s = list[tuple[str, list[TimeSpan]]](), list[TimeSpan]()
        for id_ in evidence:
            contexts_s, asks = grounds.contexts_of(id_)
            if asks:
                asking.append((id_, self._held(id_, contexts_s)))
            elif contexts_s:
                fixing_s += self._held(id_, contexts_s)
            elif not self._joins(id_, step):
                return _Told(grounds, wrong_ids=f"its answer does not rest on {id_!r}")
        named = frozenset(evidence).union(*[elements[id_].nodes for id_ in evidence])
        wrong = _wrong_times(step.spans_s, asking, grounds.searched_s + fixing_s)
        return _Told(grounds, named, None, wrong, tuple(fixing_s))

    def _held(self, id_: str, contexts_s: list[TimeSpan]) -> list[TimeSpan]:
        """When a fact held in the contexts."""
        found = list[TimeSpan]()
        for context_s in contexts_s:
            parts = self._parts_s.get((id_, context_s))
            if parts is None:
                clipped = (span.overlap(context_s) for span in self._elements[id_].spans_s)
                parts = self._parts_s[id_, context_s] = [part for part in clipped if part]
            found += parts
        return found

    def evidence(self, sample: Sample) -> str | None:
        """Every step names what it rests on, only that, and nothing that is not in the graph."""
        known, told = set[str](), self._told(sample)
        for number, (grounds, named, wrong, _, _) in enumerate(told, start=1):
            if wrong:
                return f"step {number}: {wrong}"
            known |= named
            if grounds.own and grounds.own.isdisjoint(named):
                return f"step {number}: its evidence does not show what the step finds"
            if not grounds.carried_by(known, last=number == len(told)):
                return f"step {number}: the evidence so far does not carry its answer"
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
        asked, findings = self.grounds(sample.program), set[str]()
        for number, step in enumerate(self._told(sample), start=1):
            own = step.grounds.own
            if own and not asked.share(own):
                return f"step {number} finds nothing that the question needs"
            findings |= own
        return None if asked.found_by(findings) else "no step finds one of the hops of the question"

    def identity(self, sample: Sample) -> str | None:
        """Object nodes that are one thing are joined by reference edges of the evidence."""
        elements = self._named(sample)
        nodes = {node for element in elements if not element.is_reference for node in element.nodes}
        groups: dict[int, set[str]] = defaultdict(set)
        for node in nodes:
            groups[self._facts.thing_of[node]].add(node)
        if len(groups) == len(nodes):  # mostly: each thing is seen in one clip
            return None
        joins = [element.nodes for element in elements if element.is_reference]
        apart = [pair for same in groups.values() for pair in _apart(same, joins)]
        if not apart:
            return None
        first, second = min(apart)
        return f"no evidence says that {first!r} and {second!r} are the same thing"

    def _named(self, sample: Sample) -> list[Element]:
        """The evidence of a sample, each element once."""
        named = dict.fromkeys([id_ for step in sample.steps for id_ in step.evidence])
        return [self._elements[id_] for id_ in named]

    def times(self, sample: Sample) -> str | None:
        """Every step says when its evidence holds, and `span_s` is the smallest span with all evidence."""
        told = self._told(sample)
        for number, step in enumerate(told, start=1):
            if step.wrong_times:
                return f"step {number}: {step.wrong_times}"
        spans_s = [span for step in sample.steps for span in step.spans_s]
        smallest = _smallest([*spans_s, *(span for step in told for span in step.fixing_s)])
        if _differ(sample.span_s.start_s, smallest.start_s) or _differ(sample.span_s.end_s, smallest.end_s):
            return f"span_s is not {list(smallest)}, the smallest span that holds all evidence"
        return None

    def confidence(self, sample: Sample) -> float:
        """Product of the confidences of a sample's evidence."""
        return math.prod([element.confidence for element in self._named(sample)])


def _wrong_times(
    spans_s: tuple[TimeSpan, ...], asking: list[tuple[str, list[TimeSpan]]], others_s: list[TimeSpan]
) -> str | None:
    """What is wrong with when a step says its evidence holds.

    Args:
        spans_s: What it says.
        asking: Evidence that did more than fix a time, and when it held: each must meet the spans.
        others_s: What the spans may hold besides.
    """
    if not spans_s or any([not end_s > start_s for start_s, end_s in spans_s]):
        return "it does not say when its evidence holds"
    if len(spans_s) > 1 and any(not later.start_s >= span.end_s for span, later in pairwise(spans_s)):
        return "its spans are not in order and apart"
    for id_, times_s in asking:
        if not _meet(times_s, spans_s):
            return f"{id_!r} does not hold in its spans"
    possible = others_s + [span for _, times_s in asking for span in times_s]
    for span in spans_s:
        if span not in possible and not _is_within(span, possible):
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
    return TimeSpan(min([start_s for start_s, _ in spans_s]), max([end_s for _, end_s in spans_s]))


def _meet(some: Iterable[TimeSpan], others: tuple[TimeSpan, ...]) -> bool:
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
