"""First pairs about two facts: which comes first, lasts longer, are they together, alike, both so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from videostep.reason.cores import AttributeCore, Core, MotionCore, Refer
from videostep.reason.index import Fact, View
from videostep.reason.program import call, text
from videostep.reason.spans import are_together, is_over_before, is_told_longer, takes_time
from videostep.sample import Semantics
from videostep.video import TimeSpan

Joint = Literal["and", "or", "xor"]


@dataclass(slots=True)
class Happening:
    """X does this, or stands so to something, once in the context."""

    thing: int
    predicate: str
    other: int = -1
    """What it stands in that relation to; -1 for a motion."""

    def fact(self, view: View) -> Fact | None:
        """The one motion or relation meant."""
        return view.once.get((self.thing, self.predicate, self.other))

    def program(self, refer: Refer) -> str:
        """Its span."""
        if self.other < 0:
            return call("when", refer(self.thing), text(self.predicate))
        return call("held", refer(self.thing), text(self.predicate), refer(self.other))


class PairCore(Core):
    """A question with two sides, each about one fact."""

    __slots__ = ()
    steps: ClassVar[int] = 2

    def side(self, number: int, view: View) -> tuple[Fact, ...]:
        """The facts of the first (0) or second (1) side."""
        raise NotImplementedError

    def facts(self, view: View) -> tuple[Fact, ...]:
        """What the answer rests on."""
        return (*self.side(0, view), *self.side(1, view))


@dataclass(slots=True)
class HappeningCore(PairCore):
    """A question about when two things happen."""

    about: ClassVar[Semantics] = "motion"
    operator: ClassVar[str]
    """Also its kind."""
    first: Happening
    second: Happening

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.first.thing, self.second.thing)

    @property
    def bare(self) -> tuple[int, ...]:
        return tuple(other for other in (self.first.other, self.second.other) if other >= 0)

    def spans_s(self, view: View) -> tuple[TimeSpan, TimeSpan] | None:
        """When the two happen; None unless each happens once."""
        first, second = self.first.fact(view), self.second.fact(view)
        return (first.spans_s[0], second.spans_s[0]) if first and second else None

    def every_s(self, view: View) -> float:
        """How far the frames lie apart by which the times of the two can be compared, seconds."""
        return view.index.every_s_by_kind[self.first.other < 0, self.second.other < 0]

    def program(self, refer: Refer) -> str:
        return call(self.operator, self.first.program(refer), self.second.program(refer))

    def side(self, number: int, view: View) -> tuple[Fact, ...]:
        """The motion or relation of one side."""
        fact = (self.first, self.second)[number].fact(view)
        return (fact,) if fact else ()


class OrderCore(HappeningCore):
    """Did A sit down before or after B left?"""

    __slots__ = ()
    kind = operator = "order"

    def answer(self, view: View) -> str | None:
        spans_s = self.spans_s(view)
        if spans_s is None or self.is_trivial:
            return None
        (first, second), every_s = spans_s, self.every_s(view)
        if is_over_before(first, second, every_s):
            return "before"
        return "after" if is_over_before(second, first, every_s) else None

    @property
    def is_trivial(self) -> bool:
        """One thing enters before and leaves after all else it does: nobody need watch for that."""
        words = (self.first.predicate.split()[0], self.second.predicate.split()[0])
        return self.first.thing == self.second.thing and bool({"enters", "leaves"} & set(words))


class LongerCore(HappeningCore):
    """Does A walk for longer than B runs?"""

    __slots__ = ()
    kind = operator = "longer"
    is_bool = True

    def answer(self, view: View) -> str | None:
        spans_s = self.spans_s(view)
        if spans_s is None or not (takes_time(self.first.predicate) and takes_time(self.second.predicate)):
            return None
        first_s, second_s = (span.duration_s for span in spans_s)
        every_s = self.every_s(view)
        if is_told_longer(first_s, second_s, every_s):
            return "yes"
        return "no" if is_told_longer(second_s, first_s, every_s) else None


class OverlapCore(HappeningCore):
    """Does A walk while B runs?"""

    __slots__ = ()
    kind = operator = "overlap"
    is_bool = True

    def answer(self, view: View) -> str | None:
        facts = self.facts(view)
        # Two things of different scenes, or one thing's two motions, are never together: that is no question.
        if len(facts) < 2 or self.first.thing == self.second.thing or not _are_of_one_clip(view, *facts):
            return None
        together = are_together(facts[0].spans_s[0], facts[1].spans_s[0], self.every_s(view))
        return None if together is None else "yes" if together else "no"


@dataclass(slots=True)
class SameCore(PairCore):
    """Are A and B the same colour?"""

    about: ClassVar[Semantics] = "attribute"
    is_bool: ClassVar[bool] = True
    kind: ClassVar[str] = "same"
    first: int
    second: int
    name: str

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.first, self.second)

    def values(self, view: View) -> tuple[str | None, str | None]:
        """The value of each."""
        a, b = (AttributeCore(thing, self.name).answer(view) for thing in self.roots)
        return a, b

    def answer(self, view: View) -> str | None:
        a, b = self.values(view)
        if a is None or b is None:
            return None
        return "yes" if a == b else "no"

    def program(self, refer: Refer) -> str:
        parts = (AttributeCore(thing, self.name).program(refer) for thing in self.roots)
        return call("same", *parts)

    def side(self, number: int, view: View) -> tuple[Fact, ...]:
        """The attribute of one of the two."""
        return AttributeCore(self.roots[number], self.name).facts(view)


@dataclass(slots=True)
class Claim:
    """That an attribute or a motion of one thing is so."""

    core: AttributeCore | MotionCore
    value: str

    @property
    def thing(self) -> int:
        """What it is about."""
        return self.core.thing

    def is_so(self, view: View) -> bool | None:
        """Whether it is; None where there is no one answer."""
        found = self.core.answer(view)
        return None if found is None else found == self.value

    def program(self, refer: Refer) -> str:
        """The claim as a yes/no question."""
        return call("equal", self.core.program(refer), text(self.value))


@dataclass(slots=True)
class LogicCore(PairCore):
    """Is it true that A is so and B is so?"""

    about: ClassVar[Semantics] = "attribute"
    is_bool: ClassVar[bool] = True
    kind: ClassVar[str] = "logic"
    joint: Joint
    first: Claim
    second: Claim

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.first.core.thing, self.second.core.thing)

    def answer(self, view: View) -> str | None:
        first, second = self.first.is_so(view), self.second.is_so(view)
        if first is None or second is None or self.first.core == self.second.core:
            return None
        holds = {"and": first and second, "or": first or second, "xor": first != second}[self.joint]
        return "yes" if holds else "no"

    def program(self, refer: Refer) -> str:
        return call(self.joint, self.first.program(refer), self.second.program(refer))

    def side(self, number: int, view: View) -> tuple[Fact, ...]:
        """What one of the claims is about."""
        return (self.first, self.second)[number].core.facts(view)


def _are_of_one_clip(view: View, one: Fact, other: Fact) -> bool:
    index = view.index
    first, second = one.spans_s[0], other.spans_s[0]
    number = index.clip_at(first.start_s)
    end_s = index.graph.clips[number].span_s.end_s
    return number == index.clip_at(second.start_s) and first.end_s <= end_s and second.end_s <= end_s
