"""Whether a question needs all that it says (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator

from videostep.errors import ProgramError
from videostep.reason.verify.describe import describe
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.language import Call, inside_at
from videostep.video import TimeSpan


class NeedChecks:
    """Finds what could be left out of programs on one graph; what was looked at once is kept."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._found: dict[tuple[str, TimeSpan], str] = {}

    def needless(self, program: Call) -> str | None:
        """What could be left out of a program that has an answer, without making it another question."""
        idle = self._idle_in(program, self._executor.facts.whole_s)
        if not idle and _time_is_idle(self._executor, program):
            return f"the answer is the same without the time {program.call(0).name!r}"
        return idle or None

    def _idle_in(self, call: Call, context_s: TimeSpan) -> str:
        key = (call.text, context_s)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = next(filter(None, self._idle_parts(call, context_s)), "")
        return found

    def _idle_parts(self, call: Call, context_s: TimeSpan) -> Iterator[str]:
        """For every description in a call: the filter that says nothing, or empty."""
        while call.name == "at":
            for span in call.call(0).calls():
                yield self._idle_in(span, context_s)
            context_s = self._executor.context(call.call(0), context_s)
            call = call.call(1)
        if call.name == "unique":
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


def _time_is_idle(executor: Executor, program: Call) -> bool:
    """Whether what is asked has the same value in the whole video.

    Whether there is something, and how much, is always a matter of when.
    """
    if program.name != "at" or program.call(0).name == "always":
        return False
    asked = inside_at(program)
    if asked.name in ("exists", "count"):
        return False
    if asked.name in ("equal", "choose"):
        asked = asked.call(0)
    context_s = executor.enter(program, executor.facts.whole_s)[1]
    try:
        return executor.answer(asked, context_s) == executor.answer(asked, executor.facts.whole_s)
    except ProgramError:
        return False
