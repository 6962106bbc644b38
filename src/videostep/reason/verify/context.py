"""Time contexts: the pieces of time in which programs are executed, each with what was found out in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from videostep.reason.verify.facts import Facts, Things
from videostep.reason.verify.language import Call
from videostep.video import TimeSpan

if TYPE_CHECKING:
    from videostep.reason.verify.changes import Change


class Context:
    """A piece of time in which a graph is looked at; an executor has one object for each.

    What a call is worth in it is worked out once and kept here.
    """

    __slots__ = (
        "_by_label",
        "_facts",
        "answers",
        "changes",
        "chosen",
        "contexts",
        "sets",
        "span_s",
        "visible",
    )

    def __init__(self, facts: Facts, span_s: TimeSpan) -> None:
        self.span_s = span_s
        self.visible = facts.visible(span_s)
        """The things that are seen in it, in order."""
        self._facts = facts
        self._by_label: dict[str, list[int]] = {}
        self.answers: dict[Call, str] = {}
        self.sets: dict[Call, Things] = {}
        self.chosen: dict[Call, int] = {}
        self.changes: dict[Call, Change] = {}
        self.contexts: dict[Call, Context] = {}
        """Those that a TIME gives in this one."""

    def called(self, label: str) -> Sequence[int]:
        """The things with a label that are seen in it, in order."""
        if not self._by_label:
            for number in self.visible:
                self._by_label.setdefault(self._facts.things[number].label, []).append(number)
        return self._by_label.get(label, ())
