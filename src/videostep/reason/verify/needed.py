"""Whether a question needs all that it says (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from videostep.errors import ProgramError
from videostep.reason.verify.describe import describe
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.facts import SYMMETRIC
from videostep.reason.verify.language import LOGIC, Call, Type, inside_at
from videostep.video import TimeSpan

_EITHER_WAY = frozenset({"same", "overlap", "longer"})
"""Swapping their arguments makes the same claim, or its contrary."""
_OF_SPANS = frozenset({"order", "longer", "overlap"})
_OF_TWO = LOGIC | _OF_SPANS
"""What is made of two parts, neither of which may say what the other says."""
Claim: TypeAlias = tuple[str, tuple[str, ...], TimeSpan]
"""An operator, what it is about, and when."""


class NeedChecks:
    """Finds what could be left out of programs on one graph; what was looked at once is kept."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._found: dict[tuple[str, TimeSpan], str] = {}

    def needless(self, program: Call) -> str | None:
        """What could be left out of a program that has an answer, without making it another question."""
        executor, whole_s = self._executor, self._executor.facts.whole_s
        idle = self._idle_in(program, whole_s) or _idle_time(executor, program, whole_s)
        if not idle and inside_at(program).name in _OF_TWO:
            idle = _said_twice(executor, program)
        return idle or None

    def _idle_in(self, call: Call, context_s: TimeSpan) -> str:
        """The first thing said in a call's descriptions that says nothing; or empty."""
        if call.type is Type.THING:
            key = (call.text, context_s)
            found = self._found.get(key)
            if found is None:
                found = self._found[key] = self._idle_in_description(call, context_s)
            return found
        return self._idle_inside(call, context_s)

    def _idle_in_description(self, call: Call, context_s: TimeSpan) -> str:
        if "at(" in call.text and _means_it_without_time(self._executor, call, context_s):
            return f"{describe(call)!r} is the same without one of its times"
        described, inner_s = self._executor.enter(call, context_s)
        filter_ = self._executor.set_of(described.parts[0], inner_s).idle
        if filter_ is not None:
            return f"{describe(filter_)!r} says no more than {describe(filter_.parts[0])!r}"
        return self._idle_inside(call, context_s)

    def _idle_inside(self, call: Call, context_s: TimeSpan) -> str:
        """The same of the arguments of a call, and of the times of the `at`s around it."""
        idle = ""
        while call.name == "at" and not idle:
            idle = self._idle_inside(call.parts[0], context_s)
            context_s = self._executor.context(call.parts[0], context_s)
            call = call.parts[1]
        for part in call.parts:
            if part.parts and not idle:
                idle = self._idle_in(part, context_s)
        return idle


def _means_it_without_time(executor: Executor, thing: Call, context_s: TimeSpan) -> bool:
    """Whether a description means the same thing when one of its own `at`s is left out."""
    meant = executor.thing(thing, context_s)
    for time in _times_of(thing):
        without = executor.parse(f"name({thing.text.replace(time.text, time.parts[1].text)})")
        try:
            if executor.thing(without.parts[0], context_s) == meant:
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
    for call, context_s in parts_of(executor, program, executor.facts.whole_s):
        if call.name in _OF_SPANS:
            first, second = (_claim(executor, *executor.enter(side, context_s)) for side in call.parts)
            if first == second:
                return f"{call.text} sets a thing beside itself: it is said twice"
        claim = _claim(executor, call, context_s)
        if claim in claims:
            return f"{call.text} is said twice"
        claims.add(claim)
    return ""


def _claim(executor: Executor, call: Call, context_s: TimeSpan) -> Claim:
    """What a part says: equal for two parts that say the same of the same, whichever way round."""
    related = call.parts[0] if call.name == "equal" else call
    if related.name in ("held", "predicate") and call.args[1] in SYMMETRIC:
        ends = (str(executor.thing(end, context_s)) for end in related.parts)
        return related.name, (str(call.args[1]), *sorted(ends)), context_s
    args = tuple(arg.text if isinstance(arg, Call) else str(arg) for arg in call.args)
    return call.name, tuple(sorted(args)) if call.name in _EITHER_WAY else args, context_s


def parts_of(executor: Executor, call: Call, context_s: TimeSpan) -> Iterator[tuple[Call, TimeSpan]]:
    """What `and`, `or`, `xor` and `not` are made of, each in its context; any other program is one part."""
    call, context_s = executor.enter(call, context_s)
    if call.name not in LOGIC:
        yield call, context_s
        return
    for part in call.parts:
        yield from parts_of(executor, part, context_s)


def _idle_time(executor: Executor, call: Call, context_s: TimeSpan) -> str:
    """The first time around the question, or a part of it, that makes no difference there; or empty."""
    inside, inside_s = executor.enter(call, context_s)
    if call is not inside and _is_the_same_in(executor, inside, inside_s, context_s):
        times = [part.parts[0].name for part in _ats_around(call) if part.parts[0].name != "always"]
        if times:
            return f"the answer is the same without the time {times[0]!r}"
    deeper = inside.parts if inside.name in LOGIC else ()
    return next(filter(None, (_idle_time(executor, part, inside_s) for part in deeper)), "")


def _ats_around(call: Call) -> Iterator[Call]:
    while call.name == "at":
        yield call
        call = call.parts[1]


def _is_the_same_in(executor: Executor, asked: Call, context_s: TimeSpan, wider_s: TimeSpan) -> bool:
    """Whether what is asked, in each part, has the same value in a wider context.

    Whether there is something, and how much, is always a matter of when.
    """
    if asked.name in LOGIC:
        parts = parts_of(executor, asked, context_s)
        return all(_is_the_same_in(executor, part, part_s, wider_s) for part, part_s in parts)
    if asked.name in ("exists", "count"):
        return False
    if asked.name in ("equal", "choose"):
        asked = asked.parts[0]
    try:
        return executor.answer(asked, context_s) == executor.answer(asked, wider_s)
    except ProgramError:
        return False
