"""What a program's answer rests on: its proofs, ready to be compared with what a sample names."""

from __future__ import annotations

from collections.abc import Collection

from videostep.graph import VideoGraph
from videostep.reason.verify.facts import Spans
from videostep.reason.verify.language import FILTERS, HOPS, RANKS, SPANS
from videostep.reason.verify.proof import Lookup, Proof, Side
from videostep.video import TimeSpan

_ASK = HOPS - RANKS - FILTERS
"""Questions that look something up: their last look-up is their outermost hop, and a whole one."""


class Elements:
    """Everything of a graph that may stand as evidence: its nodes and edges, by id."""

    def __init__(self, graph: VideoGraph) -> None:
        events = [clip.event for clip in graph.clips]
        self.confidence: dict[str, float] = {}
        for kind in (
            graph.objects,
            graph.attributes,
            graph.relations,
            graph.motions,
            graph.references,
            events,
        ):
            self.confidence |= {element.id: element.confidence for element in kind}
        self.references = {edge.id: edge.objects for edge in graph.references}
        """The object nodes of those that hold at any time."""
        self.nodes: dict[str, tuple[str, ...]] = {node.id: (node.id,) for node in graph.objects}
        """Object nodes that each hangs on; an object node hangs on itself."""
        self.nodes |= {node.id: (node.object,) for node in graph.attributes}
        self.nodes |= {edge.id: (edge.subject, edge.object) for edge in graph.relations}
        self.nodes |= {motion.id: (motion.object,) for motion in graph.motions}
        self.nodes |= {event.id: () for event in events}
        self.nodes |= self.references


class Grounds:
    """What the answer of one program rests on."""

    __slots__ = ("fixing", "held_s", "lookups", "own", "sides")

    def __init__(self, sides: list[Side], *, has_times: bool) -> None:
        """`has_times`: the program may hold an `at`; without one there is one context."""
        self.sides = sides
        lookups = self.lookups = _all_lookups(sides)
        last = lookups[-1]
        self.own: Collection[str] = last.held_s if last.call.name in _ASK and last.held_s else _own(sides)
        """Facts of the outermost hop."""
        self.held_s = _held_in_several(lookups) if has_times else _held(lookups)
        """By id the facts that answered look-ups, and when they held in the contexts of these."""
        self.fixing: Collection[str] = _fixing(lookups) if has_times else ()
        """Those that only fixed a time."""

    def searched_s(self) -> list[TimeSpan]:
        """Contexts in which nothing else was found."""
        return [lookup.context.span_s for lookup in self.lookups if not lookup.held_s]

    def carried_by(self, known: set[str], *, last: bool) -> bool:
        """Whether what is known answers every look-up; those that fix a time only at the `last` step."""
        if known.issuperset(self.held_s):  # mostly
            return True
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


def _all_lookups(sides: list[Side]) -> Proof:
    if len(sides) == 1 and len(sides[0]) == 1:  # mostly
        return sides[0][0]
    return [step for side in sides for proof in side for step in proof]


def _held(lookups: Proof) -> dict[str, Spans]:
    found = dict[str, Spans]()
    for lookup in lookups:
        found |= lookup.held_s
    return found


def _held_in_several(lookups: Proof) -> dict[str, Spans]:
    """As `_held`, of look-ups in several contexts; in one of them a fact holds alike for all."""
    here = lookups[-1].context
    found, elsewhere = dict[str, Spans](), list[Lookup]()
    for lookup in lookups:
        if lookup.context is here:
            found |= lookup.held_s
        else:
            elsewhere.append(lookup)
    for lookup in elsewhere:
        for id_, spans_s in lookup.held_s.items():
            found[id_] = found.get(id_, ()) + spans_s
    return found


def _fixing(lookups: Proof) -> Collection[str]:
    found, asking = set[str](), set[str]()
    for lookup in lookups:
        (found if lookup.fixes_time else asking).update(lookup.held_s)
    return found - asking


def _is_answered(proof: Proof, known: set[str], *, last: bool) -> bool:
    for step in proof:
        if step.held_s and known.isdisjoint(step.held_s) and (last or not step.fixes_time):
            return False
    return True


def _is_found(proof: Proof, findings: set[str]) -> bool:
    """Whether each look-up that follows an edge counting as a step of reasoning is among the findings."""
    for step in proof:
        hop, is_search = step.call.name, not step.held_s
        is_free = hop not in HOPS or is_search or step.is_rival or (step.fixes_time and hop in SPANS)
        if not is_free and findings.isdisjoint(step.held_s):
            return False
    return True


def _own(sides: list[Side]) -> set[str]:
    """Facts of the outermost hop of any proof of the last side that has one."""
    found = set[str]()
    for side in reversed(sides):
        for proof in side:
            _add_outermost(proof, found)
        if found:
            break
    return found


def _add_outermost(proof: Proof, found: set[str]) -> None:
    """Facts of the last hop; all of them where it was taken for several things."""
    last: Lookup | None = None
    for step in reversed(proof):
        if not step.held_s or step.is_rival:
            continue
        if last is None:
            last = step
        if step.call is last.call and step.context is last.context:
            found.update(step.held_s)
