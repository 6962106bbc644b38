"""How many things fit the outermost hop of a question alone: what a guess without the rest would face."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact, Thing
from videostep.reason.verify.language import LOGIC, RANKS, SPANS, Call
from videostep.video import TimeSpan

_WRAPPERS = LOGIC | {"equal", "choose", "same", "order", "longer", "overlap"}
"""They only compare what their first argument gives."""


def outer_candidates(executor: Executor, program: str) -> int:
    """Count the things a question could mean if all its inner descriptions were left out.

    Labels and time contexts stay, and so does the outermost hop: what `attribute`, `motion`, `when`,
    `held` or `predicate` asks for; for `name`, `exists` and `count` the outermost filter of their argument.
    Every other filter is dropped, and the things that relations lead to may be any thing.

    Raises:
        ProgramError: `program` does not parse, or one of its times is not to be found.
    """
    found = executor.candidates.get(program)
    if found is None:
        found = _candidates(executor, executor.parse(program), executor.facts.whole_s)
        executor.candidates[program] = found
    return found


def _candidates(executor: Executor, call: Call, context_s: TimeSpan) -> int:
    call, context_s = executor.enter(call, context_s)
    if call.name in _WRAPPERS:
        return _candidates(executor, call.call(0), context_s)
    if call.name == "event":
        return sum(event.holds_in(context_s) for event in executor.facts.events)
    argument, inner_s = executor.enter(call.call(0), context_s)
    if argument.name == "unique" or (argument.name in RANKS and call.name != "name"):
        argument, inner_s = executor.enter(argument.call(0), inner_s)
    things = [executor.facts.things[number] for number in _labelled(executor, argument, inner_s)]
    if call.name in ("name", "exists", "count"):
        return _passing(executor, argument, inner_s, things)
    return sum(_any_holds(_asked(call, thing), context_s) for thing in things)


def _labelled(executor: Executor, call: Call, context_s: TimeSpan) -> Iterable[int]:
    """Members of a set when of all its filters only `called` is kept."""
    call, context_s = executor.enter(call, context_s)
    if call.name == "things":
        return executor.facts.visible(context_s)
    inner = _labelled(executor, call.call(0), context_s)
    if call.name != "called":
        return inner
    return [number for number in inner if executor.facts.things[number].label == call.word(1)]


def _passing(executor: Executor, call: Call, context_s: TimeSpan, things: list[Thing]) -> int:
    """How many of `things` pass the outermost filter that is not a label, such as `nth`."""
    while call.name == "called":
        call, context_s = executor.enter(call.call(0), context_s)
    if call.name == "things":
        return len(things)
    return sum(_any_holds(_filtered(call, thing), context_s) for thing in things)


def _filtered(call: Call, thing: Thing) -> Iterable[Fact]:
    if call.name == "with":
        return (fact for fact in thing.attributes.get(call.word(1), ()) if fact.word == call.word(2))
    edges = {"subjects": thing.outgoing, "objects": thing.incoming}.get(call.name, thing.motions)
    return (fact for fact in edges if fact.word == call.word(1))


def _asked(call: Call, thing: Thing) -> Iterable[Fact]:
    if call.name == "attribute":
        return thing.attributes.get(call.word(1), ())
    facts = thing.outgoing if call.name in ("predicate", "held") else thing.motions
    return (fact for fact in facts if call.name not in SPANS or fact.word == call.word(1))


def _any_holds(facts: Iterable[Fact], context_s: TimeSpan) -> bool:
    return any(fact.holds_in(context_s) for fact in facts)
