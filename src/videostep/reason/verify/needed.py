"""Whether a question needs all that it says (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from videostep.errors import ProgramError
from videostep.reason.verify.asked import Asked
from videostep.reason.verify.context import Context
from videostep.reason.verify.describe import describe
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import SYMMETRIC
from videostep.reason.verify.language import LOGIC, Call, Type, inside_at

_EITHER_WAY = frozenset({"same", "overlap", "longer"})
"""Swapping their arguments makes the same claim, or its contrary."""
_OF_SPANS = frozenset({"order", "longer", "overlap"})
_OF_TWO = LOGIC | _OF_SPANS
"""What is made of two parts, neither of which may say what the other says."""
Claim: TypeAlias = tuple[str, tuple[str, ...], Context]
"""An operator, what it is about, and when."""


def needless(executor: Executor, program: Call) -> str | None:
    """What could be left out of a program that has an answer, without making it another question."""
    whole = executor.whole
    idle = _idle_in(executor, program, whole) or _idle_time(executor, program, whole)
    if not idle and inside_at(program).name in _OF_TWO:
        idle = _said_twice(executor.ask(program, whole))
    return idle or None


def _idle_in(executor: Executor, call: Call, context: Context) -> str:
    """The first thing said in a call's descriptions that says nothing; or empty."""
    if call.name == "at":
        if call.type is Type.THING and (idle := _idle_at(executor, call, context)):
            return idle
        time = executor.ask(call.parts[0], context)
        return _idle_in_parts(time) or _idle_in(executor, call.parts[1], time.inside)
    asked = executor.ask(call, context)
    if call.type is not Type.THING:
        return _idle_in_parts(asked)
    if asked.idle is None:
        asked.idle = _idle_in_description(asked)
    return asked.idle


def _idle_in_parts(asked: Asked) -> str:
    for part in asked.call.parts:
        if part.describes and (idle := _idle_in(asked.executor, part, asked.context)):
            return idle
    return ""


def _idle_in_description(asked: Asked) -> str:
    if "at(" in asked.call.text and (idle := _idle_at(asked.executor, asked.call, asked.context)):
        return idle
    filter_ = asked.parts[0].things.idle
    if filter_ is not None:
        return f"{describe(filter_)!r} says no more than {describe(filter_.parts[0])!r}"
    return _idle_in_parts(asked)


def _idle_at(executor: Executor, thing: Call, context: Context) -> str:
    """What to say of a description that means the same thing when one of its own `at`s is left out."""
    meant = executor.ask(thing, context).thing
    for time in _times_of(thing):
        without = executor.parse(f"name({thing.text.replace(time.text, time.parts[1].text)})")
        try:
            if executor.ask(without.parts[0], context).thing == meant:
                return f"{describe(thing)!r} is the same without one of its times"
        except ProgramError:  # it took the time to mean one thing
            pass
    return ""


def _times_of(call: Call) -> Iterator[Call]:
    """The `at`s of a description, without those of the descriptions inside it."""
    while call.args and "at(" in call.text:
        if call.name == "at":
            yield call
        if call.name in ("subjects", "objects") and call.parts[1].type is Type.THINGS:
            yield from _times_of(call.parts[1])
        call = call.parts[call.name == "at"]


def _said_twice(program: Asked) -> str:
    """The first part of a comparison or of logic that another part says, or denies, too; or empty."""
    claims: set[Claim] = set()
    for part in parts_of(program):
        if part.name in _OF_SPANS and _claim(part.parts[0]) == _claim(part.parts[1]):
            return f"{part.call.text} sets a thing beside itself: it is said twice"
        claim = _claim(part)
        if claim in claims:
            return f"{part.call.text} is said twice"
        claims.add(claim)
    return ""


def _claim(asked: Asked) -> Claim:
    """What a part says: equal for two parts that say the same of the same, whichever way round."""
    related = asked.parts[0] if asked.name == "equal" else asked
    if related.name in ("held", "predicate") and asked.call.args[1] in SYMMETRIC:
        ends = (str(end.thing) for end in related.parts)
        return related.name, (str(asked.call.args[1]), *sorted(ends)), related.context
    args = tuple(arg.text if isinstance(arg, Call) else str(arg) for arg in asked.call.args)
    return asked.name, tuple(sorted(args)) if asked.name in _EITHER_WAY else args, asked.context


def parts_of(asked: Asked) -> Iterator[Asked]:
    """What `and`, `or`, `xor` and `not` are made of; any other program is one part."""
    if asked.name not in LOGIC:
        yield asked
        return
    for part in asked.parts:
        yield from parts_of(part)


def _idle_time(executor: Executor, call: Call, context: Context) -> str:
    """The first time around the question, or a part of it, that makes no difference there; or empty."""
    asked = executor.ask(call, context)
    if call.name == "at" and _is_the_same_in(asked, context):
        times = [name for name in _times_around(call) if name != "always"]
        if times:
            return f"the answer is the same without the time {times[0]!r}"
    deeper = asked.call.parts if asked.name in LOGIC else ()
    return next(filter(None, (_idle_time(executor, part, asked.context) for part in deeper)), "")


def _times_around(call: Call) -> Iterator[str]:
    while call.name == "at":
        yield call.parts[0].name
        call = call.parts[1]


def _is_the_same_in(asked: Asked, wider: Context) -> bool:
    """Whether what is asked, in each part, has the same value in a wider context.

    Whether there is something, and how much, is always a matter of when.
    """
    if asked.name in LOGIC:
        return all(_is_the_same_in(part, wider) for part in parts_of(asked))
    if asked.name in ("exists", "count"):
        return False
    call = asked.call.parts[0] if asked.name in ("equal", "choose") else asked.call
    try:
        return asked.executor.ask(call, asked.context).answer == asked.executor.ask(call, wider).answer
    except ProgramError:
        return False
