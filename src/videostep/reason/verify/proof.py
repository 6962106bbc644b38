"""What an answer rests on: every look-up of an execution, with the facts that answered it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact
from videostep.reason.verify.language import HOPS, Call, Type
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

    @property
    def is_search(self) -> bool:
        """The answer rests on nothing else being there in all of `within_s`."""
        return not self.facts

    @property
    def is_step(self) -> bool:
        """It follows an edge that counts as a step of reasoning."""
        return self.call.name in HOPS and not (self.fixes_time and self.call.name == "when")


Proof = tuple[Lookup, ...]
"""Every look-up that one answer needs: inner descriptions first, the outermost hop last."""


class Prover:
    """Explains the answers of one executor; raises the executor's errors where there is no answer."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._things: dict[tuple[str, TimeSpan], Proof] = {}

    def proofs(self, call: Call, context_s: TimeSpan) -> Iterator[Proof]:
        """Every way to prove the answer of `call`; more than one only for `exists`."""
        times, call, context_s = self._enter(call, context_s)
        if call.name == "exists":
            members = self._executor.set_of(call.call(0), context_s).members
            for number in members:
                yield times + self._member(call.call(0), context_s, number)
            if members:
                return
        yield times + self._value(call, context_s)

    def _enter(self, call: Call, context_s: TimeSpan) -> tuple[Proof, Call, TimeSpan]:
        """As `Executor.enter`, with the look-ups that fixed the times."""
        times: Proof = ()
        while call.name == "at":
            time = call.call(0)
            for span in time.calls():
                times += tuple(step._replace(fixes_time=True) for step in self._value(span, context_s))
            context_s = self._executor.context(time, context_s)
            call = call.call(1)
        return times, call, context_s

    def _value(self, call: Call, context_s: TimeSpan) -> Proof:
        """Look-ups behind an expression that is neither a set nor a thing."""
        times, call, context_s = self._enter(call, context_s)
        if call.name in ("exists", "count"):
            return times + self._everything(call.call(0), context_s)
        found = times
        for arg in call.calls():
            found += (self._thing if arg.type is Type.THING else self._value)(arg, context_s)
        return found + self._own(call, context_s)

    def _own(self, call: Call, context_s: TimeSpan) -> Proof:
        """The look-up of a question operator itself."""
        if call.name == "when":
            thing = self._executor.facts.things[self._executor.thing(call.call(0), context_s)]
            return (_lookup(call, context_s, thing.motions, call.word(1)),)
        if call.name in HOPS:
            return (_lookup(call, context_s, self._executor.looked_up(call, context_s)),)
        return ()

    def _thing(self, call: Call, context_s: TimeSpan) -> Proof:
        key = (call.text, context_s)
        found = self._things.get(key)
        if found is None:
            number = self._executor.thing(call, context_s)
            times, call, context_s = self._enter(call, context_s)
            found = self._things[key] = times + self._member(call.call(0), context_s, number)
        return found

    def _member(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        """Look-ups by which a thing belongs to a set."""
        times, call, context_s = self._enter(call, context_s)
        if call.name == "things":
            return (*times, _lookup(call, context_s, self._executor.facts.things[number].nodes))
        before = times + self._member(call.call(0), context_s, number)
        return before if call.name == "called" else before + self._filter(call, context_s, number)

    def _filter(self, call: Call, context_s: TimeSpan, number: int) -> Proof:
        """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
        thing, word = self._executor.facts.things[number], call.word(1)
        if call.name == "with":
            return (_lookup(call, context_s, thing.attributes.get(word, ()), call.word(2)),)
        if call.name == "does":
            return (_lookup(call, context_s, thing.motions, word),)
        ends, _ = self._executor.ends(call.call(2), context_s)
        edges = thing.outgoing if call.name == "subjects" else thing.incoming
        linking = [fact for fact in edges if fact.other in ends]
        found = _lookup(call, context_s, linking, word)
        if call.call(2).type is Type.THING:
            return (*self._thing(call.call(2), context_s), found)
        some = dict.fromkeys(fact.other for fact in linking if fact.id in found.facts)
        members = (self._member(call.call(2), context_s, end) for end in some)
        return (*(_any_of(steps) for steps in zip(*members, strict=True)), found)

    def _everything(self, call: Call, context_s: TimeSpan) -> Proof:
        """Look-ups behind a count or a "no": what filters name, all members, the search for others."""
        times, call, context_s = self._enter(call, context_s)
        members = self._executor.set_of(call, context_s).members
        found = tuple(step for number in members for step in self._member(call, context_s, number))
        search = Lookup(call, frozenset(), context_s)
        return (*times, *self._named(call, context_s), *found, search)

    def _named(self, call: Call, context_s: TimeSpan) -> Iterator[Lookup]:
        """Look-ups behind the things that the filters of a set name, whether or not it has members."""
        while call.args:
            if call.name in ("subjects", "objects"):
                named = call.call(2)
                is_one = named.type is Type.THING
                yield from (self._thing if is_one else self._everything)(named, context_s)
            times, call, context_s = self._enter(call.call(0), context_s)
            yield from times


def _any_of(steps: tuple[Lookup, ...]) -> Lookup:
    """One look-up that any of several would answer; all are of the same call."""
    return steps[0]._replace(facts=frozenset[str]().union(*(step.facts for step in steps)))


def _lookup(call: Call, context_s: TimeSpan, among: Iterable[Fact], word: str | None = None) -> Lookup:
    """The facts that hold, with that word if one is given."""
    held = [fact.id for fact in among if (word is None or fact.word == word) and fact.holds_in(context_s)]
    return Lookup(call, frozenset(held), context_s)
