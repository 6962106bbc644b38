"""Referring expressions: the hops by which a thing can be named so that it fits one thing only.

A hop replaces a bare label by a description through one edge of the thing: "the person" becomes
"the person in the red top" or "the person riding the bicycle". Every hop listed here narrows: without
it the expression would fit more than one thing, with it exactly one. "The one that sits down" also says
that no other does, so a motion or a relation narrows only where the parser looked for it everywhere
(the graph's coverage).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from videostep.reason.index import Fact, View
from videostep.reason.program import call, text

UNNAMED_HOPS = ("subjects", "objects")
"""Hops that may stand on `things()` alone: "the thing the person is riding"."""
MAX_NESTING = 2
"""Relations inside one another in a description: "the car behind the person next to the bus" is as much as
a listener can follow."""
PERSONS = frozenset({"person", "man", "woman", "boy", "girl", "child", "cyclist", "pedestrian"})
"""Never called "the thing"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One narrowing step of a description."""

    operator: str
    """`with`, `does`, `subjects` or `objects`."""
    name: str
    """Attribute name, or predicate."""
    value: str
    """Attribute value; empty otherwise."""
    neighbour: int
    """The thing at the other end of a relation, else -1."""
    kind: str = ""
    """Label of the other end where any thing of it will do: "the person riding a bicycle"."""
    labelled: bool
    """Whether the label is said too; else the base is `things()`."""
    facts: tuple[Fact, ...]

    @property
    def is_lasting(self) -> bool:
        """Whether it describes by what a viewer expects not to change."""
        return self.operator == "with" and self.name.endswith("colour")

    def program(self, label: str, refer: Callable[[int], str]) -> str:
        """The set this hop leaves, as text."""
        base = call("called", "things()", text(label)) if self.labelled else "things()"
        if self.operator == "with":
            return call("with", base, text(self.name), text(self.value))
        if self.operator == "does":
            return call("does", base, text(self.name))
        end = call("called", "things()", text(self.kind)) if self.kind else refer(self.neighbour)
        return call(self.operator, base, text(self.name), end)


class Describer:
    """All narrowing hops of one view, and how many a thing needs."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._hops: dict[int, tuple[Hop, ...]] = {}
        self._needs = self._count_needs()

    def hops(self, thing: int) -> tuple[Hop, ...]:
        """Every hop that by itself makes `thing` the only one that fits."""
        if thing not in self._hops:
            self._hops[thing] = tuple(self._find(thing))
        return self._hops[thing]

    def _find(self, thing: int) -> Iterator[Hop]:
        view, label = self.view, self._label(thing)
        if view.bare_is_unique(thing):
            if label not in PERSONS:
                yield from self._relation_hops(thing, set(view.visible), labelled=False)
            return
        rivals = set(view.labelled[label])
        yield from self._terminal_hops(thing, rivals)
        yield from self._relation_hops(thing, rivals, labelled=True)
        yield from self._kind_hops(thing, rivals)

    def _kind_hops(self, thing: int, rivals: set[int]) -> Iterator[Hop]:
        """Relations to any thing of a kind, where the bare kind would not name one thing."""
        ends: dict[tuple[str, str, str], list[Fact]] = {}
        for fact in self._relations(thing):
            operator, other = ("subjects", fact.other) if fact.thing == thing else ("objects", fact.thing)
            if not self.view.bare_is_unique(other):
                ends.setdefault((operator, fact.name, self._label(other)), []).append(fact)
        for (operator, name, kind), facts in ends.items():
            if self._related(operator, name, kind) & rivals == {thing}:
                yield Hop(
                    operator=operator,
                    name=name,
                    value="",
                    neighbour=-1,
                    kind=kind,
                    labelled=True,
                    facts=tuple(facts),
                )

    def _related(self, operator: str, name: str, kind: str) -> set[int]:
        """Things in a relation to some thing of a kind."""
        ends = self.view.subjects if operator == "subjects" else self.view.objects
        return set[int]().union(*(ends.get((name, other), ()) for other in self.view.labelled[kind]))

    def _relations(self, thing: int) -> Iterator[Fact]:
        """Relations of a thing of a kind that the parser looked for everywhere."""
        for fact in self.view.around[thing]:
            if (
                fact.kind == "relation"
                and fact.thing != fact.other
                and fact.name in self.view.covered_relations
            ):
                yield fact

    def _label(self, thing: int) -> str:
        return self.view.index.things[thing].label

    def _terminal_hops(self, thing: int, rivals: set[int]) -> Iterator[Hop]:
        """Attributes and motions that no rival shares or might share."""
        view, label = self.view, self._label(thing)
        said: dict[tuple[str, str, str], list[Fact]] = {}
        for fact in view.around[thing]:
            if fact.kind != "relation":
                said.setdefault((fact.kind, fact.name, fact.value), []).append(fact)
        for key, facts in said.items():
            kind, name, value = key
            if len(view.having[key] & rivals) != 1:
                continue
            if kind == "attribute" and view.all_know(label, name):
                yield Hop(
                    operator="with", name=name, value=value, neighbour=-1, labelled=True, facts=tuple(facts)
                )
            elif kind == "motion" and name in view.covered_motions:
                yield Hop(
                    operator="does", name=name, value="", neighbour=-1, labelled=True, facts=tuple(facts)
                )

    def _relation_hops(self, thing: int, rivals: set[int], *, labelled: bool) -> Iterator[Hop]:
        view, seen = self.view, set()
        for fact in self._relations(thing):
            forward = fact.thing == thing
            other = fact.other if forward else fact.thing
            fitting = view.subjects[fact.name, other] if forward else view.objects[fact.name, other]
            if len(fitting & rivals) != 1 or (forward, fact.name, other) in seen:
                continue
            seen.add((forward, fact.name, other))
            pair = (thing, other) if forward else (other, thing)
            yield Hop(
                operator="subjects" if forward else "objects",
                name=fact.name,
                value="",
                neighbour=other,
                labelled=labelled,
                facts=tuple(view.links[pair][fact.name]),
            )

    def is_named(self, thing: int, hop: Hop) -> bool:
        """Whether a hop, taken from any context, fits `thing` alone in this one."""
        view, label = self.view, self._label(thing)
        rivals = set(view.labelled[label] if hop.labelled else view.visible)
        if hop.operator == "with":
            return view.all_know(label, hop.name) and view.having[
                "attribute", hop.name, hop.value
            ] & rivals == {thing}
        if hop.operator == "does":
            return view.having["motion", hop.name, ""] & rivals == {thing}
        if hop.kind:
            return self._related(hop.operator, hop.name, hop.kind) & rivals == {thing}
        ends = view.subjects if hop.operator == "subjects" else view.objects
        return ends[hop.name, hop.neighbour] & rivals == {thing}

    def need(self, thing: int) -> float:
        """The least number of hops that name `thing`; infinite when nothing does."""
        return self._needs.get(thing, math.inf)

    def _count_needs(self) -> dict[int, int]:
        needs = {thing: 0 for thing in self.view.visible if self.view.bare_is_unique(thing)}
        rest = [thing for thing in self.view.visible if thing not in needs]
        for level in range(1, len(rest) + 1):
            found = [
                thing
                for thing in rest
                if any(hop.neighbour < 0 or hop.neighbour in needs for hop in self.hops(thing))
            ]
            if not found:
                break
            needs.update((thing, level) for thing in found)
            rest = [thing for thing in rest if thing not in needs]
        return needs


class Draft:
    """STEP's sets: Q, the things that are still open for expansion, and A, those that are closed.

    Source: STEP section 3.2; `expand` is its step 2, one node of Q at a time.
    """

    def __init__(
        self, describer: Describer, roots: tuple[int, ...], used: frozenset[str], asked: str = ""
    ) -> None:
        """`used`: edges that the question itself rests on; `asked`: the relation that it asks about."""
        self.describer = describer
        self._reached_by = dict.fromkeys(roots, asked)
        self.open = list(dict.fromkeys(roots))
        self.closed: list[int] = []
        self.hops: dict[int, Hop] = {}
        self.depth: dict[int, int] = {}
        """How many relations lie between a thing and its root."""
        self.used = set(used)
        """Ids of edges that the question already rests on: no edge is used twice, so no loops."""

    @property
    def need(self) -> float:
        """Hops still needed until every open thing is named."""
        return sum(self.describer.need(thing) for thing in self.open)

    def options(self, thing: int, budget: int) -> list[Hop]:
        """Hops of an open thing after which the rest can still be named within `budget`."""
        needed_by_others = self.need - self.describer.need(thing)
        known = {*self.open, *self.closed}
        fitting = []
        for hop in self.describer.hops(thing):
            if hop.neighbour in known or any(fact.id in self.used for fact in hop.facts):
                continue
            if hop.neighbour >= 0 and self.depth.get(thing, 0) >= MAX_NESTING:
                continue
            if hop.name == self._reached_by[thing]:
                continue  # "the car next to the bench next to a dog"
            inner = self.describer.need(hop.neighbour) if hop.neighbour >= 0 else 0
            if 1 + inner + needed_by_others <= budget:
                fitting.append(hop)
        return fitting

    def expand(self, thing: int, hop: Hop) -> None:
        """Describe `thing` by `hop`: it moves from Q to A, its new neighbour into Q."""
        self.open.remove(thing)
        self.closed.append(thing)
        self.hops[thing] = hop
        self.used.update(fact.id for fact in hop.facts)
        if hop.neighbour >= 0:
            self.open.append(hop.neighbour)
            self.depth[hop.neighbour] = self.depth.get(thing, 0) + 1
            self._reached_by[hop.neighbour] = hop.name

    def refer(self, thing: int) -> str:
        """The program of the description of `thing`."""
        label = self.describer.view.index.things[thing].label
        hop = self.hops.get(thing)
        if hop is None:
            return call("unique", call("called", "things()", text(label)))
        return call("unique", hop.program(label, self.refer))

    def order(self, root: int) -> list[int]:
        """Expanded things below `root`, innermost first: the order in which one would look."""
        hop = self.hops.get(root)
        if hop is None:
            return []
        inner = self.order(hop.neighbour) if hop.neighbour >= 0 else []
        return [*inner, root]

    def fits(self, other: Describer) -> bool:
        """Whether every description of the draft fits the same thing in another context."""
        bare = all(other.view.bare_is_unique(thing) and thing in other.view.visible for thing in self.open)
        return bare and all(other.is_named(thing, hop) for thing, hop in self.hops.items())
