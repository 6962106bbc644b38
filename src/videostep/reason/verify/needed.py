"""Whether a question needs all that it says (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator

from videostep.errors import ProgramError
from videostep.reason.verify.describe import describe
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.language import LOGIC, RANKS, Call, Type
from videostep.video import TimeSpan

_SYMMETRIC = frozenset({"same", "overlap", "longer"})
"""Swapping their arguments makes the same claim, or its contrary."""


class NeedChecks:
    """Finds what could be left out of programs on one graph; what was looked at once is kept."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._found: dict[tuple[str, TimeSpan], str] = {}

    def needless(self, program: Call) -> str | None:
        """What could be left out of a program that has an answer, without making it another question."""
        whole_s = self._executor.facts.whole_s
        idle = self._idle_in(program, whole_s)
        if not idle and (program.name == "at" or program.name in LOGIC):
            idle = _said_twice(self._executor, program) or _idle_time(self._executor, program, whole_s)
        return idle or None

    def _idle_in(self, call: Call, context_s: TimeSpan) -> str:
        key = (call.text, context_s)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = next(filter(None, self._idle_parts(call, context_s)), "")
        return found

    def _idle_parts(self, call: Call, context_s: TimeSpan) -> Iterator[str]:
        """For every description in a call: the filter or the time that says nothing, or empty."""
        if call.type is Type.THING and _means_it_without_time(self._executor, call, context_s):
            yield f"{describe(call)!r} is the same without one of its times"
        while call.name == "at":
            for span in call.call(0).calls():
                yield self._idle_in(span, context_s)
            context_s = self._executor.context(call.call(0), context_s)
            call = call.call(1)
        if call.name == "unique" or call.name in RANKS:
            for idle in _idle_filters(self._executor, call.call(0), context_s):
                yield f"{describe(idle)!r} says no more than {describe(idle.call(0))!r}"
        for arg in call.calls():
            yield self._idle_in(arg, context_s)


def _idle_filters(executor: Executor, call: Call, context_s: TimeSpan) -> Iterator[Call]:
    """Filters of a description that keep all that they are given."""
    call, context_s = executor.enter(call, context_s)
    while call.args:
        inner, inner_s = executor.enter(call.call(0), context_s)
        if call.name != "called":
            before, after = executor.set_of(inner, inner_s), executor.set_of(call, context_s)
            settles_a_doubt = before.bare and before.doubts
            if before[:2] == after[:2] and not settles_a_doubt:
                yield call
        call, context_s = inner, inner_s


def _means_it_without_time(executor: Executor, thing: Call, context_s: TimeSpan) -> bool:
    """Whether a description means the same thing when one of its own `at`s is left out."""
    meant = executor.thing(thing, context_s)
    for time in _times_of(thing):
        without = executor.parse(f"name({thing.text.replace(time.text, time.call(1).text)})")
        try:
            if executor.thing(without.call(0), context_s) == meant:
                return True
        except ProgramError:  # it took the time to mean one thing
            pass
    return False


def _times_of(call: Call) -> Iterator[Call]:
    """The `at`s of a description, without those of the descriptions inside it."""
    while call.args and "at(" in call.text:
        if call.name == "at":
            yield call
        if call.name in ("subjects", "objects") and call.call(2).type is Type.THINGS:
            yield from _times_of(call.call(2))
        call = call.call(1 if call.name == "at" else 0)


def _said_twice(executor: Executor, program: Call) -> str:
    """The first part of `and`, `or` and `xor` that another part says, or denies, too; or empty."""
    claims: set[tuple[str, tuple[str, ...], TimeSpan]] = set()
    for call, context_s in _parts(executor, program, executor.facts.whole_s):
        args = tuple(arg.text if isinstance(arg, Call) else str(arg) for arg in call.args)
        claim = (call.name, tuple(sorted(args)) if call.name in _SYMMETRIC else args, context_s)
        if claim in claims:
            return f"{call.text} is said twice"
        claims.add(claim)
    return ""


def _parts(executor: Executor, call: Call, context_s: TimeSpan) -> Iterator[tuple[Call, TimeSpan]]:
    """What `and`, `or`, `xor` and `not` are made of, each in its context."""
    call, context_s = executor.enter(call, context_s)
    if call.name not in LOGIC:
        yield call, context_s
        return
    for part in call.calls():
        yield from _parts(executor, part, context_s)


def _idle_time(executor: Executor, call: Call, context_s: TimeSpan) -> str:
    """The first time around the question, or a part of it, that makes no difference there; or empty."""
    inside, inside_s = executor.enter(call, context_s)
    times = [part.call(0).name for part in _ats_around(call) if part.call(0).name != "always"]
    parts = _parts(executor, inside, inside_s)
    if times and all(_is_the_same_in(executor, part, part_s, context_s) for part, part_s in parts):
        return f"the answer is the same without the time {times[0]!r}"
    deeper = inside.calls() if inside.name in LOGIC else ()
    return next(filter(None, (_idle_time(executor, part, inside_s) for part in deeper)), "")


def _ats_around(call: Call) -> Iterator[Call]:
    while call.name == "at":
        yield call
        call = call.call(1)


def _is_the_same_in(executor: Executor, asked: Call, context_s: TimeSpan, wider_s: TimeSpan) -> bool:
    """Whether what is asked has the same value in a wider context.

    Whether there is something, and how much, is always a matter of when.
    """
    if asked.name in ("exists", "count"):
        return False
    if asked.name in ("equal", "choose"):
        asked = asked.call(0)
    try:
        return executor.answer(asked, context_s) == executor.answer(asked, wider_s)
    except ProgramError:
        return False
