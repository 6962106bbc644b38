"""How many things fit the outermost hop of a question alone: what a guess without the rest would face."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.verify.asked import Asked
from videostep.reason.verify.context import Context
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact, Thing
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
    return count_outer(executor.ask(executor.parse(program), executor.whole))


def count_outer(asked: Asked) -> int:
    """As `outer_candidates`, of a program where it is asked."""
    while asked.name in _WRAPPERS:
        asked = asked.parts[0]
    if asked.outer_candidates is None:
        asked.outer_candidates = _of_hop(asked)
    return asked.outer_candidates


def _of_hop(asked: Asked) -> int:
    if asked.name == "event":
        return sum(event.holds_in(asked.context.span_s) for event in asked.facts.events)
    argument = asked.parts[0]
    if argument.name == "unique" or (argument.name in RANKS and asked.name != "name"):
        argument = argument.parts[0]
    hop = _outermost_filter(argument) if asked.name in _ASK_FOR_SETS else asked
    labels, seen = _labels(argument)
    key = (hop.name, hop.call.words, hop.context, labels, seen)
    candidates = asked.executor.candidates
    found = candidates.get(key)
    if found is None:
        found = candidates[key] = _count(hop, labels, seen)
    return found


def _outermost_filter(asked: Asked) -> Asked:
    """The outermost filter of a set that is no label, such as `with` or `nth`, else its `things()`.

    What is excepted is an inner description: who ignores it takes everything.
    """
    while asked.name in ("called", "except"):
        asked = asked.parts[0]
    return asked


def _labels(asked: Asked) -> tuple[tuple[str, ...], Context]:
    """The labels of a set, and when its things are seen."""
    labels: tuple[str, ...] = ()
    while asked.call.args:
        if asked.name == "called":
            labels += asked.call.words
        asked = asked.parts[0]
    return labels, asked.context


def _count(hop: Asked, labels: tuple[str, ...], seen: Context) -> int:
    fitting = seen.visible if not labels else seen.called(labels[0]) if len({*labels}) == 1 else ()
    if hop.name == "things":
        return len(fitting)
    things, context_s = hop.facts.things, hop.context.span_s
    word = None if hop.name in _ASK_FOR_ANY else hop.call.words[-1]
    return sum([_passes(_facts_of(hop.call, things[number]), word, context_s) for number in fitting])


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
