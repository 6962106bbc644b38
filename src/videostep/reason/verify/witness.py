"""Whether "a person" is another one than the persons whom the question names (docs/program.md, "Needed")."""

from __future__ import annotations

from collections.abc import Iterator

from videostep.reason.verify.asked import Asked
from videostep.reason.verify.context import Context
from videostep.reason.verify.describe import describe
from videostep.reason.verify.execute import Executor
from videostep.reason.verify.language import Call, Type


def only_named(executor: Executor, program: Call) -> str | None:
    """What to say of a question whether there is something that only what it names itself could be.

    "Is a person holding the cup that the person drinks from?" is heard as asking for somebody else, so one
    that is not named must be so; and for a "no", one of that label must be there who might be.
    """
    asked = executor.ask(program, executor.whole)
    if asked.name != "exists":
        return None
    sought = asked.parts[0]
    found = sought.things.members or _labelled(sought)
    if not found or not set(found).issubset(_named(executor, program, executor.whole)):
        return None
    return f"{describe(sought.call)!r} is only what the question names itself"


def _labelled(sought: Asked) -> tuple[int, ...]:
    """What is called as the things that are sought, whatever else is asked of them."""
    while sought.parts and sought.name != "called":
        sought = sought.parts[0]
    return sought.things.members if sought.parts else ()


def _named(executor: Executor, call: Call, context: Context) -> Iterator[int]:
    """The things that a call describes, in its times, too."""
    while call.name == "at":
        yield from _named(executor, call.parts[0], context)
        context = executor.ask(call.parts[0], context).inside
        call = call.parts[1]
    if call.type is Type.THING:
        yield executor.ask(call, context).thing
    for part in call.parts:
        if part.describes:
            yield from _named(executor, part, context)
