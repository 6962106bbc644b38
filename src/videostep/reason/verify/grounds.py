"""What a program's answer rests on: its proofs, ready to be compared with what a sample names."""

from __future__ import annotations

from typing import NamedTuple

from videostep.graph import VideoGraph
from videostep.reason.verify.proof import Lookup, Proof, Side
from videostep.video import TimeSpan


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
    """What the answer of one program rests on."""

    __slots__ = ("own", "places", "searched_s", "sides")

    def __init__(self, sides: tuple[Side, ...]) -> None:
        self.sides = sides
        self.own = _own(sides)
        """Facts of the outermost hop."""
        self.searched_s: list[TimeSpan] = []
        """Contexts in which nothing else was found."""
        self.places: dict[str, list[tuple[TimeSpan, bool]]] = {}
        """Facts that answered look-ups: in which contexts, and whether that only fixed a time."""
        for _, facts, within_s, fixes_time, _ in _all_lookups(sides):
            if not facts:
                self.searched_s.append(within_s)
            for id_ in facts:
                self.places.setdefault(id_, []).append((within_s, fixes_time))

    def times_of(self, id_: str, spans_s: tuple[TimeSpan, ...]) -> tuple[list[TimeSpan], bool]:
        """When a fact held in the contexts where it was looked up, and whether it did more than fix a time.

        Nowhere means that it was not looked up: only what holds in its context is found.
        """
        asks, contexts_s, held_s = False, list[TimeSpan](), list[TimeSpan]()
        for within_s, fixes_time in self.places.get(id_, ()):
            asks = asks or not fixes_time
            if within_s in contexts_s:
                continue
            contexts_s.append(within_s)
            start_s, end_s = within_s
            for span in spans_s:
                if start_s <= span[0] < span[1] <= end_s:  # mostly
                    held_s.append(span)
                elif part := span.overlap(within_s):
                    held_s.append(part)
        return held_s, asks

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


def _is_answered(proof: Proof, known: set[str], *, last: bool) -> bool:
    for _, facts, _, fixes_time, _ in proof:
        if facts and facts.isdisjoint(known) and (last or not fixes_time):
            return False
    return True


def _is_found(proof: Proof, findings: set[str]) -> bool:
    for step in proof:  # noqa: SIM110
        if step.facts.isdisjoint(findings) and step.is_step:
            return False
    return True


def _own(sides: tuple[Side, ...]) -> frozenset[str]:
    """Facts of the outermost hop of any proof of the last side that has one."""
    for side in reversed(sides):
        found = _outermost(side[0]) if len(side) == 1 else frozenset[str]().union(*map(_outermost, side))
        if found:
            return found
    return frozenset()


def _outermost(proof: Proof) -> frozenset[str]:
    """Facts of the last hop; all of them where it was taken for several things."""
    last: Lookup | None = None
    found = frozenset[str]()
    for step in reversed(proof):
        if not step.facts or step.is_rival:
            continue
        if last is None:
            last, found = step, step.facts
        elif step.call.text == last.call.text and step.within_s == last.within_s:
            found |= step.facts
    return found
