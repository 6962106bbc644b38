"""What a program's answer rests on: its proofs, ready to be compared with what a sample names."""

from __future__ import annotations

from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.facts import Spans
from videostep.reason.verify.proof import Lookup, Proof, Side


class Element(NamedTuple):
    """A node or edge of the graph as evidence."""

    confidence: float
    nodes: tuple[str, ...]
    """Object nodes it hangs on; an object node hangs on itself."""
    is_reference: bool = False
    """It holds at any time."""


def elements_of(graph: VideoGraph) -> dict[str, Element]:
    """Everything of a graph that may stand as evidence, by id."""
    found = {node.id: Element(node.confidence, (node.id,)) for node in graph.objects}
    found.update((n.id, Element(n.confidence, (n.object,))) for n in graph.attributes)
    found.update((e.id, Element(e.confidence, (e.subject, e.object))) for e in graph.relations)
    found.update((m.id, Element(m.confidence, (m.object,))) for m in graph.motions)
    found.update((e.id, Element(e.confidence, ())) for e in (c.event for c in graph.clips))
    found.update((r.id, Element(r.confidence, r.objects, True)) for r in graph.references)
    return found


class Grounds:
    """What the answer of one program rests on."""

    __slots__ = ("fixing", "held_s", "own", "searched_s", "sides")

    def __init__(self, sides: tuple[Side, ...]) -> None:
        self.sides = sides
        self.own = _own(sides)
        """Facts of the outermost hop."""
        lookups = _all_lookups(sides)
        self.searched_s = [lookup.context.span_s for lookup in lookups if not lookup.held_s]
        """Contexts in which nothing else was found."""
        self.held_s = _held(lookups)
        """By id the facts that answered look-ups, and when they held in the contexts of these."""
        self.fixing = {id_ for lookup in lookups if lookup.fixes_time for id_ in lookup.held_s}
        """Those that only fixed a time."""
        if self.fixing:
            self.fixing.difference_update(*(lookup.held_s for lookup in lookups if not lookup.fixes_time))

    def carried_by(self, known: set[str], *, last: bool) -> bool:
        """Whether what is known answers every look-up; those that fix a time only at the `last` step."""
        for side in self.sides:
            for proof in side:
                if _is_answered(proof, known, last=last):
                    break
            else:
                return False
        return True

    def found_by(self, findings: set[str]) -> bool:
        """Whether every hop that counts as a step is among what steps found."""
        for side in self.sides:
            for proof in side:
                if _is_found(proof, findings):
                    break
            else:
                return False
        return True


def _all_lookups(sides: tuple[Side, ...]) -> Proof:
    if len(sides) == 1 and len(sides[0]) == 1:  # mostly
        return sides[0][0]
    return tuple(step for side in sides for proof in side for step in proof)


def _held(lookups: Proof) -> dict[str, Spans]:
    held_s = dict[str, Spans]()
    context = lookups[-1].context
    elsewhere = [lookup for lookup in lookups if lookup.context is not context]
    for lookup in lookups:
        if lookup.context is context:  # there a fact holds as it does for every other look-up
            held_s.update(lookup.held_s)
    for lookup in elsewhere:
        for id_, spans_s in lookup.held_s.items():
            held_s[id_] = held_s.get(id_, ()) + spans_s
    return held_s


def _is_answered(proof: Proof, known: set[str], *, last: bool) -> bool:
    for _, held_s, _, fixes_time, _ in proof:
        if held_s and known.isdisjoint(held_s) and (last or not fixes_time):
            return False
    return True


def _is_found(proof: Proof, findings: set[str]) -> bool:
    for step in proof:
        if not step.is_rival and findings.isdisjoint(step.held_s) and step.is_step:
            return False
    return True


def _own(sides: tuple[Side, ...]) -> set[str]:
    """Facts of the outermost hop of any proof of the last side that has one."""
    for side in reversed(sides):
        found = set[str]().union(*map(_outermost, side))
        if found:
            return found
    return set()


def _outermost(proof: Proof) -> set[str]:
    """Facts of the last hop; all of them where it was taken for several things."""
    last: Lookup | None = None
    found = set[str]()
    for step in reversed(proof):
        if not step.held_s or step.is_rival:
            continue
        if last is None:
            last = step
        if step.call is last.call and step.context is last.context:
            found.update(step.held_s)
    return found
