"""Time contexts: the pieces of time in which programs are executed, each with what was found out in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videostep.errors import ProgramError
from videostep.reason.verify.facts import Facts, Things
from videostep.reason.verify.language import Call
from videostep.video import TimeSpan

if TYPE_CHECKING:
    from videostep.reason.verify.changes import Change


class Context:
    """A piece of time in which a graph is looked at; an executor has one object for each.

    What a call is worth in it, or why it is worth nothing, is worked out once and kept here.
    """

    __slots__ = ("answers", "changes", "chosen", "contexts", "sets", "span_s", "visible")

    def __init__(self, facts: Facts, span_s: TimeSpan) -> None:
        self.span_s = span_s
        self.visible = facts.visible(span_s)
        """The things that are seen in it, in order."""
        self.answers: dict[Call, str | ProgramError] = {}
        self.sets: dict[Call, Things | ProgramError] = {}
        self.chosen: dict[Call, int | ProgramError] = {}
        self.changes: dict[Call, Change | ProgramError] = {}
        self.contexts: dict[Call, Context | ProgramError] = {}
        """Those that a TIME gives in this one."""
