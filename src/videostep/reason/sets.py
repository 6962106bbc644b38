"""First pairs about a set of things: is there any, and how many?

A "no" and a number are made only where the parser looked for everything that they speak of, and where
everything that might belong to the set is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar, NamedTuple

from videostep.reason.cores import Core, Refer
from videostep.reason.describe import Description
from videostep.reason.hops import are_told_apart
from videostep.reason.index import HOLD_BOTH_WAYS, Fact, View
from videostep.reason.lasting import are_always_so, never_changes
from videostep.reason.nouns import ALONE, is_counted
from videostep.reason.picking import one_of
from videostep.reason.program import call, text, things_called
from videostep.reason.values import is_trait
from videostep.reason.words import number_word
from videostep.sample import Semantics
from videostep.video import TimeSpan, join_spans

MOST_NEGATED = 24
"""Of so many groups in one time context it is thought of who does not belong to them."""
SAME_NEIGHBOUR = 0.5
"""How often what is absent is thought of as another kind of thing beside the same one, 0..1."""


class Group(NamedTuple):
    """Things of one label, all of them or those that one filter leaves."""

    label: str
    operator: str = ""
    """`with`, `does`, `subjects`, `objects`; empty: all of that label."""
    name: str = ""
    value: str = ""
    neighbour: int = -1
    is_negated: bool = False
    """Whether it is those that the filter leaves out."""

    def members(self, view: View) -> list[int]:
        """The things that belong to it."""
        labelled = view.labelled.get(self.label, [])
        passing = self._passing(view)
        if passing is None:
            return labelled
        return [thing for thing in labelled if (thing in passing) is not self.is_negated]

    def _passing(self, view: View) -> set[int] | None:
        match self.operator:
            case "with":
                return view.having.get(("attribute", self.name, self.value), set())
            case "does":
                return view.having.get(("motion", self.name, ""), set())
            case "subjects":
                return view.subjects.get((self.name, self.neighbour), set())
            case "objects":
                return view.objects.get((self.name, self.neighbour), set())
        return None

    def left_out(self, view: View) -> tuple[Fact, ...]:
        """The facts by which others of that label do not belong to a negated group."""
        if not self.is_negated:
            return ()
        passing = self._passing(view) or set()
        others = (thing for thing in view.labelled[self.label] if thing in passing)
        return tuple([fact for thing in others for fact in self._facts_of_passing(view, thing)])

    def facts(self, view: View, thing: int) -> tuple[Fact, ...]:
        """The facts by which a member belongs to it: of a negated attribute what it is instead."""
        if self.is_negated:
            values = view.values(thing, self.name) if self.operator == "with" else {}
            return tuple(fact for facts in values.values() for fact in facts)
        return self._facts_of_passing(view, thing)

    def _facts_of_passing(self, view: View, thing: int) -> tuple[Fact, ...]:
        match self.operator:
            case "with":
                return tuple(view.values(thing, self.name)[self.value])
            case "does":
                return tuple(view.motions[thing][self.name])
            case "subjects":
                return tuple(view.links[thing, self.neighbour][self.name])
            case "objects":
                return tuple(view.links[self.neighbour, thing][self.name])
        return ()

    def program(self, refer: Refer) -> str:
        """The set, as text."""
        base = things_called(self.label)
        filtered = self._filtered(base, refer)
        return call("except", base, filtered) if self.is_negated else filtered

    def _filtered(self, base: str, refer: Refer) -> str:
        match self.operator:
            case "with":
                return call("with", base, text(self.name), text(self.value))
            case "does":
                return call("does", base, text(self.name))
            case "subjects" | "objects":
                return call(self.operator, base, text(self.name), refer(self.neighbour))
        return base

    def is_known(self, view: View) -> bool:
        """Whether the parser looked for all that it speaks of, and nothing else might belong to it."""
        if self.label not in view.certain:
            return False
        if self.is_negated and not self._are_told_apart(view):
            return False
        coverage = view.index.graph.coverage
        match self.operator:
            case "with":
                return self.name in coverage.attributes and view.all_know(self.label, self.name)
            case "does":
                return self.name in coverage.motions
            case "subjects" | "objects":
                return self.name in coverage.relations
        return True

    def has_all_always(self, view: View) -> bool:
        """Whether a negated group has no members, nor any at a single moment."""
        things = view.labelled[self.label]
        if self.members(view):  # of another time than it was thought of
            return False
        if self.operator == "with":
            return all(never_changes(view, thing, self.name) for thing in things)
        return self.operator == "does" or all(
            are_always_so(view, thing, self._facts_of_passing(view, thing)) for thing in things
        )

    def _are_told_apart(self, view: View) -> bool:
        """Whether no member might be one of those left out that came back unnoticed."""
        inside, things = self.members(view), view.index.things
        outside = [thing for thing in view.labelled.get(self.label, ()) if thing not in inside]
        return not any(
            things[one].clips.isdisjoint(things[other].clips) for one in inside for other in outside
        )

    @property
    def semantics(self) -> Semantics:
        """What kind of edge it looks at."""
        kinds: dict[str, Semantics] = {"": "object", "with": "attribute", "does": "motion"}
        return kinds.get(self.operator, "relation")


class GroupCore(Core):
    """A question about a group."""

    __slots__ = ()
    group_: Group

    @property
    def semantics(self) -> Semantics:
        return self.group_.semantics

    @property
    def roots(self) -> tuple[int, ...]:
        neighbour = self.group_.neighbour
        return (neighbour,) if neighbour >= 0 else ()

    def nodes(self, view: View) -> tuple[str, ...]:
        """The nodes of members that no fact speaks of."""
        group = self.group_
        if group.operator and not (group.is_negated and group.operator != "with"):
            return ()
        return tuple(node for thing in self.shown(view) for node in view.nodes_of(thing))

    def facts(self, view: View) -> tuple[Fact, ...]:
        group = self.group_
        own = (fact for thing in self.shown(view) for fact in group.facts(view, thing))
        return (*group.left_out(view), *own) if self.is_exact else tuple(own)

    def instead(self, view: View) -> tuple[str, ...]:
        """Of what lacks a value the values that it has."""
        group, shown = self.group_, self.shown(view) if self.group_.is_negated else ()
        return tuple(dict.fromkeys(f.value for thing in shown for f in group.facts(view, thing) if f.value))

    def shown(self, view: View) -> list[int]:
        """The members that the answer rests on."""
        return self.group_.members(view)

    @property
    def is_exact(self) -> bool:
        """Whether the answer also says of all others that they do not belong to the group."""
        return True


@dataclass(slots=True)
class ExistsCore(GroupCore):
    """Is there a dog next to the bus?"""

    is_bool: ClassVar[bool] = True
    group_: Group
    is_there: bool

    @property
    def kind(self) -> str:
        return "exists not" if self.group_.is_negated else "exists yes" if self.is_there else "exists no"

    def answer(self, view: View) -> str | None:
        if self.group_.members(view) and not self.group_.is_negated:
            return "yes"
        if not self.group_.is_known(view):
            return None
        if self.group_.is_negated and self.is_there:
            return "yes"
        return "no" if not self.group_.is_negated or self.group_.has_all_always(view) else None

    def program(self, refer: Refer) -> str:
        return call("exists", self.group_.program(refer))

    def is_of_others(self, view: View, named: frozenset[int]) -> bool:
        """Whether it is about others than what the question names: "a person" is heard as another one."""
        found = self.shown(view) or view.labelled.get(self.group_.label, [])
        return not found or not named.issuperset(found)

    def shown(self, view: View) -> list[int]:
        """One is enough."""
        return self.group_.members(view)[:1]

    @property
    def is_exact(self) -> bool:
        return not self.is_there


@dataclass(slots=True)
class CountCore(GroupCore):
    """How many people are next to the bus?"""

    group_: Group
    is_spread: bool = False
    """Whether its members belong to it at different times, so that one must not count those of one moment."""
    is_part: bool = False
    """Whether there are several of the label, of which one may ask how many belong to it."""

    @property
    def kind(self) -> str:
        return "count not" if self.group_.is_negated else "count"

    def answer(self, view: View) -> str | None:
        group, members = self.group_, self.group_.members(view)
        if not members or not group.is_known(view) or not is_counted(group.label):
            return None
        if group.operator == "objects" and group.name in HOLD_BOTH_WAYS:
            return None  # "how many dogs is the man next to?": more plainly, how many are next to him
        if group.operator and len({*view.labelled[group.label]} - {group.neighbour}) == 1:
            return None  # "how many people are holding the cup that the person drinks from?"
        if len(members) > 1 and not are_told_apart(view, members):
            return None
        return number_word(len(members))

    def program(self, refer: Refer) -> str:
        return call("count", self.group_.program(refer))


def count_core(group: Group, view: View) -> CountCore:
    """The question how many there are, which says so where they are not so at one time."""
    is_spread = _are_states(group) and _is_spread(group, view)
    return CountCore(group, is_spread, is_part=len(view.labelled[group.label]) > 1)


def _are_states(group: Group) -> bool:
    """Whether its members are in a state that may end: no motion, and no colour."""
    if group.operator == "with":
        return not is_trait(group.name)
    return group.operator in ("subjects", "objects")


def _is_spread(group: Group, view: View) -> bool:
    """Whether no moment shows all members; of what is negated, whether others are so for a time only."""
    shown = group._replace(is_negated=False) if group.is_negated else group
    members = shown.members(view)
    if len(members) == 1 and not group.is_negated:
        return False
    times_s = [_times_of(shown, thing, view) for thing in members]
    if group.is_negated:
        return any(view.span_s not in spans_s for spans_s in times_s)
    starts_s = (span.start_s for spans_s in times_s for span in spans_s)
    return not any(all(any(s.holds(time_s) for s in spans_s) for spans_s in times_s) for time_s in starts_s)


def _times_of(group: Group, thing: int, view: View) -> tuple[TimeSpan, ...]:
    """When a member belongs to it, in the context."""
    spans_s = (span for fact in group.facts(view, thing) for span in fact.spans_s)
    return join_spans([part for span in spans_s if (part := span.overlap(view.span_s))])


def is_covered(named: Description, view: View) -> bool:
    """Whether the parser looked for all that a description says, so that a "no" may rest on it."""
    coverage = view.index.graph.coverage
    return (
        all(
            (part.label in coverage.labels or not part.hop.labelled)
            and (
                part.hop.name in (coverage.attributes if part.hop.operator == "with" else _edges(part, view))
            )
            and (not part.hop.kind or part.hop.kind in coverage.labels)
            for part in named.expanded()
            if part.hop
        )
        and named.innermost.label in coverage.labels
    )


def _edges(part: Description, view: View) -> frozenset[str]:
    is_relation = part.hop is not None and part.hop.operator in ("subjects", "objects")
    return view.covered_relations if is_relation else view.covered_motions


def groups(view: View) -> dict[int, list[Group]]:
    """Every group of a view that has a member, by the thing that it is described by; -1: by none."""
    found: dict[int, list[Group]] = defaultdict(list)
    found[-1] = [Group(label) for label in view.labelled if label not in ALONE]
    for (kind, name, value), things in view.having.items():
        operator = "with" if kind == "attribute" else "does"
        found[-1] += [Group(label, operator, name, value) for label in _labels(view, things)]
    for operator, ends in (("subjects", view.subjects), ("objects", view.objects)):
        for (name, other), things in ends.items():
            if name in view.index.comparisons:
                continue
            for label in _labels(view, things):
                found[other].append(Group(label, operator, name, "", other))
    return found


def negated_groups(view: View, groups: Sequence[Group], rng: Random) -> Iterator[Group]:
    """Of several things of a label those that a filter leaves out, which some or none may be."""
    if len(view.alone) == len(view.labelled):
        return
    for group in rng.sample(groups, min(MOST_NEGATED, len(groups))):
        # Who is not next to the person in red? That person, too.
        is_alike = group.neighbour >= 0 and view.label(group.neighbour) == group.label
        if (
            group.operator in ("with", "does", "subjects")
            and len(view.labelled[group.label]) > 1
            and not is_alike
        ):
            yield group._replace(is_negated=True)


def absent_labels(view: View) -> list[Group]:
    """What is seen at another time only."""
    return [Group(label) for label in view.index.labels if label not in view.labelled and label not in ALONE]


def absent_groups(view: View, likes: Iterable[Group], rng: Random) -> Iterator[Group]:
    """Groups that one might expect and that have no member: what is so of one thing, said of another."""
    for like in likes:
        other = _varied(like, view, rng)
        # "Is there a bench on the bench?" is nonsense.
        is_odd = other.neighbour >= 0 and other.label == view.label(other.neighbour)
        if not is_odd and not other.members(view):
            yield other


def _varied(like: Group, view: View, rng: Random) -> Group:
    """A group that differs in one thing, and still may be: nobody asks whether a car rides the bicycle."""
    index = view.index
    if like.operator == "with":
        return like._replace(value=one_of(index.values[like.name], rng))
    if like.operator == "does":
        return like._replace(label=one_of(index.doers[like.name], rng))
    subjects, objects = index.ends[like.name]
    own, others = (subjects, objects) if like.operator == "subjects" else (objects, subjects)
    if rng.random() < SAME_NEIGHBOUR:
        return like._replace(label=one_of(own, rng))
    neighbours = [thing for label in others for thing in view.labelled.get(label, ())]
    return like._replace(neighbour=one_of(neighbours, rng))


def _labels(view: View, things: set[int]) -> list[str]:
    return sorted(set(map(view.label, things)))
