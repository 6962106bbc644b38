"""Whether a question needs all that it says (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from videostep.errors import ProgramError
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


class NeedChecks:
    """Finds what could be left out of programs on one graph; what was looked at once is kept."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._found: dict[tuple[Call, Context], str] = {}

    def needless(self, program: Call) -> str | None:
        """What could be left out of a program that has an answer, without making it another question."""
        executor, whole = self._executor, self._executor.whole
        idle = self._idle_in(program, whole) or _idle_time(executor, program, whole)
        if not idle and inside_at(program).name in _OF_TWO:
            idle = _said_twice(executor, program)
        return idle or None

    def _idle_in(self, call: Call, context: Context) -> str:
        """The first thing said in a call's descriptions that says nothing; or empty."""
        if call.type is Type.THING:
            key = call, context
            found = self._found.get(key)
            if found is None:
                found = self._found[key] = self._idle_in_description(call, context)
            return found
        return self._idle_inside(call, context)

    def _idle_in_description(self, call: Call, context: Context) -> str:
        if "at(" in call.text and _means_it_without_time(self._executor, call, context):
            return f"{describe(call)!r} is the same without one of its times"
        described, inner = self._executor.enter(call, context)
        filter_ = self._executor.set_of(described.parts[0], inner).idle
        if filter_ is not None:
            return f"{describe(filter_)!r} says no more than {describe(filter_.parts[0])!r}"
        return self._idle_inside(call, context)

    def _idle_inside(self, call: Call, context: Context) -> str:
        """The same of the arguments of a call, and of the times of the `at`s around it."""
        idle = ""
        while call.name == "at" and not idle:
            idle = self._idle_inside(call.parts[0], context)
            context = self._executor.context(call.parts[0], context)
            call = call.parts[1]
        for part in call.parts:
            if part.parts and not idle:
                idle = self._idle_in(part, context)
        return idle


def _means_it_without_time(executor: Executor, thing: Call, context: Context) -> bool:
    """Whether a description means the same thing when one of its own `at`s is left out."""
    meant = executor.thing(thing, context)
    for time in _times_of(thing):
        without = executor.parse(f"name({thing.text.replace(time.text, time.parts[1].text)})")
        try:
            if executor.thing(without.parts[0], context) == meant:
                return True
        except ProgramError:  # it took the time to mean one thing
            pass
    return False


def _times_of(call: Call) -> Iterator[Call]:
    """The `at`s of a description, without those of the descriptions inside it."""
    while call.args and "at(" in call.text:
        if call.name == "at":
            yield call
        if call.name in ("subjects", "objects") and call.parts[1].type is Type.THINGS:
            yield from _times_of(call.parts[1])
        call = call.parts[call.name == "at"]


def _said_twice(executor: Executor, program: Call) -> str:
    """The first part of a comparison or of logic that another part says, or denies, too; or empty."""
    claims: set[Claim] = set()
    for call, context in parts_of(executor, program, executor.whole):
        if call.name in _OF_SPANS:
            first, second = (_claim(executor, *executor.enter(side, context)) for side in call.parts)
            if first == second:
                return f"{call.text} sets a thing beside itself: it is said twice"
        claim = _claim(executor, call, context)
        if claim in claims:
            return f"{call.text} is said twice"
        claims.add(claim)
    return ""


def _claim(executor: Executor, call: Call, context: Context) -> Claim:
    """What a part says: equal for two parts that say the same of the same, whichever way round."""
    related = call.parts[0] if call.name == "equal" else call
    if related.name in ("held", "predicate") and call.args[1] in SYMMETRIC:
        ends = (str(executor.thing(end, context)) for end in related.parts)
        return related.name, (str(call.args[1]), *sorted(ends)), context
    args = tuple(arg.text if isinstance(arg, Call) else str(arg) for arg in call.args)
    return call.name, tuple(sorted(args)) if call.name in _EITHER_WAY else args, context


def parts_of(executor: Executor, call: Call, context: Context) -> Iterator[tuple[Call, Context]]:
    """What `and`, `or`, `xor` and `not` are made of, each in its context; any other program is one part."""
    call, context = executor.enter(call, context)
    if call.name not in LOGIC:
        yield call, context
        return
    for part in call.parts:
        yield from parts_of(executor, part, context)


def _idle_time(executor: Executor, call: Call, context: Context) -> str:
    """The first time around the question, or a part of it, that makes no difference there; or empty."""
    inside, inner = executor.enter(call, context)
    if call is not inside and _is_the_same_in(executor, inside, inner, context):
        times = [part.parts[0].name for part in _ats_around(call) if part.parts[0].name != "always"]
        if times:
            return f"the answer is the same without the time {times[0]!r}"
    deeper = inside.parts if inside.name in LOGIC else ()
    return next(filter(None, (_idle_time(executor, part, inner) for part in deeper)), "")


def _ats_around(call: Call) -> Iterator[Call]:
    while call.name == "at":
        yield call
        call = call.parts[1]


def _is_the_same_in(executor: Executor, asked: Call, context: Context, wider: Context) -> bool:
    """Whether what is asked, in each part, has the same value in a wider context.

    Whether there is something, and how much, is always a matter of when.
    """
    if asked.name in LOGIC:
        parts = parts_of(executor, asked, context)
        return all(_is_the_same_in(executor, part, part_context, wider) for part, part_context in parts)
    if asked.name in ("exists", "count"):
        return False
    if asked.name in ("equal", "choose"):
        asked = asked.parts[0]
    try:
        return executor.answer(asked, context) == executor.answer(asked, wider)
    except ProgramError:
        return False
