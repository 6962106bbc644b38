"""Hops: the ways in which one edge of the graph tells a thing from all others like it.

A hop replaces a bare label by a description through one edge of the thing: "the person" becomes
"the person in the red top" or "the person riding the bicycle". Every hop listed here narrows: without
it the expression would fit more than one thing, with it exactly one. "The one that sits down" also says
that no other does, so a motion or a relation narrows only where the parser looked for it everywhere
(the graph's coverage).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from videostep.reason.index import Fact, View
from videostep.reason.lasting import never_changes
from videostep.reason.program import call, text, things_called
from videostep.reason.spans import is_told_longer, takes_time
from videostep.reason.values import SAID, confusable, is_trait
from videostep.reason.words import is_verbal

PERSONS = frozenset({
    "adult", "baby", "boy", "chef", "child", "cook", "cyclist", "dancer", "driver", "girl", "kid", "lady",
    "man", "passenger", "pedestrian", "person", "player", "rider", "skier", "surfer", "toddler", "waiter",
    "woman", "worker",
})  # fmt: skip
"""Never called "the thing"."""

MOST_RANK = 3
"""Nobody counts further: "the fourth person to enter"."""
Relations = Iterable[tuple[str, str, int]]
"""Of a thing, each with its side of it (`subjects` or `objects`), its predicate and its other end."""
SUPERLATIVES = ("longest", "shortest")
RANKINGS = ("nth", *SUPERLATIVES)
TOLD_APART_S = 0.5
"""Beginnings that are nearer to each other have no order that a viewer could tell, seconds."""


@dataclass(kw_only=True, eq=False)
class Hop:
    """One narrowing step of a description; never changed, and not frozen, since that is dear to make."""

    operator: str
    """`with`, `does`, `subjects`, `objects`, `nth`, `longest` or `shortest`."""
    name: str
    """Attribute name, or predicate."""
    value: str = ""
    """Attribute value; empty otherwise."""
    rank: int = 0
    """For `nth`: 1 is the first to do it, 2 the second, -1 the last."""
    neighbour: int = -1
    """The thing at the other end of a relation, else -1."""
    kind: str = ""
    """Label of the other end where any thing of it will do: "the person riding a bicycle"."""
    labelled: bool = True
    """Whether the label is said too; else the base is `things()`."""
    is_negated: bool = False
    """Whether it tells by what the thing alone does not do, or has not."""
    is_open: bool = False
    """Whether the relation alone tells the thing from all others, so that one may ask "what is it?"."""
    facts: tuple[Fact, ...]

    @cached_property
    def fact_ids(self) -> frozenset[str]:
        """Ids of the facts that it looks up."""
        return frozenset([fact.id for fact in self.facts])

    @property
    def is_lasting(self) -> bool:
        """Whether it describes by what a viewer expects not to change; what is never so does not."""
        return self.is_negated or (self.operator == "with" and is_trait(self.name))

    @property
    def is_ranking(self) -> bool:
        """Whether it tells a thing from others that do the same."""
        return self.operator in RANKINGS

    @cached_property
    def takes_it_in(self) -> bool:
        """Whether the other end of a relation stands before its verb: `that the man is pointing to`."""
        return self.operator == "objects" and is_verbal(self.name) == (" " in self.name)

    @property
    def is_clause(self) -> bool:
        """Whether it reads as a clause with a verb of its own: "who enters", "that is lying down"."""
        return self.is_negated or self.operator in ("does", *SUPERLATIVES) or self.value in SAID

    def program(self, label: str, end: str) -> str:
        """The thing that this hop leaves, as text.

        Args:
            label: Its label; empty where that is not said.
            end: The thing at the other end of a relation, as text.
        """
        if self.operator == "nth":
            return call("nth", things_called(label), text(self.name), self.rank)
        if self.operator in SUPERLATIVES:
            return call(self.operator, things_called(label), text(self.name))
        return call("unique", self.members(label, end))

    def members(self, label: str, end: str) -> str:
        """The set that it leaves, as text, where it does not rank: the thing is its only member."""
        base = things_called(label)
        filtered = self._filtered(base, end)
        return call("except", base, filtered) if self.is_negated else filtered

    def _filtered(self, base: str, end: str) -> str:
        if self.operator == "with":
            return call("with", base, text(self.name), text(self.value))
        if self.operator == "does":
            return call("does", base, text(self.name))
        return call(self.operator, base, text(self.name), things_called(self.kind) if self.kind else end)


class HopFinder:
    """Every narrowing hop of the things of one view; found when first asked for."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._hops: dict[int, tuple[Hop, ...]] = {}
        self._rankings: dict[tuple[str, str], dict[int, list[Hop]]] = {}
        self._related: dict[tuple[str, str, str], set[int]] = {}

    def hops(self, thing: int) -> tuple[Hop, ...]:
        """Every hop that by itself makes `thing` the only one that fits."""
        found = self._hops.get(thing)
        if found is None:
            found = tuple(self._find(thing))
            if self.view.index.comparisons:
                telling = tuple(hop for hop in found if hop.name not in self.view.index.comparisons)
                found = telling or found  # "the dog smaller than the horse" only where nothing else tells
            self._hops[thing] = found
        return found

    def _find(self, thing: int) -> Iterator[Hop]:
        view, label = self.view, self.view.label(thing)
        if view.bare_is_unique(thing):
            if label not in PERSONS:
                yield from self._relation_hops(thing, self._relations(thing), labelled=False)
            return
        relations = self._relations(thing)
        rivals = view.rivals[label]
        yield from self._terminal_hops(thing, label, rivals)
        yield from self._relation_hops(thing, relations, labelled=True)
        yield from self._kind_hops(thing, relations, rivals)
        if label not in view.doubted:
            yield from self._lacking_hops(thing, label, rivals)
        for name in view.motions.get(thing, {}):
            is_shared = len(view.having["motion", name, ""]) > 1
            if is_shared and name in view.covered_motions and label not in view.doubted:
                yield from self._compared(label, name).get(thing, ())

    def _terminal_hops(self, thing: int, label: str, rivals: frozenset[int]) -> Iterator[Hop]:
        """Attributes and motions that no rival shares or might share."""
        view = self.view
        for name, values in view.attributes.get(thing, {}).items():
            for value, facts in values.items():
                sharing = view.having["attribute", name, value]
                if _is_only(sharing, rivals) and view.all_know(label, name):
                    yield Hop(operator="with", name=name, value=value, facts=tuple(facts))
        for name, facts in view.motions.get(thing, {}).items():
            if name in view.covered_motions and _is_only(view.having["motion", name, ""], rivals):
                yield Hop(operator="does", name=name, facts=tuple(facts))

    def _lacking_hops(self, thing: int, label: str, rivals: frozenset[int]) -> Iterator[Hop]:
        """Motions of all rivals, and values that all of them have, but this one."""
        view, others = self.view, rivals - {thing}
        if not others or not _is_seen_beside(view, thing, others):
            return
        other = min(others)
        for name in view.motions.get(other, ()):
            doing = view.having["motion", name, ""]
            is_like = any(confusable(name, own) for own in view.motions.get(thing, ()))
            if name in view.covered_motions and doing & rivals == others and not is_like:
                done = tuple([fact for each in sorted(others) for fact in view.motions[each][name]])
                yield Hop(operator="does", name=name, is_negated=True, facts=done)
        for name, values in view.attributes.get(other, {}).items():
            for value in values if view.all_know(label, name) else ():
                own = view.values(thing, name)
                is_like = any(confusable(value, each) for each in own)
                if view.having["attribute", name, value] & rivals != others or is_like:
                    continue
                if _is_told_by_lacking(view, thing, name, others):
                    facts = [fact for each in sorted(others) for fact in view.values(each, name)[value]]
                    facts += [fact for found in own.values() for fact in found]
                    yield Hop(operator="with", name=name, value=value, is_negated=True, facts=tuple(facts))

    def _relation_hops(self, thing: int, relations: Relations, *, labelled: bool) -> Iterator[Hop]:
        """Relations to one other thing."""
        view = self.view
        rivals = view.rivals[view.label(thing)] if labelled else None
        for operator, name, other in relations:
            ends = view.subjects if operator == "subjects" else view.objects
            fitting = ends[name, other]
            if not _is_only(fitting, rivals):
                continue
            pair = (thing, other) if operator == "subjects" else (other, thing)
            yield Hop(
                operator=operator,
                name=name,
                neighbour=other,
                labelled=labelled,
                is_open=len(fitting) == 1 and view.label(thing) not in PERSONS,
                facts=tuple(view.links[pair][name]),
            )

    def _relations(self, thing: int) -> Relations:
        """Relations of a thing of a kind that the parser looked for everywhere, from its side; each once."""
        found: dict[tuple[str, str, int], None] = {}
        for fact in self.view.relations.get(thing, ()):
            if fact.name in self.view.covered_relations and fact.thing != fact.other:
                is_subject = fact.thing == thing
                side, other = ("subjects", fact.other) if is_subject else ("objects", fact.thing)
                found[side, fact.name, other] = None
        return found

    def _kind_hops(self, thing: int, relations: Relations, rivals: frozenset[int]) -> Iterator[Hop]:
        """Relations to any thing of a kind, where the bare kind would not name one thing."""
        ends: dict[tuple[str, str, str], list[int]] = {}
        own = self.view.label(thing)
        for operator, name, other in relations:
            # "The dog next to another dog" would fit either.
            if not self.view.bare_is_unique(other) and self.view.label(other) != own:
                ends.setdefault((operator, name, self.view.label(other)), []).append(other)
        for (operator, name, kind), others in ends.items():
            if kind in self.view.doubted:
                continue  # whoever else is next to what may be a dog is "next to a dog", too
            if self.related(operator, name, kind) & rivals == {thing}:
                pairs = [(thing, other) if operator == "subjects" else (other, thing) for other in others]
                facts = tuple(fact for pair in pairs for fact in self.view.links[pair][name])
                yield Hop(operator=operator, name=name, kind=kind, facts=facts)

    def related(self, operator: str, name: str, kind: str) -> set[int]:
        """Things in a relation to some thing of a kind."""
        found = self._related.get((operator, name, kind))
        if found is None:
            ends = self.view.subjects if operator == "subjects" else self.view.objects
            sets = [ends.get((name, other), ()) for other in self.view.labelled[kind]]
            found = self._related[operator, name, kind] = set[int]().union(*sets)
        return found

    def _compared(self, label: str, name: str) -> dict[int, list[Hop]]:
        found = self._rankings.get((label, name))
        if found is None:
            found = self._rankings[label, name] = compared_hops(self.view, label, name)
        return found

    def is_named(self, thing: int, hop: Hop) -> bool:
        """Whether a hop, taken from any context, fits `thing` alone in this one."""
        view, label = self.view, self.view.label(thing)
        rivals = view.rivals.get(label, frozenset()) if hop.labelled else frozenset(view.visible)
        if hop.is_negated:
            kind = "attribute" if hop.operator == "with" else "motion"
            lacking = rivals - view.having[kind, hop.name, hop.value]
            others = rivals - lacking
            if lacking != {thing} or not _is_seen_beside(view, thing, others):
                return False
            if hop.operator == "does":
                return True
            return view.all_know(label, hop.name) and _is_told_by_lacking(view, thing, hop.name, others)
        if hop.operator == "with":
            sharing = view.having["attribute", hop.name, hop.value]
            return view.all_know(label, hop.name) and sharing & rivals == {thing}
        if hop.operator == "does":
            return view.having["motion", hop.name, ""] & rivals == {thing}
        if hop.operator in ("nth", *SUPERLATIVES):
            found = self._compared(label, hop.name).get(thing, ())
            return any((hop.operator, hop.rank) == (other.operator, other.rank) for other in found)
        if hop.kind:
            return self.related(hop.operator, hop.name, hop.kind) & rivals == {thing}
        ends = view.subjects if hop.operator == "subjects" else view.objects
        return ends[hop.name, hop.neighbour] & rivals == {thing}


def compared_hops(view: View, label: str, name: str) -> dict[int, list[Hop]]:
    """Of several things of a label that do the same the first few, the last, the longest, the shortest."""
    rivals = view.rivals.get(label, frozenset())
    doers = view.having["motion", name, ""] & rivals
    found: dict[int, list[Hop]] = {}
    if len(doers) < 2:
        return found
    doing = {thing: view.motions[thing][name] for thing in sorted(doers)}
    firsts = {thing: min(facts, key=_start_s) for thing, facts in doing.items()}

    def add(operator: str, thing: int, rank: int = 0) -> None:
        facts = (*(fact for other, fact in firsts.items() if other != thing), firsts[thing])
        found.setdefault(thing, []).append(Hop(operator=operator, name=name, rank=rank, facts=facts))

    every_s = view.index.every_s_by_kind[True, True]
    apart_s = max(TOLD_APART_S, every_s)
    starts_s = {thing: _start_s(fact) for thing, fact in firsts.items()}
    by_start = sorted(starts_s, key=starts_s.__getitem__)
    for rank in _ranks_from_the_start(view, by_start, [starts_s[thing] for thing in by_start], apart_s):
        add("nth", by_start[rank - 1], rank)
    if any(len(facts) > 1 for facts in doing.values()):
        return found  # who does it last, or longest, is hard to say where some do it again
    if starts_s[by_start[-1]] >= starts_s[by_start[-2]] + apart_s:
        add("nth", by_start[-1], -1)
    if takes_time(name) and are_told_apart(view, list(doing)):
        lengths_s = {thing: fact.spans_s[0].duration_s for thing, fact in firsts.items()}
        shortest, next_shortest, *_ = by_length = sorted(lengths_s, key=lengths_s.__getitem__)
        if is_told_longer(lengths_s[by_length[-1]], lengths_s[by_length[-2]], every_s):
            add("longest", by_length[-1])
        if is_told_longer(lengths_s[next_shortest], lengths_s[shortest], every_s):
            add("shortest", shortest)
    return found


def _ranks_from_the_start(
    view: View, things: list[int], starts_s: list[float], apart_s: float
) -> Iterator[int]:
    """Which of the first few begin at a time of their own; those before them must be known to be others."""
    for rank in range(1, min(MOST_RANK, len(things) - 1) + 1):
        is_apart = starts_s[rank] - starts_s[rank - 1] >= apart_s
        if rank > 1:
            is_apart = is_apart and starts_s[rank - 1] - starts_s[rank - 2] >= apart_s
        if is_apart and (rank == 1 or are_told_apart(view, things[:rank])):
            yield rank


def _is_only(fitting: set[int], rivals: frozenset[int] | None) -> bool:
    """Whether a thing that fits, one of the rivals if there are any, is the only one."""
    return len(fitting) == 1 or (rivals is not None and len(fitting & rivals) == 1)


def _is_seen_beside(view: View, thing: int, others: Iterable[int]) -> bool:
    """Whether a thing is seen in a common clip with each of others: else it might be one of them."""
    things = view.index.things
    own = things[thing].clips
    return not any(own.isdisjoint(things[other].clips) for other in others)


def _is_told_by_lacking(view: View, thing: int, name: str, others: Iterable[int]) -> bool:
    """Whether at no time another thing lacks the value, too, nor the thing itself might have it."""
    return view.is_settled(thing, name) and all(never_changes(view, other, name) for other in others)


def _start_s(fact: Fact) -> float:
    return fact.spans_s[0].start_s


def are_told_apart(view: View, things: list[int]) -> bool:
    """Whether any two were seen in one clip: else they might be one thing that came back unnoticed."""
    clips = [view.index.things[thing].clips for thing in things]
    return all(not one.isdisjoint(other) for one, other in combinations(clips, 2))
