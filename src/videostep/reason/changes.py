"""First pairs about what changes: a value before another one, a thing that one is next to after another.

STEP asks of one time; these look at two, one after the other, of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import ClassVar, Literal, NamedTuple

from videostep.reason.cores import Core, Refer
from videostep.reason.hops import PERSONS, TOLD_APART_S
from videostep.reason.index import Fact, View
from videostep.reason.program import call, text
from videostep.reason.spans import MOST_UNKNOWN_S, is_over_before
from videostep.reason.values import confusable
from videostep.sample import Semantics
from videostep.video import TimeSpan

LIGHTS = frozenset({"display", "lamp", "light", "lights", "monitor", "screen", "signal", "sky"})
"""What changes its colour; that of anything else seems to, when light falls on it otherwise."""
Side = Literal[-1, 1]
"""Directly before, or directly after."""
SIDES: tuple[Side, ...] = (-1, 1)


class Run(NamedTuple):
    """A value of an attribute, or another thing, for as long as it lasts."""

    value: str
    other: int
    span_s: TimeSpan
    facts: tuple[Fact, ...]


class SuccessionCore(Core):
    """A question about two times of one thing: what is given, and what comes before or after it."""

    __slots__ = ()
    thing: int

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing,)

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """The run that the question gives, and the one it asks for."""
        raise NotImplementedError

    def facts(self, view: View) -> tuple[Fact, ...]:
        return tuple([fact for run in self.chosen(view) or () for fact in run.facts])


@dataclass(slots=True)
class ChangeCore(SuccessionCore):
    """How does the posture of X change?"""

    about: ClassVar[Semantics] = "attribute"
    kind: ClassVar[str] = "change"
    thing: int
    name: str

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """The first value and the last, where there are two."""
        runs = attribute_runs(view, self.thing, self.name)
        return (runs[0], runs[1]) if len(runs) == 2 else None

    def answer(self, view: View) -> str | None:
        pair = self.chosen(view)
        if pair is None or any(" to " in run.value for run in pair):
            return None
        return from_to(*(run.value for run in pair))

    def program(self, refer: Refer) -> str:
        return call("change", refer(self.thing), text(self.name))


@dataclass(slots=True)
class TurnCore(SuccessionCore):
    """In what posture is X before sitting?"""

    about: ClassVar[Semantics] = "attribute"
    kind: ClassVar[str] = "turn"
    thing: int
    name: str
    value: str
    side: Side

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """The one run with the given value, and the run beside it."""
        return _beside_one(view, attribute_runs(view, self.thing, self.name), self.value, self.side)

    def answer(self, view: View) -> str | None:
        pair = self.chosen(view)
        return None if pair is None else pair[1].value

    def program(self, refer: Refer) -> str:
        return call("turn", refer(self.thing), text(self.name), text(self.value), self.side)


@dataclass(slots=True)
class TwoThingCore(SuccessionCore):
    """A question about what comes before or after a relation of two things."""

    thing: int
    predicate: str
    other: int
    side: Side

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing, self.other)

    def program(self, refer: Refer) -> str:
        return call(self.kind, refer(self.thing), text(self.predicate), refer(self.other), self.side)


class SwitchCore(TwoThingCore):
    """What is the next thing that X is holding after the cup?"""

    __slots__ = ()
    about = "object"
    kind = "switch"

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """All of what is given, and the run of another thing nearest to it."""
        runs = _relation_runs(view, self.thing, self.predicate)
        return _beside(view, runs, [run.other == self.other for run in runs], self.side)

    def answer(self, view: View) -> str | None:
        pair = self.chosen(view)
        # "What does X stand next to?" is not answered by "person".
        return None if pair is None or pair[1].value in PERSONS else pair[1].value


class ShiftCore(TwoThingCore):
    """Where is X in relation to Y just before being on it?"""

    __slots__ = ()
    about = "relation"
    kind = "shift"

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """The one run of the given relation, and that of the relation beside it."""
        facts = [fact for found in view.links[self.thing, self.other].values() for fact in found]
        runs = _in_order(view, facts) or []
        return _beside_one(view, runs, self.predicate, self.side)

    def answer(self, view: View) -> str | None:
        pair = self.chosen(view)
        known = view.covered_relations
        return pair[1].value if pair and pair[1].value in known and self.predicate in known else None


@dataclass(slots=True)
class FollowCore(SuccessionCore):
    """What does X do right after entering?"""

    about: ClassVar[Semantics] = "motion"
    kind: ClassVar[str] = "follow"
    thing: int
    predicate: str
    side: Side

    def chosen(self, view: View) -> tuple[Run, Run] | None:
        """The motion that is given, and the one nearest to it."""
        motions = view.motions.get(self.thing, {})
        if len(motions.get(self.predicate, ())) != 1 or self.predicate not in view.covered_motions:
            return None
        # What lies beside each other ends or begins inside the context: nothing else needs to be clipped.
        runs = [Run(f.name, -1, f.spans_s[0], (f,)) for facts in motions.values() for f in facts]
        pair = _beside(view, runs, [run.value == self.predicate for run in runs], self.side)
        return None if pair is None else (_clipped_run(pair[0], view), _clipped_run(pair[1], view))

    def answer(self, view: View) -> str | None:
        pair = self.chosen(view)
        found = pair[1].value if pair else ""
        # "What does X do after walking to the left?" half says that X walks.
        is_new = found in view.covered_motions and found.split()[0] != self.predicate.split()[0]
        return found if is_new else None

    def program(self, refer: Refer) -> str:
        return call("follow", refer(self.thing), text(self.predicate), self.side)


def is_change(core: Core) -> bool:
    """Whether it asks of two times: such questions are so rare that none is left for lack of rivals."""
    return isinstance(core, SuccessionCore) and not isinstance(core, FollowCore)


def from_to(before: str, after: str) -> str:
    """A change as it is answered."""
    return f"from {before} to {after}"


def change_cores(view: View) -> Iterator[Core]:
    """Every core about a change in the view."""
    for thing, names in view.attributes.items():
        for name, values in names.items():
            if len(values) > 1 and _may_change(view.label(thing), name):
                yield ChangeCore(thing, name)
                yield from (TurnCore(thing, name, value, side) for value in values for side in SIDES)
    for (thing, other), predicates in view.links.items():
        if len(predicates) > 1 and thing != other:
            yield from (ShiftCore(thing, name, other, side) for name in predicates for side in SIDES)
    for thing, motions in view.motions.items():
        if len(motions) > 1:
            yield from _one_after_another(thing, motions)
    for (predicate, thing), others in view.objects.items():
        if len(others) > 1 and predicate in view.covered_relations:
            for other, side in _apart(view, thing, predicate, others):
                yield SwitchCore(thing, predicate, other, side)


def _one_after_another(thing: int, motions: dict[str, list[Fact]]) -> Iterator[Core]:
    """Cores about two motions next to each other in time; there are many, so that no vain ones are made."""
    in_order = sorted([(*span, name) for name, facts in motions.items() for f in facts for span in f.spans_s])
    for (_, end_s, first), (start_s, _, second) in pairwise(in_order):
        if end_s <= start_s and first.partition(" ")[0] != second.partition(" ")[0]:
            yield FollowCore(thing, first, 1)
            yield FollowCore(thing, second, -1)


def _may_change(label: str, name: str) -> bool:
    return not name.endswith("colour") or (name == "colour" and label.split()[-1] in LIGHTS)


def _apart(view: View, thing: int, predicate: str, others: set[int]) -> Iterator[tuple[int, Side]]:
    """The other ends that no relation to another one overlaps, and where such a one lies; most have none."""
    spans: list[tuple[float, float, int]] = []
    for other in others:
        times = [span for fact in view.links[thing, other][predicate] for span in fact.spans_s]
        spans.append((min(times)[0], max([end_s for _, end_s in times]), other))
    spans.sort()
    ended_s = -1.0
    for place, (start_s, end_s, other) in enumerate(spans):
        is_last = place == len(spans) - 1
        if ended_s <= start_s and (is_last or end_s <= spans[place + 1][0]):
            if place:
                yield other, -1
            if not is_last:
                yield other, 1
        ended_s = max(ended_s, end_s)


def attribute_runs(view: View, thing: int, name: str) -> list[Run]:
    """The values of an attribute in the order of time; empty where they are not known throughout."""
    facts = [fact for found in view.values(thing, name).values() for fact in found]
    runs, parts = _in_order(view, facts), _clipped(_parts(facts), view.span_s)
    return runs if runs and view.is_known_throughout(thing, [part for _, part in parts]) else []


def _in_order(view: View, facts: Iterable[Fact]) -> list[Run] | None:
    """Values, or relations, in the order of time, equal neighbours as one; None where two are so at once."""
    parts = _clipped(_parts(facts), view.span_s)
    values = [Run(fact.value or fact.name, -1, part, (fact,)) for fact, part in parts]
    runs: list[Run] = []
    for run in sorted(values, key=lambda run: run.span_s):
        last = runs[-1] if runs else None
        if last and last.value == run.value:
            runs[-1] = _whole([last, run])
            continue
        if last and (run.span_s.start_s < last.span_s.end_s or confusable(last.value, run.value)):
            return None
        runs.append(run)
    return runs


def _beside_one(view: View, runs: list[Run], value: str, side: Side) -> tuple[Run, Run] | None:
    """The one run with a value, and the run directly beside it."""
    places = [place for place, run in enumerate(runs) if run.value == value]
    other = places[0] + side if len(places) == 1 else -1
    if not 0 <= other < len(runs):
        return None
    first, last = sorted((runs[places[0]], runs[other]), key=lambda run: run.span_s)
    # Who is next seen two scenes later does not sit just after standing.
    is_next = last.span_s.start_s - first.span_s.end_s <= MOST_UNKNOWN_S + view.index.every_s
    return (runs[places[0]], runs[other]) if is_next else None


def _relation_runs(view: View, thing: int, predicate: str) -> list[Run]:
    facts = (
        fact
        for other in sorted(view.objects.get((predicate, thing), ()))
        for fact in view.links[thing, other][predicate]
    )
    parts = _clipped(_parts(facts), view.span_s)
    return [Run(view.label(fact.other), fact.other, part, (fact,)) for fact, part in parts]


def _parts(facts: Iterable[Fact]) -> Iterator[tuple[Fact, TimeSpan]]:
    return ((fact, span) for fact in facts for span in fact.spans_s)


def _clipped(parts: Iterable[tuple[Fact, TimeSpan]], time_s: TimeSpan) -> Iterator[tuple[Fact, TimeSpan]]:
    return ((fact, part) for fact, span in parts if (part := span.overlap(time_s)))


def _whole(runs: list[Run]) -> Run:
    """From when the first of the runs begins until the last one ends."""
    if len(runs) == 1:
        return runs[0]
    start_s, end_s = min(run.span_s.start_s for run in runs), max(run.span_s.end_s for run in runs)
    facts = {fact.id: fact for run in runs for fact in run.facts}
    return runs[0]._replace(span_s=TimeSpan(start_s, end_s), facts=tuple(facts.values()))


def _clipped_run(run: Run, view: View) -> Run:
    span_s = run.span_s.overlap(view.span_s)
    return run if span_s is None or span_s == run.span_s else run._replace(span_s=span_s)


def _beside(view: View, runs: list[Run], is_given: list[bool], side: Side) -> tuple[Run, Run] | None:
    """All of what is given, and the run of something else that is nearest to it; no other may overlap it."""
    own = list(compress(runs, is_given))
    if not own:
        return None
    given, every_s = _whole(own), view.index.every_s
    wanted: list[Run] = []
    for run, is_own in zip(runs, is_given, strict=True):
        if is_own:
            continue
        if is_over_before(given.span_s, run.span_s, every_s):
            where = 1
        elif is_over_before(run.span_s, given.span_s, every_s):
            where = -1
        else:
            return None
        if where == side:
            wanted.append(run)
    found = _nearest(wanted, side, max(TOLD_APART_S, every_s))
    return (given, found) if found and not confusable(found.value, given.value) else None


def _nearest(runs: list[Run], side: Side, apart_s: float) -> Run | None:
    """The first of the runs to begin, or the last one to end; None where two things might be meant."""
    if len(runs) < 2:
        return runs[0] if runs else None
    ranked = [(run.span_s.start_s if side > 0 else -run.span_s.end_s, run.value, run.other) for run in runs]
    first_s, *found = first = min(ranked)
    if any(time_s - first_s < apart_s and [value, other] != found for time_s, value, other in ranked):
        return None
    return runs[ranked.index(first)]
