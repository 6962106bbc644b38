"""Executing a program on a graph, as docs/program.md defines it."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from videostep.errors import AmbiguousError, EmptyError, ProgramError
from videostep.graph import VideoGraph
from videostep.reason.verify.changes import Change, changed
from videostep.reason.verify.context import Context
from videostep.reason.verify.coverage import (
    check_all_known,
    check_only_one,
    check_ruled_out,
    check_told_apart,
    may_be_one_of,
)
from videostep.reason.verify.describe import asked_for, describe, number_word, things_fit
from videostep.reason.verify.durations import ends_before, is_longer, overlap
from videostep.reason.verify.facts import Fact, Facts, Things
from videostep.reason.verify.filters import called, has, says, sift
from videostep.reason.verify.language import (
    LOGIC,
    RANKS,
    TWO_FACTS,
    Call,
    Type,
    inside_at,
    known_calls,
    parse,
)
from videostep.reason.verify.ranking import ranked
from videostep.reason.verify.words import fits_word
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
        self.facts = Facts(graph)
        self._graph, self._shift_s = graph, shift_s
        self._parsed: dict[str, Call] = {}
        self._known = known_calls()
        self._ran: dict[str, str] = {}
        self._contexts: dict[TimeSpan, Context] = {}
        self.whole = self._context_of(self.facts.whole_s)
        """The context of all of the video."""
        self.outermost: dict[str, int] = {}
        """By program: things that fit its outermost hop alone, once they are counted."""
        self.candidates: dict[tuple[object, ...], int] = {}
        """The same by hop: many programs end in the same one."""

    def run(self, program: str) -> str:
        """The printed answer; raises as `execute`."""
        found = self._ran.get(program)
        return self.worth(self.parse(program)) if found is None else found

    def worth(self, program: Call) -> str:
        """As `run`, of a program that was read."""
        found = self._ran.get(program.text)
        if found is None:
            found = self._ran[program.text] = self.answer(program, self.whole)
            if self._others and any(other.found(program.text) != found for other in self._others):
                del self._ran[program.text]
                raise AmbiguousError(
                    "something happens too near to a time that is known by sampled frames alone"
                )
        return found

    def found(self, program: str) -> str | None:
        """The answer by these times alone; None without one."""
        try:
            return self.answer(self.parse(program), self.whole)
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
            call = self._parsed[program] = parse(program, self._known)
        return call

    def answer(self, call: Call, context: Context) -> str:
        """The printed value of an expression in a context."""
        found = context.answers.get(call)
        if found is None:
            found = context.answers[call] = self._find_answer(call, context)
        return found

    def set_of(self, call: Call, context: Context) -> Things:
        """The value of a Things expression in a context."""
        found = context.sets.get(call)
        if found is None:
            found = context.sets[call] = self._find_set(call, context)
        return found

    def thing(self, call: Call, context: Context) -> int:
        """The number of the thing that a Thing expression means in a context."""
        found = context.chosen.get(call)
        if found is None:
            found = context.chosen[call] = self._find_thing(call, context)
        return found

    def _find_answer(self, call: Call, context: Context) -> str:
        if call.name == "at":  # the same may be asked by another program, or with the time left out
            return self.answer(call.parts[1], self.context(call.parts[0], context))
        if call.type is Type.TEXT:
            return self._text(call, context)
        if call.type is Type.SPAN:
            start_s, end_s = self.span(call, context)
            return f"{start_s:.1f} s to {end_s:.1f} s"
        if call.name == "count":
            return number_word(self._count(call.parts[0], context))
        return "yes" if self.is_so(call, context) else "no"

    # --- time -------------------------------------------------------------------------------

    def enter(self, call: Call, context: Context) -> tuple[Call, Context]:
        """What stands inside the `at`s around `call`, and the context it is executed in."""
        while call.name == "at":
            context = self.context(call.parts[0], context)
            call = call.parts[1]
        return call, context

    def context(self, time: Call, context: Context) -> Context:
        """The context that a TIME gives; `context` surrounds it."""
        found = context.contexts.get(time)
        if found is None:
            found = context.contexts[time] = self._find_context(time, context)
        return found

    def _find_context(self, time: Call, context: Context) -> Context:
        if time.name == "always":
            return self.whole
        found = self._scene(time.number(0)) if time.name == "scene" else self._around(time, context)
        if found.duration_s <= 0:
            raise EmptyError(
                f"the video has no time {time.name} that" if time.args else "the video has no length"
            )
        return self._context_of(found)

    def _context_of(self, span_s: TimeSpan) -> Context:
        found = self._contexts.get(span_s)
        if found is None:
            found = self._contexts[span_s] = Context(self.facts, span_s)
        return found

    def _scene(self, number: int) -> TimeSpan:
        scenes_s = self.facts.scenes_s
        if number == 0 or abs(number) > len(scenes_s):
            raise EmptyError(f"there is no scene {number} in a video of {number_word(len(scenes_s))}")
        return scenes_s[number - 1 if number > 0 else number]

    def _around(self, time: Call, context: Context) -> TimeSpan:
        whole_s, shift_s = self.facts.whole_s, self._shift_s
        start_s, end_s = self.span(time.parts[0], context)
        if time.name == "before":
            found = TimeSpan(whole_s.start_s, start_s + shift_s)
        elif time.name == "after":
            found = TimeSpan(end_s - shift_s, whole_s.end_s)
        elif time.name == "while":
            found = TimeSpan(start_s - shift_s, end_s + shift_s)
        else:
            found = TimeSpan(end_s - shift_s, self.span(time.parts[1], context).start_s + shift_s)
        return TimeSpan(max(whole_s.start_s, found.start_s), min(whole_s.end_s, found.end_s))

    def span(self, call: Call, context: Context) -> TimeSpan:
        """The value of a Span expression: the one motion or relation that it means, its full span."""
        call, context = self.enter(call, context)
        facts = (fact for fact in self.looked_up(call, context) if fact.word == call.words[0])
        found = [span for fact in facts for span in fact.spans_s if span.overlap(context.span_s)]
        if len(found) == 1:
            return found[0]
        what = f"time at which the {describe(call.parts[0])} {call.words[0]}"
        what += f" the {describe(call.parts[1])}" if call.name == "held" else ""
        if not found:
            raise EmptyError(f"there is no {what}")
        raise AmbiguousError(f"there is more than one {what}")

    # --- sets and things --------------------------------------------------------------------

    def _find_set(self, call: Call, context: Context) -> Things:
        call, context = self.enter(call, context)
        if call.name == "things":
            unsure = {doubt.word for doubt in self.facts.doubts if doubt.holds_in(context.span_s)}
            return Things(context.visible, (), tuple(sorted(unsure)), True, None)
        within = self.set_of(call.parts[0], context)
        if call.name == "called":
            return called(self.facts, within, call.words[0])
        members, possible = sift(within, self._passing(call, within, context))
        settles_a_doubt = within.bare and bool(within.doubts)
        keeps_all = (members, possible) == within[:2] and not settles_a_doubt
        return Things(members, possible, within.doubts, False, call if keeps_all else within.idle)

    def _passing(self, call: Call, within: Things, context: Context) -> dict[int, bool | None]:
        """What passes any other filter (True) or might (None); it may hold things that are not of the set."""
        if call.name in ("subjects", "objects"):
            return self._linked(call, context)
        if call.name == "except":
            return self._left(call, within, context)
        things, word, passing = self.facts.things, call.words[0], dict[int, bool | None]()
        for number in within.members + within.possible:
            thing = things[number]
            if call.name == "does":
                fits = says(thing.motions, word, context.span_s)
            else:
                fits = has(thing.attributes.get(word, ()), call.words[1], context.span_s)
            if fits is not False:
                passing[number] = fits
        return passing

    def _left(self, call: Call, within: Things, context: Context) -> dict[int, bool | None]:
        """As `_passing`, of `except`: what does not belong to the other set, or might not."""
        check_only_one(self.facts, call.parts[1])
        other = self.set_of(call.parts[1], context)
        every = within.members + within.possible
        return {
            number: None if number in other.possible or may_be_one_of(self.facts, number, other) else True
            for number in every
            if number not in other.members
        }

    def _linked(self, call: Call, context: Context) -> dict[int, bool | None]:
        """As `_passing`, of `subjects` and `objects`: what stands in a relation to one of the ends."""
        sure, unsure = self.ends(call.parts[1], context)
        linked, word = dict[int, bool | None](), call.words[0]
        for end in sure + unsure:
            thing = self.facts.things[end]
            for fact in thing.incoming if call.name == "subjects" else thing.outgoing:
                fits = fits_word(fact.word, word)
                if fits is False or linked.get(fact.other) or not fact.holds_in(context.span_s):
                    continue
                linked[fact.other] = fits if end in sure else None
        return linked

    def ends(self, call: Call, context: Context) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What a relation leads to: one thing, or the members and the possible things of a set."""
        if call.type is Type.THING:
            return (self.thing(call, context),), ()
        found = self.set_of(call, context)
        return found.members, found.possible

    def _find_thing(self, call: Call, context: Context) -> int:
        call, context = self.enter(call, context)
        found = self.set_of(call.parts[0], context)
        if call.name in RANKS:
            return ranked(self.facts, call, found, context.span_s)
        if len(found.members) != 1 or found.possible or (found.bare and found.doubts):
            raise _not_one(call.parts[0], found)
        check_only_one(self.facts, call.parts[0])
        return found.members[0]

    # --- questions --------------------------------------------------------------------------

    def _text(self, call: Call, context: Context) -> str:
        """The value of a Text expression that is no `at`."""
        if call.name == "name":
            return self.facts.things[self.thing(call.parts[0], context)].label
        if call.name == "choose":
            return self._choose(call, context)
        if call.name == "order":
            return self._order(call, context)
        if call.name in TWO_FACTS:
            return self.change(call, context).answer
        words = sorted({fact.word for fact in self.looked_up(call, context) if fact.holds_in(context.span_s)})
        if len(words) == 1:
            return words[0]
        what = asked_for(call)
        if not words:
            raise EmptyError(f"the graph holds no {what}")
        raise AmbiguousError(f"the graph holds more than one {what}: {', '.join(words)}")

    def change(self, call: Call, context: Context) -> Change:
        """What a `change`, `turn`, `switch`, `follow` or `besides` finds."""
        found = context.changes.get(call)
        if found is None:
            things = [self.thing(part, context) for part in call.parts]
            found = context.changes[call] = changed(self.facts, call, things, context.span_s)
        return found

    def looked_up(self, call: Call, context: Context) -> Iterable[Fact]:
        """The facts among which a question operator looks; of any time, and for `when` of any word."""
        if call.name == "event":
            return self.facts.events
        thing = self.facts.things[self.thing(call.parts[0], context)]
        if call.name == "attribute":
            return thing.attributes.get(call.words[0], ())
        if call.name in ("motion", "when"):
            return thing.motions
        other = self.thing(call.parts[1], context)
        return [fact for fact in thing.outgoing if fact.other == other]

    def _choose(self, call: Call, context: Context) -> str:
        inner, found = call.parts[0], self.answer(call.parts[0], context)
        choices = (call.words[0], call.words[1])
        if found not in choices:
            raise EmptyError(f"{found!r} is neither {choices[0]!r} nor {choices[1]!r}")
        check_ruled_out(self.facts, inner, found, next(choice for choice in choices if choice != found))
        return found

    def _order(self, call: Call, context: Context) -> str:
        first, second = self.span(call.parts[0], context), self.span(call.parts[1], context)
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

    def is_so(self, call: Call, context: Context) -> bool:
        """The value of a Bool expression in a context."""
        call, context = self.enter(call, context)
        if call.name in LOGIC:
            return _combined(call.name, [self.is_so(part, context) for part in call.parts])
        if call.name in ("longer", "overlap"):
            compare = is_longer if call.name == "longer" else overlap
            first, second = (self.span(part, context) for part in call.parts)
            return compare(first, second, self._every_s(call))
        if call.name == "exists":
            return self._exists(call.parts[0], context)
        return self._is_equal(call, context)

    def _is_equal(self, call: Call, context: Context) -> bool:
        first, found = call.parts[0], self.answer(call.parts[0], context)
        wanted = call.words[0] if call.name == "equal" else self.answer(call.parts[1], context)
        if found == wanted:
            return True
        check_ruled_out(self.facts, first, found, wanted)
        if call.name == "same":
            check_ruled_out(self.facts, call.parts[1], wanted, found)
        return False

    def _exists(self, call: Call, context: Context) -> bool:
        found = self.set_of(call, context)
        if not found.members:
            check_all_known(self.facts, call, found)
        return bool(found.members)

    def _count(self, call: Call, context: Context) -> int:
        found = self.set_of(call, context)
        check_all_known(self.facts, call, found)
        check_told_apart(self.facts, call, found.members)
        return len(found.members)


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
