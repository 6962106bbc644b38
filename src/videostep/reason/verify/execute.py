"""Executing a program on a graph, as docs/program.md defines it."""

from __future__ import annotations

import functools

from videostep.errors import AmbiguousError, EmptyError, ProgramError
from videostep.graph import VideoGraph
from videostep.reason.verify.asked import Asked
from videostep.reason.verify.context import Context
from videostep.reason.verify.describe import number_word
from videostep.reason.verify.facts import Facts
from videostep.reason.verify.language import Call, known_calls, parse
from videostep.video import TimeSpan


def execute(program: str, graph: VideoGraph) -> str:
    """The answer of `program` on `graph`, printed.

    Raises:
        ProgramSyntaxError: It does not parse, or its types do not fit.
        EmptyError: A description fits nothing.
        AmbiguousError: A description, or the answer, fits more than one thing.
        OutOfCoverageError: A "no" or a count that the graph's coverage does not support.
    """
    return Executor(graph).run(program)


class Executor:
    """Executes programs on one graph; what was worked out once is kept.

    The graph must keep the rules of its format: every id that an edge names exists.
    """

    def __init__(self, graph: VideoGraph, *, shift_s: float = 0.0) -> None:
        """`shift_s`: times that TIMEs take from spans reach so much further, or less far, seconds."""
        self.facts, self.shift_s = Facts(graph), shift_s
        self._graph = graph
        self._known = known_calls()
        self._settled: set[Call] = set()
        """Programs that are worth the same by all times that the graph admits."""
        self._contexts: dict[TimeSpan, Context] = {}
        self.whole = self.context_of(self.facts.whole_s)
        """The context of all of the video."""
        self.candidates: dict[tuple[object, ...], int] = {}
        """By outermost hop the things that fit it alone, once they are counted: many programs share one."""

    def end(self) -> None:
        """Forget what was asked: what is kept of it holds itself, and only the cycle collector finds that."""
        for context in self._contexts.values():
            context.asked.clear()
        for other in self.__dict__.get("_others", ()):
            other.end()

    def run(self, program: str) -> str:
        """The printed answer; raises as `execute`."""
        return self.answered(self.parse(program)).answer

    def parse(self, program: str) -> Call:
        """`program`, read; raise ProgramSyntaxError."""
        return parse(program, self._known)

    def answered(self, program: Call) -> Asked:
        """As `run`, of a program that was read: what is asked, which has an answer."""
        asked = self.ask(program, self.whole)
        found = asked.answer
        if self._others and program not in self._settled:
            if any(other.found(program.text) != found for other in self._others):
                raise AmbiguousError(
                    "something happens too near to a time that is known by sampled frames alone"
                )
            self._settled.add(program)
        return asked

    def found(self, program: str) -> str | None:
        """The answer by these times alone; None without one."""
        try:
            return self.ask(self.parse(program), self.whole).answer
        except ProgramError:
            return None

    @functools.cached_property
    def _others(self) -> tuple[Executor, ...]:
        """Executors by the narrowest and the widest times that the graph admits; of an exact one none."""
        every_s = self.facts.every_s
        return tuple(Executor(self._graph, shift_s=shift_s) for shift_s in (-every_s, every_s) if shift_s)

    def ask(self, call: Call, context: Context) -> Asked:
        """A call in a context: what stands inside the `at`s around it, in the time that they give."""
        found = context.asked.get(call)
        if found is None:
            if call.name == "at":
                found = self.ask(call.parts[1], self.ask(call.parts[0], context).inside)
            else:
                found = Asked(call, context, self)
            context.asked[call] = found
        return found

    def context_of(self, span_s: TimeSpan) -> Context:
        """The context of a piece of time."""
        found = self._contexts.get(span_s)
        if found is None:
            found = self._contexts[span_s] = Context(self.facts, span_s)
        return found

    def scene(self, number: int) -> TimeSpan:
        """When the scene of a number is, counted from 1, or from -1 backwards; raise EmptyError."""
        scenes_s = self.facts.scenes_s
        if number == 0 or abs(number) > len(scenes_s):
            raise EmptyError(f"there is no scene {number} in a video of {number_word(len(scenes_s))}")
        return scenes_s[number - 1 if number > 0 else number]
