"""Executing a program on a graph, as docs/program.md defines it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TypeVar

from videostep.errors import AmbiguousError, EmptyError, ProgramError
from videostep.graph import VideoGraph
from videostep.reason.verify.changes import Change, changed
from videostep.reason.verify.coverage import (
    check_all_known,
    check_only_one,
    check_ruled_out,
    check_told_apart,
    may_be_one_of,
)
from videostep.reason.verify.describe import describe, number_word, things_fit
from videostep.reason.verify.durations import ends_before, is_longer, overlap
from videostep.reason.verify.facts import Fact, Facts, Things
from videostep.reason.verify.filters import has, says, sift
from videostep.reason.verify.language import LOGIC, RANKS, TWO_FACTS, Call, Type, inside_at, parse
from videostep.reason.verify.ranking import ranked
from videostep.reason.verify.words import fits_word, may_mean_the_same
from videostep.video import TimeSpan

V = TypeVar("V")


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
        self.facts = Facts(graph)
        self._graph, self._shift_s = graph, shift_s
        self._parsed: dict[str, Call] = {}
        self._sets: dict[tuple[str, TimeSpan], Things | ProgramError] = {}
        self._chosen: dict[tuple[str, TimeSpan], int | ProgramError] = {}
        self._answers: dict[tuple[str, TimeSpan], str | ProgramError] = {}
        self._contexts: dict[tuple[str, TimeSpan], TimeSpan | ProgramError] = {}
        self.outermost: dict[str, int] = {}
        """By program: things that fit its outermost hop alone, once they are counted."""
        self.candidates: dict[tuple[object, ...], int] = {}
        """The same by hop: many programs end in the same one."""

    def run(self, program: str) -> str:
        """The printed answer; raises as `execute`."""
        found = self.answer(self.parse(program), self.facts.whole_s)
        if any(other.found(program) != found for other in self._others):
            raise AmbiguousError("something happens too near to a time that is known by sampled frames alone")
        return found

    def found(self, program: str) -> str | None:
        """The answer by these times alone; None without one."""
        try:
            return self.answer(self.parse(program), self.facts.whole_s)
        except ProgramError:
            return None

    @functools.cached_property
    def _others(self) -> tuple[Executor, ...]:
        """Executors by the narrowest and the widest times that the graph admits; of an exact one none."""
        every_s = self.facts.every_s
        return tuple(Executor(self._graph, shift_s=shift_s) for shift_s in (-every_s, every_s) if shift_s)

    def parse(self, program: str) -> Call:
        """`program`, read once; raise ProgramSyntaxError."""
        call = self._parsed.get(program)
        if call is None:
            call = self._parsed[program] = parse(program)
        return call

    def answer(self, call: Call, context_s: TimeSpan) -> str:
        """The printed value of an expression in a context."""
        found = self._answers.get((call.text, context_s))
        return (
            found if isinstance(found, str) else _recalled(self._answers, self._find_answer, call, context_s)
        )

    def set_of(self, call: Call, context_s: TimeSpan) -> Things:
        """The value of a Things expression in a context."""
        found = self._sets.get((call.text, context_s))
        return found if isinstance(found, Things) else _recalled(self._sets, self._find_set, call, context_s)

    def thing(self, call: Call, context_s: TimeSpan) -> int:
        """The number of the thing that a Thing expression means in a context."""
        found = self._chosen.get((call.text, context_s))
        return found if isinstance(found, int) else _recalled(self._chosen, self._find_thing, call, context_s)

    def _find_answer(self, call: Call, context_s: TimeSpan) -> str:
        if call.name == "at":  # the same may be asked by another program, or with the time left out
            return self.answer(call.parts[1], self.context(call.parts[0], context_s))
        if call.type is Type.TEXT:
            return self._text(call, context_s)
        if call.type is Type.SPAN:
            start_s, end_s = self.span(call, context_s)
            return f"{start_s:.1f} s to {end_s:.1f} s"
        if call.name == "count":
            return number_word(self._count(call.parts[0], context_s))
        return "yes" if self.is_so(call, context_s) else "no"

    # --- time -------------------------------------------------------------------------------

    def enter(self, call: Call, context_s: TimeSpan) -> tuple[Call, TimeSpan]:
        """What stands inside the `at`s around `call`, and the context it is executed in."""
        while call.name == "at":
            context_s = self.context(call.parts[0], context_s)
            call = call.parts[1]
        return call, context_s

    def context(self, time: Call, context_s: TimeSpan) -> TimeSpan:
        """The context that a TIME gives; `context_s` surrounds it."""
        return _recalled(self._contexts, self._find_context, time, context_s)

    def _find_context(self, time: Call, context_s: TimeSpan) -> TimeSpan:
        if time.name == "always":
            return self.facts.whole_s
        found = self._scene(time.number(0)) if time.name == "scene" else self._around(time, context_s)
        if found.duration_s <= 0:
            raise EmptyError(
                f"the video has no time {time.name} that" if time.args else "the video has no length"
            )
        return found

    def _scene(self, number: int) -> TimeSpan:
        scenes_s = self.facts.scenes_s
        if number == 0 or abs(number) > len(scenes_s):
            raise EmptyError(f"there is no scene {number} in a video of {number_word(len(scenes_s))}")
        return scenes_s[number - 1 if number > 0 else number]

    def _around(self, time: Call, context_s: TimeSpan) -> TimeSpan:
        whole_s, shift_s = self.facts.whole_s, self._shift_s
        start_s, end_s = self.span(time.parts[0], context_s)
        if time.name == "before":
            found = TimeSpan(whole_s.start_s, start_s + shift_s)
        elif time.name == "after":
            found = TimeSpan(end_s - shift_s, whole_s.end_s)
        elif time.name == "while":
            found = TimeSpan(start_s - shift_s, end_s + shift_s)
        else:
            found = TimeSpan(end_s - shift_s, self.span(time.parts[1], context_s).start_s + shift_s)
        return TimeSpan(max(whole_s.start_s, found.start_s), min(whole_s.end_s, found.end_s))

    def span(self, call: Call, context_s: TimeSpan) -> TimeSpan:
        """The value of a Span expression: the one motion or relation that it means, its full span."""
        call, context_s = self.enter(call, context_s)
        facts = (fact for fact in self.looked_up(call, context_s) if fact.word == call.word(1))
        found = [span for fact in facts for span in fact.spans_s if span.overlap(context_s)]
        if len(found) == 1:
            return found[0]
        what = f"time at which the {describe(call.parts[0])} {call.word(1)}"
        what += f" the {describe(call.parts[1])}" if call.name == "held" else ""
        if not found:
            raise EmptyError(f"there is no {what}")
        raise AmbiguousError(f"there is more than one {what}")

    # --- sets and things --------------------------------------------------------------------

    def _find_set(self, call: Call, context_s: TimeSpan) -> Things:
        call, context_s = self.enter(call, context_s)
        if call.name == "things":
            doubts = tuple(sorted({doubt.word for doubt in self.facts.doubts if doubt.holds_in(context_s)}))
            return Things(self.facts.visible(context_s), (), doubts, True, None)
        within = self.set_of(call.parts[0], context_s)
        members, possible = sift(within, self._passing(call, within, context_s))
        if call.name == "called":
            doubts = tuple([label for label in within.doubts if may_mean_the_same(label, call.word(1))])
            return Things(members, possible, doubts, within.bare, within.idle)
        settles_a_doubt = within.bare and bool(within.doubts)
        keeps_all = (members, possible) == within[:2] and not settles_a_doubt
        return Things(members, possible, within.doubts, False, call if keeps_all else within.idle)

    def _passing(self, call: Call, within: Things, context_s: TimeSpan) -> dict[int, bool | None]:
        """The things that pass a filter (True) or might (None); it may hold others than those of the set."""
        if call.name in ("subjects", "objects"):
            return self._linked(call, context_s)
        if call.name == "except":
            return self._left(call, within, context_s)
        things, word, passing = self.facts.things, call.word(1), dict[int, bool | None]()
        for number in within.members + within.possible:
            thing = things[number]
            if call.name == "called":
                fits = fits_word(thing.label, word)
            elif call.name == "does":
                fits = says(thing.motions, word, context_s)
            else:
                fits = has(thing.attributes.get(word, ()), call.word(2), context_s)
            if fits is not False:
                passing[number] = fits
        return passing

    def _left(self, call: Call, within: Things, context_s: TimeSpan) -> dict[int, bool | None]:
        """As `_passing`, of `except`: what does not belong to the other set, or might not."""
        check_only_one(self.facts, call.parts[1])
        other = self.set_of(call.parts[1], context_s)
        every = within.members + within.possible
        return {
            number: None if number in other.possible or may_be_one_of(self.facts, number, other) else True
            for number in every
            if number not in other.members
        }

    def _linked(self, call: Call, context_s: TimeSpan) -> dict[int, bool | None]:
        """As `_passing`, of `subjects` and `objects`: what stands in a relation to one of the ends."""
        sure, unsure = self.ends(call.parts[1], context_s)
        linked, word = dict[int, bool | None](), call.word(1)
        for end in sure + unsure:
            thing = self.facts.things[end]
            for fact in thing.incoming if call.name == "subjects" else thing.outgoing:
                fits = fits_word(fact.word, word)
                if fits is False or linked.get(fact.other) or not fact.holds_in(context_s):
                    continue
                linked[fact.other] = fits if end in sure else None
        return linked

    def ends(self, call: Call, context_s: TimeSpan) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What a relation leads to: one thing, or the members and the possible things of a set."""
        if call.type is Type.THING:
            return (self.thing(call, context_s),), ()
        found = self.set_of(call, context_s)
        return found.members, found.possible

    def _find_thing(self, call: Call, context_s: TimeSpan) -> int:
        call, context_s = self.enter(call, context_s)
        found = self.set_of(call.parts[0], context_s)
        if call.name in RANKS:
            return ranked(self.facts, call, found, context_s)
        if len(found.members) != 1 or found.possible or (found.bare and found.doubts):
            raise _not_one(call.parts[0], found)
        check_only_one(self.facts, call.parts[0])
        return found.members[0]

    # --- questions --------------------------------------------------------------------------

    def _text(self, call: Call, context_s: TimeSpan) -> str:
        """The value of a Text expression that is no `at`."""
        if call.name == "name":
            return self.facts.things[self.thing(call.parts[0], context_s)].label
        if call.name == "choose":
            return self._choose(call, context_s)
        if call.name == "order":
            return self._order(call, context_s)
        if call.name in TWO_FACTS:
            return self.change(call, context_s).answer
        words = sorted({fact.word for fact in self.looked_up(call, context_s) if fact.holds_in(context_s)})
        if len(words) == 1:
            return words[0]
        what = asked_for(call)
        if not words:
            raise EmptyError(f"the graph holds no {what}")
        raise AmbiguousError(f"the graph holds more than one {what}: {', '.join(words)}")

    def change(self, call: Call, context_s: TimeSpan) -> Change:
        """What a `change`, `turn`, `switch`, `follow` or `besides` finds."""
        things = [self.thing(part, context_s) for part in call.parts]
        return changed(self.facts, call, things, context_s)

    def looked_up(self, call: Call, context_s: TimeSpan) -> Iterable[Fact]:
        """The facts among which a question operator looks; of any time, and for `when` of any word."""
        if call.name == "event":
            return self.facts.events
        thing = self.facts.things[self.thing(call.parts[0], context_s)]
        if call.name == "attribute":
            return thing.attributes.get(call.word(1), ())
        if call.name in ("motion", "when"):
            return thing.motions
        other = self.thing(call.parts[1], context_s)
        return [fact for fact in thing.outgoing if fact.other == other]

    def _choose(self, call: Call, context_s: TimeSpan) -> str:
        inner, found = call.parts[0], self.answer(call.parts[0], context_s)
        choices = (call.word(1), call.word(2))
        if found not in choices:
            raise EmptyError(f"{found!r} is neither {choices[0]!r} nor {choices[1]!r}")
        check_ruled_out(self.facts, inner, found, next(choice for choice in choices if choice != found))
        return found

    def _order(self, call: Call, context_s: TimeSpan) -> str:
        first, second = self.span(call.parts[0], context_s), self.span(call.parts[1], context_s)
        every_s = self._every_s(call)
        if ends_before(first, second, every_s):
            return "before"
        if ends_before(second, first, every_s):
            return "after"
        raise AmbiguousError("the two happen at the same time, at least in part, or nearly so")

    def _every_s(self, call: Call) -> float:
        """How far apart the frames are that the two spans of a question are known by, taken together."""
        apart_s = {
            self.facts.motions_every_s if inside_at(part).name == "when" else self.facts.relations_every_s
            for part in call.parts
        }
        return sum(apart_s)  # of two kinds that are known equally well, the frames are the same

    def is_so(self, call: Call, context_s: TimeSpan) -> bool:
        """The value of a Bool expression in a context."""
        call, context_s = self.enter(call, context_s)
        if call.name in LOGIC:
            return _combined(call.name, [self.is_so(part, context_s) for part in call.parts])
        if call.name in ("longer", "overlap"):
            compare = is_longer if call.name == "longer" else overlap
            first, second = (self.span(part, context_s) for part in call.parts)
            return compare(first, second, self._every_s(call))
        if call.name == "exists":
            return self._exists(call.parts[0], context_s)
        return self._is_equal(call, context_s)

    def _is_equal(self, call: Call, context_s: TimeSpan) -> bool:
        first, found = call.parts[0], self.answer(call.parts[0], context_s)
        wanted = call.word(1) if call.name == "equal" else self.answer(call.parts[1], context_s)
        if found == wanted:
            return True
        check_ruled_out(self.facts, first, found, wanted)
        if call.name == "same":
            check_ruled_out(self.facts, call.parts[1], wanted, found)
        return False

    def _exists(self, call: Call, context_s: TimeSpan) -> bool:
        found = self.set_of(call, context_s)
        if not found.members:
            check_all_known(self.facts, call, found)
        return bool(found.members)

    def _count(self, call: Call, context_s: TimeSpan) -> int:
        found = self.set_of(call, context_s)
        check_all_known(self.facts, call, found)
        check_told_apart(self.facts, call, found.members)
        return len(found.members)


def _recalled(
    memo: dict[tuple[str, TimeSpan], V | ProgramError],
    find: Callable[[Call, TimeSpan], V],
    call: Call,
    context_s: TimeSpan,
) -> V:
    """What `find` gives, or raises, worked out once."""
    key = (call.text, context_s)
    found = memo.get(key)
    if found is None:
        try:
            found = find(call, context_s)
        except ProgramError as error:
            memo[key] = type(error)(error.message)  # not the one raised: that holds every frame it passes
            raise
        memo[key] = found
    if isinstance(found, ProgramError):
        raise type(found)(found.message)
    return found


def _combined(operator: str, parts: list[bool]) -> bool:
    if operator == "not":
        return not parts[0]
    if operator == "xor":
        return parts[0] != parts[1]
    return all(parts) if operator == "and" else any(parts)


def _not_one(call: Call, found: Things) -> EmptyError | AmbiguousError:
    """Why a set is not one definite thing."""
    what = describe(call)
    if not found.members:
        return EmptyError(f"nothing fits {what!r}")
    if len(found.members) > 1:
        return AmbiguousError(f"{things_fit(len(found.members))} {what!r}")
    if found.possible:
        return AmbiguousError(f"one thing fits {what!r}, but {number_word(len(found.possible))} more might")
    return AmbiguousError(f"one thing fits {what!r}, but an unconfirmed {found.doubts[0]} might too")


def asked_for(call: Call) -> str:
    """What a question operator looks for, in words."""
    if call.name == "event":
        return "event of one scene"
    if call.name == "predicate":
        return f"relation between the {describe(call.parts[0])} and the {describe(call.parts[1])}"
    what = call.word(1) if call.name == "attribute" else "motion"
    return f"{what} of the {describe(call.parts[0])}"
