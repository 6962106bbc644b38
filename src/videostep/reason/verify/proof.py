"""What an answer rests on: every look-up of an execution, with the facts that answered it.

What adds look-ups adds them to a list, in the order of the proof; a list that is kept is not changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from videostep.reason.verify.asked import Asked
from videostep.reason.verify.context import Context
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import Fact, Spans
from videostep.reason.verify.language import HOPS, LOGIC, RANKS, SPANS, TWO_FACTS, Call, Type


class Lookup(Struct, frozen=True):
    """One look-up of an execution."""

    call: Call
    """The call that looked."""
    held_s: dict[str, Spans]
    """By id the facts, any one of which would have given what was found, and when each holds in the context.
    Empty when it was a search: the answer rests on nothing else being there in all of the context."""
    context: Context
    """Where it looked."""
    fixes_time: bool = False
    """It only served to fix a time context."""
    is_rival: bool = False
    """It is about a thing that the one meant was told from: another one that does the same."""


Proof = Sequence[Lookup]
"""Every look-up that one answer needs: inner descriptions first, the outermost hop last."""
Side = list[Proof]
"""Proofs any one of which is enough; more than one only where something exists."""


def sides(executor: Executor, call: Call, context: Context, before: Proof = ()) -> list[Side]:
    """What the answer of `call` rests on: all sides; more than one only for `and`, `or`, `xor`.

    Args:
        executor: Of the graph; its errors are raised where there is no answer.
        call: A program that has an answer, or a part of it.
        context: Where it is executed.
        before: Look-ups that fixed `context`.
    """
    found = [*before, *_times(executor, call, context)]
    asked = executor.ask(call, context)
    if asked.name in LOGIC:
        parts = asked.call.parts
        return [side for part in parts for side in sides(executor, part, asked.context, found)]
    if asked.name == "exists" and (members := asked.parts[0].things.members):
        return [[[*found, *_belonging(asked, 0, number)] for number in members]]
    _add_value(asked, found)
    return [[found]]


def _times(executor: Executor, call: Call, context: Context) -> Proof:
    """Look-ups that fix the times of the `at`s around a call."""
    if call.name != "at":
        return ()
    time = executor.ask(call.parts[0], context)
    if time.proof is None:
        steps = list[Lookup]()
        _add_values(time, steps)
        time.proof = [Lookup(step.call, step.held_s, step.context, True, step.is_rival) for step in steps]
    return [*time.proof, *_times(executor, call.parts[1], time.inside)]


def _part(asked: Asked, part: int, found: list[Lookup]) -> Asked:
    """The first (0) or second (1) part of a call; adds the look-ups that fix its times."""
    call = asked.call.parts[part]
    if call.name == "at":
        found += _times(asked.executor, call, asked.context)
    return asked.parts[part]


def _add_values(asked: Asked, found: list[Lookup]) -> None:
    """Look-ups behind the parts of a call, none of which is a set."""
    for part, call in enumerate(asked.call.parts):
        inner = _part(asked, part, found)
        if call.type is Type.THING:
            found += _thing(inner)
        else:
            _add_value(inner, found)


def _add_value(asked: Asked, found: list[Lookup]) -> None:
    """Look-ups behind an expression that is neither a set nor a thing."""
    if asked.name in ("exists", "count"):
        _add_everything(asked, 0, found)
        return
    _add_values(asked, found)
    if asked.name in TWO_FACTS:
        found += _change(asked)
    elif asked.name in HOPS:
        word = asked.call.words[0] if asked.name in SPANS else None
        found.append(_lookup(asked, asked.looked_up, word))


def _change(asked: Asked) -> Proof:
    """Look-ups of what comes first, of the other thing if there is one, and of what is found."""
    things, change = asked.facts.things, asked.change
    thing = things[asked.parts[0].thing]
    all_known = (*thing.attributes.get(asked.call.words[0], ()), *thing.motions, *thing.outgoing)
    given, found = (
        _lookup(asked, [fact for fact in all_known if fact.id in run.facts])
        for run in (change.given, change.found)
    )
    if asked.name != "switch":
        return _as_rival(given), found
    nodes = _lookup(asked, things[change.found.other].nodes)
    return _as_rival(given), _as_rival(nodes), found


# --- things ---------------------------------------------------------------------------------------


def _thing(asked: Asked) -> Proof:
    """Look-ups behind a thing."""
    if asked.proof is None:
        found = list[Lookup]()
        _add_left_out(asked.parts[0], found)
        if asked.name in RANKS:
            _add_ranked(asked, found)
        else:
            found += _belonging(asked, 0, asked.thing)
        asked.proof = found
    return asked.proof


def _add_ranked(asked: Asked, found: list[Lookup]) -> None:
    """Look-ups of all that do what things are ranked by, of the found one last; nobody else does."""
    own = list[Lookup]()
    for doer in asked.doers:
        told_by = dict.fromkeys((doer.motions[0], doer.motions[0 if _counts_on(asked.call) else -1]))
        does = (_lookup(asked, (motion,)) for motion in told_by)
        steps = (*_belonging(asked, 0, doer.number), *does)
        if doer.number == asked.thing:
            own += steps
        else:
            found += map(_as_rival, steps)
    found += (*own, _search(asked))


def _counts_on(call: Call) -> bool:
    """Whether only the first time matters that each thing does it."""
    return call.name != "nth" or call.number(2) > 0


# --- sets -----------------------------------------------------------------------------------------


def _belonging(asked: Asked, part: int, number: int) -> Proof:
    """Look-ups by which a thing belongs to the set that is a part of a call."""
    call, steps = asked.call.parts[part], _member(asked.parts[part], number)
    return [*_times(asked.executor, call, asked.context), *steps] if call.name == "at" else steps


def _member(asked: Asked, number: int) -> Proof:
    """Look-ups by which a thing belongs to a set; kept, since sets are made of sets."""
    found = asked.member_proofs.get(number)
    if found is None:
        found = asked.member_proofs[number] = _find_member(asked, number)
    return found


def _find_member(asked: Asked, number: int) -> Proof:
    if asked.name == "things":
        return (_lookup(asked, asked.facts.things[number].nodes),)
    if asked.name == "called":
        return _belonging(asked, 0, number)
    found = list[Lookup]()
    if asked.name == "except":
        _add_named(_part(asked, 1, found), found)
        found += (*_belonging(asked, 0, number), _lacking(asked.parts[1], number))
    else:
        found += _belonging(asked, 0, number)
        _add_filter(asked, number, found)
    return found


def _add_filter(asked: Asked, number: int, found: list[Lookup]) -> None:
    """Look-ups by which a thing passes a filter, those of the filter's own argument first."""
    thing, words = asked.facts.things[number], asked.call.words
    if asked.name == "with":
        found.append(_lookup(asked, thing.attributes.get(words[0], ()), words[1]))
    elif asked.name == "does":
        found.append(_lookup(asked, thing.motions, words[0]))
    else:
        ends, _ = asked.ends
        edges = thing.outgoing if asked.name == "subjects" else thing.incoming
        linking = [fact for fact in edges if fact.other in ends]
        own = _lookup(asked, linking, words[0])
        if asked.call.parts[1].type is Type.THING:
            found += _thing(_part(asked, 1, found))
        else:
            some = dict.fromkeys(fact.other for fact in linking if fact.id in own.held_s)
            members = (_belonging(asked, 1, end) for end in some)
            found += (_any_of(steps) for steps in zip(*members, strict=True))
        found.append(own)


def _lacking(asked: Asked, number: int) -> Lookup:
    """The look-up by which a thing is not in a set: of the value that it has instead, else a search."""
    if asked.name != "with":
        return _search(asked)
    return _lookup(asked, asked.facts.things[number].attributes.get(asked.call.words[0], ()))


def _add_everything(asked: Asked, part: int, found: list[Lookup]) -> None:
    """Look-ups behind a count or a "no" of the set that is a part of a call.

    They are what filters name and leave out, all members, and the search.
    """
    every = _part(asked, part, found)
    _add_named(every, found)
    _add_left_out(every, found)
    for number in every.things.members:
        found += _member(every, number)
    found.append(_search(every))


def _add_left_out(asked: Asked, found: list[Lookup]) -> None:
    """Look-ups by which things do not belong to a set: those that an `except` of it takes away."""
    while "except(" in asked.call.text:  # most sets take nothing away: no need to walk
        if asked.name == "except":
            within, other = asked.parts[0].things, asked.parts[1].things
            for number in within.members + within.possible:
                if number in other.members:
                    found += map(_as_rival, _belonging(asked, 1, number))
        asked = asked.parts[0]


def _add_named(asked: Asked, found: list[Lookup]) -> None:
    """Look-ups behind the things that the filters of a set name, whether or not it has members."""
    while asked.call.args:
        if asked.name == "except":
            _add_named(_part(asked, 1, found), found)
        elif asked.name in ("subjects", "objects"):
            if asked.call.parts[1].type is Type.THING:
                found += _thing(_part(asked, 1, found))
            else:
                _add_everything(asked, 1, found)
        asked = _part(asked, 0, found)


# --- look-ups -------------------------------------------------------------------------------------


def _lookup(asked: Asked, among: Iterable[Fact], word: str | None = None) -> Lookup:
    """The facts that hold, with that word if one is given."""
    held_s, context_s = dict[str, Spans](), asked.context.span_s
    for fact in among:
        if (word is None or fact.word == word) and (parts_s := fact.parts_in(context_s)):
            held_s[fact.id] = parts_s
    return Lookup(asked.call, held_s, asked.context)


def _search(asked: Asked) -> Lookup:
    """Nothing else is there."""
    return Lookup(asked.call, {}, asked.context)


def _as_rival(step: Lookup) -> Lookup:
    """The look-up, of a thing that the one meant is told from."""
    return Lookup(step.call, step.held_s, step.context, step.fixes_time, True)


def _any_of(steps: tuple[Lookup, ...]) -> Lookup:
    """One look-up that any of several would answer; all are of the same call."""
    held_s = {id_: held for step in steps for id_, held in step.held_s.items()}
    return Lookup(steps[0].call, held_s, steps[0].context, steps[0].fixes_time, steps[0].is_rival)
