"""What an answer rests on: every look-up of an execution, with the facts that answered it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from videostep.reason.verify.context import Context
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact, Spans
from videostep.reason.verify.language import HOPS, LOGIC, RANKS, SPANS, TWO_FACTS, Call, Type
from videostep.reason.verify.ranking import doers_of


class Lookup(NamedTuple):
    """One look-up of an execution."""

    call: Call
    """The call that looked."""
    held_s: dict[str, Spans]
    """By id the facts, any one of which would have given what was found, and when each holds in the context.
    Empty when it was a search."""
    context: Context
    """Where it looked."""
    fixes_time: bool = False
    """It only served to fix a time context."""
    is_rival: bool = False
    """It is about a thing that the one meant was told from: another one that does the same."""

    @property
    def is_search(self) -> bool:
        """The answer rests on nothing else being there in all of the context."""
        return not self.held_s

    @property
    def is_step(self) -> bool:
        """It follows an edge that counts as a step of reasoning."""
        is_free = self.is_rival or self.is_search or (self.fixes_time and self.call.name in SPANS)
        return self.call.name in HOPS and not is_free


Proof = Sequence[Lookup]
"""Every look-up that one answer needs: inner descriptions first, the outermost hop last."""
Side = list[Proof]
"""Proofs any one of which is enough; more than one only where something exists."""


class Prover:
    """Explains the answers of one executor; raises the executor's errors where there is no answer.

    What adds look-ups adds them to a list, in the order of the proof; a list that is kept is not changed.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._known: dict[tuple[Call, Context], Proof] = {}
        """What things and TIMEs rest on; kept here, since a context that held it would hold itself."""
        self._seen: dict[tuple[int, Context], Lookup] = {}
        """The look-ups of things themselves."""
        self._members: dict[tuple[Call, Context, int], Proof] = {}

    def sides(self, call: Call, context: Context, before: Proof = ()) -> list[Side]:
        """What the answer of `call` rests on: all sides; more than one only for `and`, `or`, `xor`.

        Args:
            call: A program that has an answer, or a part of it.
            context: Where it is executed.
            before: Look-ups that fixed `context`.
        """
        found = [*before]
        call, context = self._enter(call, context, found)
        if call.name in LOGIC:
            return [side for part in call.parts for side in self.sides(part, context, found)]
        if call.name == "exists":
            members = self._executor.set_of(call.parts[0], context).members
            if members:
                return [[[*found, *self._member(call.parts[0], context, number)] for number in members]]
        self._add_inside(call, context, found)
        return [[found]]

    def _enter(self, call: Call, context: Context, found: list[Lookup]) -> tuple[Call, Context]:
        """As `Executor.enter`; adds the look-ups that fixed the times."""
        while call.name == "at":
            found += self._fixing(call.parts[0], context)
            context = self._executor.context(call.parts[0], context)
            call = call.parts[1]
        return call, context

    def _fixing(self, time: Call, context: Context) -> Proof:
        """Look-ups that a TIME makes."""
        key = (time, context)
        found = self._known.get(key)
        if found is None:
            steps = list[Lookup]()
            for span in time.parts:
                self._add_value(span, context, steps)
            found = self._known[key] = [Lookup(*step[:3], True, step.is_rival) for step in steps]
        return found

    def _add_value(self, call: Call, context: Context, found: list[Lookup]) -> None:
        """Look-ups behind an expression that is neither a set nor a thing."""
        call, context = self._enter(call, context, found)
        self._add_inside(call, context, found)

    def _add_inside(self, call: Call, context: Context, found: list[Lookup]) -> None:
        """As `_add_value`, of a call that is no `at`."""
        if call.name in ("exists", "count"):
            self._add_everything(call.parts[0], context, found)
            return
        for part in call.parts:
            if part.type is Type.THING:
                found += self._thing(part, context)
            else:
                self._add_value(part, context, found)
        if call.name in TWO_FACTS:
            found += self._change(call, context)
        elif call.name in HOPS:
            word = call.words[0] if call.name in SPANS else None
            found.append(_lookup(call, context, self._executor.looked_up(call, context), word))

    def _change(self, call: Call, context: Context) -> Proof:
        """Look-ups of what comes first, of the other thing if there is one, and of what is found."""
        things, change = self._executor.facts.things, self._executor.change(call, context)
        thing = things[self._executor.thing(call.parts[0], context)]
        all_known = (*thing.attributes.get(call.words[0], ()), *thing.motions, *thing.outgoing)
        given, found = (
            _lookup(call, context, [fact for fact in all_known if fact.id in run.facts])
            for run in (change.given, change.found)
        )
        if call.name != "switch":
            return _as_rival(given), found
        nodes = _lookup(call, context, things[change.found.other].nodes)
        return _as_rival(given), _as_rival(nodes), found

    def _thing(self, call: Call, context: Context) -> Proof:
        key = (call, context)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find_thing(call, context)
        return found

    def _find_thing(self, call: Call, context: Context) -> Proof:
        found, number = list[Lookup](), self._executor.thing(call, context)
        call, context = self._enter(call, context, found)
        self._add_left_out(call.parts[0], context, found)
        if call.name in RANKS:
            self._add_ranked(call, context, number, found)
        else:
            self._add_member(call.parts[0], context, number, found)
        return found

    def _add_ranked(self, call: Call, context: Context, number: int, found: list[Lookup]) -> None:
        """Look-ups of all that do what things are ranked by, of the found one last; nobody else does."""
        members = self._executor.set_of(call.parts[0], context).members
        own = list[Lookup]()
        for doer in doers_of(self._executor.facts, call, members, context.span_s):
            told_by = dict.fromkeys((doer.motions[0], doer.motions[0 if _counts_on(call) else -1]))
            does = (_lookup(call, context, (motion,)) for motion in told_by)
            steps = (*self._member(call.parts[0], context, doer.number), *does)
            if doer.number == number:
                own += steps
            else:
                found += map(_as_rival, steps)
        found += (*own, Lookup(call, {}, context))

    def _member(self, call: Call, context: Context, number: int) -> Proof:
        """Look-ups by which a thing belongs to a set; kept, since sets are made of sets."""
        key = (call, context, number)
        found = self._members.get(key)
        if found is None:
            steps = list[Lookup]()
            self._add_member(call, context, number, steps)
            found = self._members[key] = steps
        return found

    def _add_member(self, call: Call, context: Context, number: int, found: list[Lookup]) -> None:
        call, context = self._enter(call, context, found)
        if call.name == "things":
            found.append(self._nodes(call, context, number))
        elif call.name == "called":
            self._add_member(call.parts[0], context, number, found)
        elif call.name == "except":
            self._add_named(call.parts[1], context, found)
            self._add_member(call.parts[0], context, number, found)
            found.append(self._lacking(call.parts[1], context, number))
        else:
            self._add_member(call.parts[0], context, number, found)
            self._add_filter(call, context, number, found)

    def _nodes(self, things: Call, context: Context, number: int) -> Lookup:
        """The look-up of a thing itself."""
        key = (number, context)
        found = self._seen.get(key)
        if found is None:
            nodes = self._executor.facts.things[number].nodes
            found = self._seen[key] = _lookup(things, context, nodes)
        return found

    def _add_filter(self, call: Call, context: Context, number: int, found: list[Lookup]) -> None:
        """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
        thing, word = self._executor.facts.things[number], call.words[0]
        if call.name == "with":
            found.append(_lookup(call, context, thing.attributes.get(word, ()), call.words[1]))
        elif call.name == "does":
            found.append(_lookup(call, context, thing.motions, word))
        else:
            named = call.parts[1]
            ends, _ = self._executor.ends(named, context)
            edges = thing.outgoing if call.name == "subjects" else thing.incoming
            linking = [fact for fact in edges if fact.other in ends]
            own = _lookup(call, context, linking, word)
            if named.type is Type.THING:
                found += self._thing(named, context)
            else:
                some = dict.fromkeys(fact.other for fact in linking if fact.id in own.held_s)
                members = (self._member(named, context, end) for end in some)
                found += (_any_of(steps) for steps in zip(*members, strict=True))
            found.append(own)

    def _lacking(self, call: Call, context: Context, number: int) -> Lookup:
        """The look-up by which a thing is not in a set: of the value that it has instead, else a search."""
        call, context = self._executor.enter(call, context)
        if call.name != "with":
            return Lookup(call, {}, context)
        instead = self._executor.facts.things[number].attributes.get(call.words[0], ())
        return _lookup(call, context, instead)

    def _add_everything(self, call: Call, context: Context, found: list[Lookup]) -> None:
        """Look-ups behind a count or a "no": what filters name and leave out, all members, the search."""
        call, context = self._enter(call, context, found)
        self._add_named(call, context, found)
        self._add_left_out(call, context, found)
        for number in self._executor.set_of(call, context).members:
            found += self._member(call, context, number)
        found.append(Lookup(call, {}, context))

    def _add_left_out(self, call: Call, context: Context, found: list[Lookup]) -> None:
        """Look-ups by which things do not belong to a set: those that an `except` of it takes away."""
        while "except(" in call.text:  # most sets take nothing away: no need to walk
            call, context = self._executor.enter(call, context)
            if call.name == "except":
                within, other = (self._executor.set_of(part, context) for part in call.parts)
                for number in within.members + within.possible:
                    if number in other.members:
                        found += map(_as_rival, self._member(call.parts[1], context, number))
            call = call.parts[0]

    def _add_named(self, call: Call, context: Context, found: list[Lookup]) -> None:
        """Look-ups behind the things that the filters of a set name, whether or not it has members."""
        while call.args:
            if call.name in ("subjects", "objects"):
                named = call.parts[1]
                if named.type is Type.THING:
                    found += self._thing(named, context)
                else:
                    self._add_everything(named, context, found)
            if call.name == "except":
                self._add_named(call.parts[1], context, found)
            call, context = self._enter(call.parts[0], context, found)


def _counts_on(call: Call) -> bool:
    """Whether only the first time matters that each thing does it."""
    return call.name != "nth" or call.number(2) > 0


def _any_of(steps: tuple[Lookup, ...]) -> Lookup:
    """One look-up that any of several would answer; all are of the same call."""
    return steps[0]._replace(held_s={id_: held for step in steps for id_, held in step.held_s.items()})


def _as_rival(step: Lookup) -> Lookup:
    """The look-up, of a thing that the one meant is told from."""
    return step._replace(is_rival=True)


def _lookup(call: Call, context: Context, among: Iterable[Fact], word: str | None = None) -> Lookup:
    """The facts that hold, with that word if one is given."""
    held_s = dict[str, Spans]()
    for fact in among:
        if (word is None or fact.word == word) and (parts_s := fact.parts_in(context.span_s)):
            held_s[fact.id] = parts_s
    return Lookup(call, held_s, context)
