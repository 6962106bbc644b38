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


def proofs_of(executor: Executor, call: Call, context_s: TimeSpan) -> Iterator[Proof]:
    """Every way to prove an answer that `executor` gives; more than one only for `exists`.

    Raises:
        ProgramError: The expression has no answer.
    """
    times, call, context_s = _enter(executor, call, context_s)
    if call.name == "exists":
        members = executor.set_of(call.call(0), context_s).members
        for number in members:
            yield times + _member(executor, call.call(0), context_s, number)
        if members:
            return
    yield times + _value(executor, call, context_s)


def _enter(executor: Executor, call: Call, context_s: TimeSpan) -> tuple[Proof, Call, TimeSpan]:
    """As `Executor.enter`, with the look-ups that fixed the times."""
    times: Proof = ()
    while call.name == "at":
        time = call.call(0)
        for span in time.calls():
            times += tuple(step._replace(fixes_time=True) for step in _value(executor, span, context_s))
        context_s = executor.context(time, context_s)
        call = call.call(1)
    return times, call, context_s


def _value(executor: Executor, call: Call, context_s: TimeSpan) -> Proof:
    """Look-ups behind an expression that is neither a set nor a thing."""
    times, call, context_s = _enter(executor, call, context_s)
    if call.name in ("exists", "count"):
        return times + _everything(executor, call.call(0), context_s)
    found = times
    for arg in call.calls():
        found += (_thing if arg.type is Type.THING else _value)(executor, arg, context_s)
    return found + _own(executor, call, context_s)


def _own(executor: Executor, call: Call, context_s: TimeSpan) -> Proof:
    """The look-up of a question operator itself."""
    if call.name == "when":
        motions = executor.facts.things[executor.thing(call.call(0), context_s)].motions
        return (_lookup(call, (fact for fact in motions if fact.word == call.word(1)), context_s),)
    if call.name in HOPS:
        return (_lookup(call, executor.looked_up(call, context_s), context_s),)
    return ()


def _thing(executor: Executor, call: Call, context_s: TimeSpan) -> Proof:
    number = executor.thing(call, context_s)
    times, call, context_s = _enter(executor, call, context_s)
    return times + _member(executor, call.call(0), context_s, number)


def _member(executor: Executor, call: Call, context_s: TimeSpan, number: int) -> Proof:
    """Look-ups by which a thing belongs to a set."""
    times, call, context_s = _enter(executor, call, context_s)
    if call.name == "things":
        return (*times, _lookup(call, executor.facts.things[number].nodes, context_s))
    before = times + _member(executor, call.call(0), context_s, number)
    return before if call.name == "called" else before + _filter(executor, call, context_s, number)


def _filter(executor: Executor, call: Call, context_s: TimeSpan, number: int) -> Proof:
    """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
    thing, word = executor.facts.things[number], call.word(1)
    if call.name == "with":
        values = thing.attributes.get(word, ())
        return (_lookup(call, (fact for fact in values if fact.word == call.word(2)), context_s),)
    if call.name == "does":
        return (_lookup(call, (fact for fact in thing.motions if fact.word == word), context_s),)
    other = executor.thing(call.call(2), context_s)
    edges = thing.outgoing if call.name == "subjects" else thing.incoming
    linking = (fact for fact in edges if fact.other == other and fact.word == word)
    return (*_thing(executor, call.call(2), context_s), _lookup(call, linking, context_s))


def _everything(executor: Executor, call: Call, context_s: TimeSpan) -> Proof:
    """Look-ups behind a count or a "no": what the filters name, all members, the search for others."""
    times, call, context_s = _enter(executor, call, context_s)
    members = executor.set_of(call, context_s).members
    found = tuple(step for number in members for step in _member(executor, call, context_s, number))
    search = Lookup(call, frozenset(), context_s)
    return (*times, *_named(executor, call, context_s), *found, search)


def _named(executor: Executor, call: Call, context_s: TimeSpan) -> Iterator[Lookup]:
    """Look-ups behind the things that the filters of a set name, whether or not it has members."""
    while call.args:
        if call.name in ("subjects", "objects"):
            yield from _thing(executor, call.call(2), context_s)
        times, call, context_s = _enter(executor, call.call(0), context_s)
        yield from times


def _lookup(call: Call, facts: Iterable[Fact], context_s: TimeSpan) -> Lookup:
    return Lookup(call, frozenset(fact.id for fact in facts if fact.holds_in(context_s)), context_s)
