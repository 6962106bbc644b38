"""How many things fit the outermost hop of a question alone: what a guess without the rest would face."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.verify.context import Context
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact, Facts, Thing
from videostep.reason.verify.language import LOGIC, RANKS, Call
from videostep.video import TimeSpan

_WRAPPERS = LOGIC | {"equal", "choose", "same", "order", "longer", "overlap"}
"""They only compare what their first argument gives."""
_ASK_FOR_SETS = frozenset({"name", "exists", "count"})
"""Of these the outermost filter is the outermost hop."""
_ASK_FOR_ANY = frozenset({"attribute", "change", "turn", "predicate", "motion", "besides", "follow"})
"""Hops that any fact of their kind passes; of others it is the one with their last word."""
_OF_ATTRIBUTES = frozenset({"attribute", "change", "turn", "with"})
_OF_RELATIONS = frozenset({"predicate", "subjects", "held", "switch", "shift"})


def outer_candidates(executor: Executor, program: str) -> int:
    """Count the things a question could mean if all its inner descriptions were left out.

    Labels and time contexts stay, and so does the outermost hop: what `attribute`, `motion`, `when`,
    `held` or `predicate` asks for; for `name`, `exists` and `count` the outermost filter of their argument.
    Every other filter is dropped, and the things that relations lead to may be any thing.

    Raises:
        ProgramError: `program` does not parse, or one of its times is not to be found.
    """
    found = executor.outermost.get(program)
    if found is None:
        found = executor.outermost[program] = _of_hop(executor, *_hop_of(executor, program))
    return found


def _hop_of(executor: Executor, program: str) -> tuple[Call, Context]:
    """The call whose outermost hop is asked about, and its context."""
    call, context = executor.enter(executor.parse(program), executor.whole)
    while call.name in _WRAPPERS:
        call, context = executor.enter(call.parts[0], context)
    return call, context


def _of_hop(executor: Executor, call: Call, context: Context) -> int:
    if call.name == "event":
        return sum(event.holds_in(context.span_s) for event in executor.facts.events)
    argument, inner = executor.enter(call.parts[0], context)
    if argument.name == "unique" or (argument.name in RANKS and call.name != "name"):
        argument, inner = executor.enter(argument.parts[0], inner)
    if call.name in _ASK_FOR_SETS:
        hop, hop_context = _outermost_filter(executor, argument, inner)
    else:
        hop, hop_context = call, context
    labels, seen = _labels(executor, argument, inner)
    key = (hop.name, hop.words, hop_context, labels, seen)
    found = executor.candidates.get(key)
    if found is None:
        found = executor.candidates[key] = _count(executor.facts, hop, hop_context, labels, seen)
    return found


def _outermost_filter(executor: Executor, call: Call, context: Context) -> tuple[Call, Context]:
    """The outermost filter of a set that is no label, such as `with` or `nth`, else its `things()`.

    What is excepted is an inner description: who ignores it takes everything.
    """
    while call.name in ("called", "except"):
        call, context = executor.enter(call.parts[0], context)
    return call, context


def _labels(executor: Executor, call: Call, context: Context) -> tuple[tuple[str, ...], Context]:
    """The labels of a set, and when its things are seen."""
    labels: tuple[str, ...] = ()
    while call.args:
        if call.name == "called":
            labels += (call.words[0],)
        call, context = executor.enter(call.parts[0], context)
    return labels, context


def _count(facts: Facts, hop: Call, hop_context: Context, labels: tuple[str, ...], seen: Context) -> int:
    fitting = seen.visible if not labels else seen.called(labels[0]) if len({*labels}) == 1 else ()
    if hop.name == "things":
        return len(fitting)
    word = None if hop.name in _ASK_FOR_ANY else hop.words[-1]
    return sum(_passes(_facts_of(hop, facts.things[number]), word, hop_context.span_s) for number in fitting)


def _passes(facts: Iterable[Fact], word: str | None, context_s: TimeSpan) -> bool:
    """Whether one of the facts holds in a context, with that word if one is given."""
    for fact in facts:  # noqa: SIM110 - asked of every thing
        if (word is None or fact.word == word) and fact.holds_in(context_s):
            return True
    return False


def _facts_of(hop: Call, thing: Thing) -> Iterable[Fact]:
    """Facts of the kind by which a thing passes a hop."""
    if hop.name in _OF_ATTRIBUTES:
        return thing.attributes.get(hop.words[0], ())
    if hop.name in _OF_RELATIONS:
        return thing.outgoing
    return thing.incoming if hop.name == "objects" else thing.motions
