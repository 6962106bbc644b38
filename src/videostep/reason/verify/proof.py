"""What an answer rests on: every look-up of an execution, with the facts that answered it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact
from videostep.reason.verify.language import HOPS, LOGIC, RANKS, SPANS, TWO_FACTS, Call, Type
from videostep.reason.verify.ranking import doers_of
from videostep.video import TimeSpan


class Lookup(NamedTuple):
    """One look-up of an execution."""

    call: Call
    """The call that looked."""
    facts: frozenset[str]
    """Ids; any one of them would have given what was found. Empty when it was a search."""
    within_s: TimeSpan
    """The context in which it looked."""
    fixes_time: bool = False
    """It only served to fix a time context."""
    is_rival: bool = False
    """It is about a thing that the one meant was told from: another one that does the same."""

    @property
    def is_search(self) -> bool:
        """The answer rests on nothing else being there in all of `within_s`."""
        return not self.facts

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
        self._known: dict[tuple[str, TimeSpan], Proof] = {}
        self._members: dict[tuple[str, TimeSpan, int], Proof] = {}

    def sides(self, call: Call, context_s: TimeSpan) -> tuple[Side, ...]:
        """What the answer of `call` rests on: all sides; more than one only for `and`, `or`, `xor`."""
        times, call, context_s = self._enter(call, context_s)
        if call.name in LOGIC:
            sides = [side for part in call.parts for side in self.sides(part, context_s)]
            return tuple(tuple(times + proof for proof in side) for side in sides)
        if call.name == "exists":
            members = self._executor.set_of(call.parts[0], context_s).members
            if members:
                proofs = (self._member(call.parts[0], context_s, number) for number in members)
                return (tuple(times + proof for proof in proofs),)
        return ((times + self._inside(call, context_s),),)

    def _enter(self, call: Call, context_s: TimeSpan) -> tuple[Proof, Call, TimeSpan]:
        """As `Executor.enter`, with the look-ups that fixed the times."""
        times: Proof = ()
        while call.name == "at":
            times += self._fixing(call.parts[0], context_s)
            context_s = self._executor.context(call.parts[0], context_s)
            call = call.parts[1]
        return times, call, context_s

    def _fixing(self, time: Call, context_s: TimeSpan) -> Proof:
        """Look-ups that a TIME makes."""
        key = (time.text, context_s)
        found = self._known.get(key)
        if found is None:
            steps = [step for span in time.parts for step in self._value(span, context_s)]
            found = self._known[key] = tuple([Lookup(*step[:3], True, step.is_rival) for step in steps])
        return found

    def _value(self, call: Call, context_s: TimeSpan) -> Proof:
        """Look-ups behind an expression that is neither a set nor a thing."""
        times, call, context_s = self._enter(call, context_s)
        return times + self._inside(call, context_s)

    def _inside(self, call: Call, context_s: TimeSpan) -> Proof:
        """As `_value`, of a call that is no `at`."""
        if call.name in ("exists", "count"):
            return self._everything(call.parts[0], context_s)
        found: Proof = ()
        for part in call.parts:
            found += (self._thing if part.type is Type.THING else self._value)(part, context_s)
        return found + self._own(call, context_s) if call.name in HOPS else found

    def _own(self, call: Call, context_s: TimeSpan) -> Proof:
        """The look-up of a question operator itself."""
        if call.name in TWO_FACTS:
            return self._change(call, context_s)
        word = call.word(1) if call.name in SPANS else None
        return (_lookup(call, context_s, self._executor.looked_up(call, context_s), word),)

    def _change(self, call: Call, context_s: TimeSpan) -> Proof:
        """Look-ups of what comes first, of the other thing if there is one, and of what is found."""
        change = self._executor.change(call, context_s)
        given = Lookup(call, change.given.facts, context_s, is_rival=True)
        found = Lookup(call, change.found.facts, context_s)
        if call.name != "switch":
            return given, found
        nodes = _lookup(call, context_s, self._executor.facts.things[change.found.other].nodes)
        return given, nodes._replace(is_rival=True), found

    def _thing(self, call: Call, context_s: TimeSpan) -> Proof:
        key = (call.text, context_s)
        found = self._known.get(key)
        if found is None:
            number = self._executor.thing(call, context_s)
            times, call, context_s = self._enter(call, context_s)
            times += tuple(self._left_out(call.parts[0], context_s))
            if call.name in RANKS:
                found = times + self._rank(call, context_s, number)
            else:
                found = times + self._member(call.parts[0], context_s, number)
            self._known[key] = found
        return found

    def _rank(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        """Look-ups of all that do what things are ranked by, of the found one last; nobody else does."""
        members = self._executor.set_of(call.parts[0], context_s).members
        rivals, own = list[Lookup](), Proof()
        for doer in doers_of(self._executor.facts, call, members, context_s):
            told_by = dict.fromkeys((doer.motions[0], doer.motions[0 if _counts_on(call) else -1]))
            does = (Lookup(call, frozenset((motion.id,)), context_s) for motion in told_by)
            steps = (*self._member(call.parts[0], context_s, doer.number), *does)
            if doer.number == number:
                own = steps
            else:
                rivals += [Lookup(*step[:4], True) for step in steps]
        return (*rivals, *own, Lookup(call, frozenset(), context_s))

    def _member(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        """Look-ups by which a thing belongs to a set."""
        key = (call.text, context_s, number)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = self._find_member(call, context_s, number)
        return found

    def _find_member(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        if call.name == "at":
            times, call, context_s = self._enter(call, context_s)
            return times + self._member(call, context_s, number)
        if call.name == "things":
            return (_lookup(call, context_s, self._executor.facts.things[number].nodes),)
        before = self._member(call.parts[0], context_s, number)
        if call.name == "except":
            named = tuple(self._named(call.parts[1], context_s))
            return (*named, *before, self._lacking(call.parts[1], context_s, number))
        return before if call.name == "called" else before + self._filter(call, context_s, number)

    def _filter(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
        thing, word = self._executor.facts.things[number], call.word(1)
        if call.name == "with":
            return (_lookup(call, context_s, thing.attributes.get(word, ()), call.word(2)),)
        if call.name == "does":
            return (_lookup(call, context_s, thing.motions, word),)
        ends, _ = self._executor.ends(call.parts[1], context_s)
        edges = thing.outgoing if call.name == "subjects" else thing.incoming
        linking = [fact for fact in edges if fact.other in ends]
        found = _lookup(call, context_s, linking, word)
        if call.parts[1].type is Type.THING:
            return (*self._thing(call.parts[1], context_s), found)
        some = dict.fromkeys(fact.other for fact in linking if fact.id in found.facts)
        members = (self._member(call.parts[1], context_s, end) for end in some)
        return (*(_any_of(steps) for steps in zip(*members, strict=True)), found)

    def _lacking(self, call: Call, context_s: TimeSpan, number: int) -> Lookup:
        """The look-up by which a thing is not in a set: of the value that it has instead, else a search."""
        _, call, context_s = self._enter(call, context_s)
        if call.name != "with":
            return Lookup(call, frozenset(), context_s)
        instead = self._executor.facts.things[number].attributes.get(call.word(1), ())
        return _lookup(call, context_s, instead)

    def _everything(self, call: Call, context_s: TimeSpan) -> Proof:
        """Look-ups behind a count or a "no": what filters name and leave out, all members, the search."""
        times, call, context_s = self._enter(call, context_s)
        members = self._executor.set_of(call, context_s).members
        found = tuple(step for number in members for step in self._member(call, context_s, number))
        search = Lookup(call, frozenset(), context_s)
        left_out = self._left_out(call, context_s)
        return (*times, *self._named(call, context_s), *left_out, *found, search)

    def _left_out(self, call: Call, context_s: TimeSpan) -> Iterator[Lookup]:
        """Look-ups by which things do not belong to a set: those that an `except` of it takes away."""
        while "except(" in call.text:  # most sets take nothing away: no need to walk
            _, call, context_s = self._enter(call, context_s)
            if call.name == "except":
                within, other = (self._executor.set_of(part, context_s) for part in call.parts)
                for number in within.members + within.possible:
                    if number in other.members:
                        member = self._member(call.parts[1], context_s, number)
                        yield from (step._replace(is_rival=True) for step in member)
            call = call.parts[0]

    def _named(self, call: Call, context_s: TimeSpan) -> Iterator[Lookup]:
        """Look-ups behind the things that the filters of a set name, whether or not it has members."""
        while call.args:
            if call.name in ("subjects", "objects"):
                named = call.parts[1]
                is_one = named.type is Type.THING
                yield from (self._thing if is_one else self._everything)(named, context_s)
            if call.name == "except":
                yield from self._named(call.parts[1], context_s)
            times, call, context_s = self._enter(call.parts[0], context_s)
            yield from times


def _counts_on(call: Call) -> bool:
    """Whether only the first time matters that each thing does it."""
    return call.name != "nth" or call.number(2) > 0


def _any_of(steps: tuple[Lookup, ...]) -> Lookup:
    """One look-up that any of several would answer; all are of the same call."""
    return steps[0]._replace(facts=frozenset[str]().union(*(step.facts for step in steps)))


def _lookup(call: Call, context_s: TimeSpan, among: Iterable[Fact], word: str | None = None) -> Lookup:
    """The facts that hold, with that word if one is given."""
    held = [f.id for f in among if (word is None or f.word == word) and f.holds_in(context_s)]
    return Lookup(call, frozenset(held), context_s)
