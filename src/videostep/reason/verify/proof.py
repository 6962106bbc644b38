"""What an answer rests on: every look-up of an execution, with the facts that answered it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


Proof = tuple[Lookup, ...]
"""Every look-up that one answer needs: inner descriptions first, the outermost hop last."""
Side = tuple[Proof, ...]
"""Proofs any one of which is enough; more than one only where something exists."""


class Prover:
    """Explains the answers of one executor; raises the executor's errors where there is no answer."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._known: dict[tuple[Call, Context], Proof] = {}
        self._members: dict[tuple[Call, Context, int], Proof] = {}

    def sides(self, call: Call, context: Context) -> tuple[Side, ...]:
        """What the answer of `call` rests on: all sides; more than one only for `and`, `or`, `xor`."""
        times, call, context = self._enter(call, context)
        if call.name in LOGIC:
            sides = [side for part in call.parts for side in self.sides(part, context)]
            return tuple(tuple(times + proof for proof in side) for side in sides)
        if call.name == "exists":
            members = self._executor.set_of(call.parts[0], context).members
            if members:
                proofs = (self._member(call.parts[0], context, number) for number in members)
                return (tuple(times + proof for proof in proofs),)
        return ((times + self._inside(call, context),),)

    def _enter(self, call: Call, context: Context) -> tuple[Proof, Call, Context]:
        """As `Executor.enter`, with the look-ups that fixed the times."""
        times: Proof = ()
        while call.name == "at":
            times += self._fixing(call.parts[0], context)
            context = self._executor.context(call.parts[0], context)
            call = call.parts[1]
        return times, call, context

    def _fixing(self, time: Call, context: Context) -> Proof:
        """Look-ups that a TIME makes."""
        key = (time, context)
        found = self._known.get(key)
        if found is None:
            steps = [step for span in time.parts for step in self._value(span, context)]
            found = self._known[key] = tuple([Lookup(*step[:3], True, step.is_rival) for step in steps])
        return found

    def _value(self, call: Call, context: Context) -> Proof:
        """Look-ups behind an expression that is neither a set nor a thing."""
        times, call, context = self._enter(call, context)
        return times + self._inside(call, context)

    def _inside(self, call: Call, context: Context) -> Proof:
        """As `_value`, of a call that is no `at`."""
        if call.name in ("exists", "count"):
            return self._everything(call.parts[0], context)
        found: Proof = ()
        for part in call.parts:
            found += (self._thing if part.type is Type.THING else self._value)(part, context)
        return found + self._own(call, context) if call.name in HOPS else found

    def _own(self, call: Call, context: Context) -> Proof:
        """The look-up of a question operator itself."""
        if call.name in TWO_FACTS:
            return self._change(call, context)
        word = call.words[0] if call.name in SPANS else None
        return (_lookup(call, context, self._executor.looked_up(call, context), word),)

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
            number = self._executor.thing(call, context)
            times, call, context = self._enter(call, context)
            times += tuple(self._left_out(call.parts[0], context))
            if call.name in RANKS:
                found = times + self._rank(call, context, number)
            else:
                found = times + self._member(call.parts[0], context, number)
            self._known[key] = found
        return found

    def _rank(self, call: Call, context: Context, number: int) -> Proof:
        """Look-ups of all that do what things are ranked by, of the found one last; nobody else does."""
        members = self._executor.set_of(call.parts[0], context).members
        rivals, own = list[Lookup](), Proof()
        for doer in doers_of(self._executor.facts, call, members, context.span_s):
            told_by = dict.fromkeys((doer.motions[0], doer.motions[0 if _counts_on(call) else -1]))
            does = (_lookup(call, context, (motion,)) for motion in told_by)
            steps = (*self._member(call.parts[0], context, doer.number), *does)
            if doer.number == number:
                own = steps
            else:
                rivals += map(_as_rival, steps)
        return (*rivals, *own, Lookup(call, {}, context))

    def _member(self, call: Call, context: Context, number: int) -> Proof:
        """Look-ups by which a thing belongs to a set."""
        key = (call, context, number)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = self._find_member(call, context, number)
        return found

    def _find_member(self, call: Call, context: Context, number: int) -> Proof:
        if call.name == "at":
            times, call, context = self._enter(call, context)
            return times + self._member(call, context, number)
        if call.name == "things":
            return (_lookup(call, context, self._executor.facts.things[number].nodes),)
        before = self._member(call.parts[0], context, number)
        if call.name == "except":
            named = tuple(self._named(call.parts[1], context))
            return (*named, *before, self._lacking(call.parts[1], context, number))
        return before if call.name == "called" else before + self._filter(call, context, number)

    def _filter(self, call: Call, context: Context, number: int) -> Proof:
        """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
        thing, word = self._executor.facts.things[number], call.words[0]
        if call.name == "with":
            return (_lookup(call, context, thing.attributes.get(word, ()), call.words[1]),)
        if call.name == "does":
            return (_lookup(call, context, thing.motions, word),)
        ends, _ = self._executor.ends(call.parts[1], context)
        edges = thing.outgoing if call.name == "subjects" else thing.incoming
        linking = [fact for fact in edges if fact.other in ends]
        found = _lookup(call, context, linking, word)
        if call.parts[1].type is Type.THING:
            return (*self._thing(call.parts[1], context), found)
        some = dict.fromkeys(fact.other for fact in linking if fact.id in found.held_s)
        members = (self._member(call.parts[1], context, end) for end in some)
        return (*(_any_of(steps) for steps in zip(*members, strict=True)), found)

    def _lacking(self, call: Call, context: Context, number: int) -> Lookup:
        """The look-up by which a thing is not in a set: of the value that it has instead, else a search."""
        _, call, context = self._enter(call, context)
        if call.name != "with":
            return Lookup(call, {}, context)
        instead = self._executor.facts.things[number].attributes.get(call.words[0], ())
        return _lookup(call, context, instead)

    def _everything(self, call: Call, context: Context) -> Proof:
        """Look-ups behind a count or a "no": what filters name and leave out, all members, the search."""
        times, call, context = self._enter(call, context)
        members = self._executor.set_of(call, context).members
        found = tuple(step for number in members for step in self._member(call, context, number))
        search = Lookup(call, {}, context)
        left_out = self._left_out(call, context)
        return (*times, *self._named(call, context), *left_out, *found, search)

    def _left_out(self, call: Call, context: Context) -> Iterator[Lookup]:
        """Look-ups by which things do not belong to a set: those that an `except` of it takes away."""
        while "except(" in call.text:  # most sets take nothing away: no need to walk
            _, call, context = self._enter(call, context)
            if call.name == "except":
                within, other = (self._executor.set_of(part, context) for part in call.parts)
                for number in within.members + within.possible:
                    if number in other.members:
                        member = self._member(call.parts[1], context, number)
                        yield from map(_as_rival, member)
            call = call.parts[0]

    def _named(self, call: Call, context: Context) -> Iterator[Lookup]:
        """Look-ups behind the things that the filters of a set name, whether or not it has members."""
        while call.args:
            if call.name in ("subjects", "objects"):
                named = call.parts[1]
                is_one = named.type is Type.THING
                yield from (self._thing if is_one else self._everything)(named, context)
            if call.name == "except":
                yield from self._named(call.parts[1], context)
            times, call, context = self._enter(call.parts[0], context)
            yield from times


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
