"""A call where it is asked: what an expression is worth in one time context (docs/program.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from videostep.errors import AmbiguousError, EmptyError
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
from videostep.reason.verify.facts import Fact, Things
from videostep.reason.verify.filters import called, has, says, sift
from videostep.reason.verify.kept import kept
from videostep.reason.verify.language import LOGIC, RANKS, TWO_FACTS, Call, Type, inside_at
from videostep.reason.verify.ranking import Doer, doers_of, ranked
from videostep.reason.verify.words import fits_word
from videostep.video import TimeSpan

if TYPE_CHECKING:
    from videostep.reason.verify.execute import Executor
    from videostep.reason.verify.proof import Proof


class Asked:
    """A call that is no `at`, in a context; an executor has one object for each such pair.

    What is found out about it is kept in it. Which of the properties have a value is a matter of its type;
    they raise the errors of `execute` where there is none.
    """

    def __init__(self, call: Call, context: Context, executor: Executor) -> None:
        self.call, self.context, self.executor = call, context, executor
        self.name, self.facts = call.name, executor.facts
        self.parts = [executor.ask(part, context) for part in call.parts]
        """Its parts, each in its own time: whether there are these times is found out before all else."""
        self.proof: Proof | None = None
        """What a thing or a TIME rests on, once it was asked."""
        self.member_proofs: dict[int, Proof] = {}
        """By number what it rests on that things belong to a set, likewise."""
        self.idle: str | None = None
        """What the description of a thing could leave out, likewise; empty for nothing."""
        self.outer_candidates: int | None = None
        """How many things fit the outermost hop of a question alone, likewise."""

    # --- TIMEs ------------------------------------------------------------------------------

    @kept
    def inside(self) -> Context:
        """The context that a TIME gives."""
        executor = self.executor
        if self.name == "always":
            return executor.whole
        found = executor.scene(self.call.number(0)) if self.name == "scene" else self._around()
        if found.duration_s <= 0:
            raise EmptyError(
                f"the video has no time {self.name} that" if self.call.args else "the video has no length"
            )
        return executor.context_of(found)

    def _around(self) -> TimeSpan:
        whole_s, shift_s = self.facts.whole_s, self.executor.shift_s
        start_s, end_s = self.parts[0].span_s
        if self.name == "before":
            found = TimeSpan(whole_s.start_s, start_s + shift_s)
        elif self.name == "after":
            found = TimeSpan(end_s - shift_s, whole_s.end_s)
        elif self.name == "while":
            found = TimeSpan(start_s - shift_s, end_s + shift_s)
        else:
            found = TimeSpan(end_s - shift_s, self.parts[1].span_s.start_s + shift_s)
        return TimeSpan(max(whole_s.start_s, found.start_s), min(whole_s.end_s, found.end_s))

    @kept
    def span_s(self) -> TimeSpan:
        """The value of a Span expression: the one motion or relation that it means, its full span."""
        call, context_s = self.call, self.context.span_s
        facts = (fact for fact in self.looked_up if fact.word == call.words[0])
        found = [span for fact in facts for span in fact.spans_s if span.overlap(context_s)]
        if len(found) == 1:
            return found[0]
        what = f"time at which the {describe(call.parts[0])} {call.words[0]}"
        what += f" the {describe(call.parts[1])}" if self.name == "held" else ""
        if not found:
            raise EmptyError(f"there is no {what}")
        raise AmbiguousError(f"there is more than one {what}")

    # --- sets and things --------------------------------------------------------------------

    @kept
    def things(self) -> Things:
        """The value of a Things expression."""
        context = self.context
        if self.name == "things":
            unsure = {doubt.word for doubt in self.facts.doubts if doubt.holds_in(context.span_s)}
            return Things(context.visible, (), tuple(sorted(unsure)), True, None)
        within = self.parts[0].things
        if self.name == "called":
            return called(self.facts, within, self.call.words[0])
        members, possible = sift(within, self._passing(within))
        settles_a_doubt = within.bare and bool(within.doubts)
        keeps_all = (members, possible) == (within.members, within.possible) and not settles_a_doubt
        return Things(members, possible, within.doubts, False, self.call if keeps_all else within.idle)

    def _passing(self, within: Things) -> dict[int, bool | None]:
        """What passes any other filter (True) or might (None); it may hold things that are not of the set."""
        if self.name in ("subjects", "objects"):
            return self._linked(within)
        if self.name == "except":
            return self._left(within)
        things, words, context_s = self.facts.things, self.call.words, self.context.span_s
        word, passing = words[0], dict[int, bool | None]()
        for number in within.members + within.possible:
            thing = things[number]
            if self.name == "does":
                fits = says(thing.motions, word, context_s)
            else:
                fits = has(thing.attributes.get(word, ()), words[1], context_s)
            if fits is not False:
                passing[number] = fits
        return passing

    def _left(self, within: Things) -> dict[int, bool | None]:
        """As `_passing`, of `except`: what does not belong to the other set, or might not."""
        check_only_one(self.facts, self.call.parts[1])
        other = self.parts[1].things
        return {
            number: None if number in other.possible or may_be_one_of(self.facts, number, other) else True
            for number in within.members + within.possible
            if number not in other.members
        }

    def _linked(self, within: Things) -> dict[int, bool | None]:
        """As `_passing`, of `subjects` and `objects`: what stands in a relation to one of the ends.

        Where one more end may be there, anything might.
        """
        sure, unsure = self.ends
        linked, word, context_s = dict[int, bool | None](), self.call.words[0], self.context.span_s
        for end in sure + unsure:
            thing = self.facts.things[end]
            for fact in thing.incoming if self.name == "subjects" else thing.outgoing:
                fits = fits_word(fact.word, word)
                if fits is False or linked.get(fact.other) or not fact.holds_in(context_s):
                    continue
                linked[fact.other] = fits if end in sure else None
        named = self.parts[1]
        if named.call.type is not Type.THING and named.things.doubts:
            for number in within.members + within.possible:
                linked.setdefault(number, None)
        return linked

    @property
    def ends(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What a relation leads to: one thing, or the members and the possible things of a set."""
        named = self.parts[1]
        if named.call.type is Type.THING:
            return (named.thing,), ()
        return named.things.members, named.things.possible

    @kept
    def thing(self) -> int:
        """The number of the thing that a Thing expression means."""
        found = self.parts[0].things
        if self.name in RANKS:
            return ranked(self.facts, self.call, found, self.doers, self.context.span_s)
        among = self.call.parts[0]
        if len(found.members) != 1 or found.possible or (found.bare and found.doubts):
            raise _not_one(among, found)
        check_only_one(self.facts, among)
        return found.members[0]

    @kept
    def doers(self) -> list[Doer]:
        """Those of its set that do what `nth`, `longest` or `shortest` ranks by."""
        return doers_of(self.facts, self.call.words[0], self.parts[0].things.members, self.context.span_s)

    # --- questions --------------------------------------------------------------------------

    @kept
    def answer(self) -> str:
        """The printed value of what may be asked."""
        match self.call.type:
            case Type.BOOL:
                return "yes" if self.is_so else "no"
            case Type.NUMBER:
                return number_word(self._count())
            case Type.SPAN:
                return f"{self.span_s.start_s:.1f} s to {self.span_s.end_s:.1f} s"
            case _:
                return self._text()

    def _text(self) -> str:
        if self.name == "name":
            return self.facts.things[self.parts[0].thing].label
        if self.name == "choose":
            return self._choose()
        if self.name == "order":
            return self._order()
        if self.name in TWO_FACTS:
            return self.change.answer
        context_s = self.context.span_s
        words = sorted({fact.word for fact in self.looked_up if fact.holds_in(context_s)})
        if len(words) == 1:
            return words[0]
        what = asked_for(self.call)
        if not words:
            raise EmptyError(f"the graph holds no {what}")
        raise AmbiguousError(f"the graph holds more than one {what}: {', '.join(words)}")

    @kept
    def change(self) -> Change:
        """What a `change`, `turn`, `switch`, `shift`, `follow` or `besides` finds."""
        things = [part.thing for part in self.parts]
        return changed(self.facts, self.call, things, self.context.span_s)

    @kept
    def looked_up(self) -> Iterable[Fact]:
        """The facts among which a question operator looks; of any time, and for `when` of any word."""
        if self.name == "event":
            return self.facts.events
        thing = self.facts.things[self.parts[0].thing]
        if self.name == "attribute":
            return thing.attributes.get(self.call.words[0], ())
        if self.name in ("motion", "when"):
            return thing.motions
        other = self.parts[1].thing
        return [fact for fact in thing.outgoing if fact.other == other]

    def _choose(self) -> str:
        found, choices = self.parts[0].answer, (self.call.words[0], self.call.words[1])
        if found not in choices:
            raise EmptyError(f"{found!r} is neither {choices[0]!r} nor {choices[1]!r}")
        other = next(choice for choice in choices if choice != found)
        check_ruled_out(self.facts, self.call.parts[0], found, other)
        return found

    def _order(self) -> str:
        first_s, second_s, every_s = self.parts[0].span_s, self.parts[1].span_s, self._every_s()
        if ends_before(first_s, second_s, every_s):
            return "before"
        if ends_before(second_s, first_s, every_s):
            return "after"
        raise AmbiguousError("the two happen at the same time, at least in part, or nearly so")

    def _every_s(self) -> float:
        """How far apart the frames are that the two spans of a question are known by, taken together."""
        apart_s = {
            self.facts.motions_every_s if inside_at(part).name == "when" else self.facts.relations_every_s
            for part in self.call.parts
        }
        return sum(apart_s)  # of two kinds that are known equally well, the frames are the same

    @kept
    def is_so(self) -> bool:
        """The value of a Bool expression."""
        if self.name in LOGIC:
            return _combined(self.name, [part.is_so for part in self.parts])
        if self.name in ("longer", "overlap"):
            compare = is_longer if self.name == "longer" else overlap
            return compare(self.parts[0].span_s, self.parts[1].span_s, self._every_s())
        if self.name == "exists":
            return self._exists()
        return self._is_equal()

    def _is_equal(self) -> bool:
        call, found = self.call, self.parts[0].answer
        wanted = call.words[0] if self.name == "equal" else self.parts[1].answer
        if found == wanted:
            return True
        check_ruled_out(self.facts, call.parts[0], found, wanted)
        if self.name == "same":
            check_ruled_out(self.facts, call.parts[1], wanted, found)
        return False

    def _exists(self) -> bool:
        found = self.parts[0].things
        if not found.members:
            check_all_known(self.facts, self.call.parts[0], found)
        return bool(found.members)

    def _count(self) -> int:
        call, found = self.call.parts[0], self.parts[0].things
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
