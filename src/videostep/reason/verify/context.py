"""Time contexts: the pieces of time in which programs are executed, each with what was asked in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from videostep.reason.verify.facts import Facts
from videostep.reason.verify.kept import kept
from videostep.reason.verify.language import Call
from videostep.video import TimeSpan

if TYPE_CHECKING:
    from videostep.reason.verify.asked import Asked


class Context:
    """A piece of time in which a graph is looked at; an executor has one object for each."""

    def __init__(self, facts: Facts, span_s: TimeSpan) -> None:
        self.span_s = span_s
        self.asked: dict[Call, Asked] = {}
        """By call what was asked in it; an `at` leads to what stands inside it, in the time that it gives."""
        self._facts = facts

    @kept
    def visible(self) -> tuple[int, ...]:
        """The things that are seen in it, in order."""
        return self._facts.visible(self.span_s)

    def called(self, label: str) -> Sequence[int]:
        """The things with a label that are seen in it, in order."""
        return self._by_label.get(label, ())

    @kept
    def _by_label(self) -> dict[str, list[int]]:
        found = dict[str, list[int]]()
        for number in self.visible:
            found.setdefault(self._facts.things[number].label, []).append(number)
        return found
