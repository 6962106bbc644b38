"""The first pair of a question: what is asked, before any description is expanded.

STEP section 3.2, step 1: a connected pair, one end asked for, the other in the question. A core knows
its answer in a context, the program around its descriptions, and the facts it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

from videostep.graph import Event
from videostep.reason.hops import PERSONS
from videostep.reason.index import Fact, View
from videostep.reason.program import call, text
from videostep.sample import Semantics, Temporal

Refer = Callable[[int], str]
"""Thing to the program of its description."""


class Core:
    """One kind of first pair.

    Cores are never changed. They are not frozen, since that costs most of making one, and no ABCs, since
    those make `isinstance` slow.
    """

    __slots__ = ()
    about: ClassVar[Semantics]
    """Kind of edge it looks up."""
    steps: ClassVar[int] = 1
    """How many it looks up itself."""
    is_bool: ClassVar[bool] = False
    """Whether it is answered by yes or no."""
    temporal: ClassVar[Temporal | None] = None
    """Kind of time that it speaks of itself; None: of none."""

    @property
    def semantics(self) -> Semantics:
        """What the question is about."""
        return self.about

    @property
    def roots(self) -> tuple[int, ...]:
        """The things it speaks of: the first members of Q."""
        raise NotImplementedError

    @property
    def bare(self) -> tuple[int, ...]:
        """Further things that it speaks of, each by its bare label."""
        return ()

    @property
    def kind(self) -> str:
        """What is asked for, to vary it: all colours are one kind, and so are all predicates."""
        raise NotImplementedError

    @property
    def is_lasting(self) -> bool:
        """Whether a viewer expects no change: "after the bus leaves, what colour is the car?" sounds odd."""
        return False

    def answer(self, view: View) -> str | None:
        """The one answer in that context, or None."""
        raise NotImplementedError

    def program(self, refer: Refer) -> str:
        """The question operator around the descriptions."""
        raise NotImplementedError

    def facts(self, view: View) -> tuple[Fact, ...]:
        """What the answer rests on."""
        raise NotImplementedError

    def nodes(self, view: View) -> tuple[str, ...]:
        """Object nodes that it rests on without any fact."""
        return ()


@dataclass(slots=True)
class AttributeCore(Core):
    """What colour is X?"""

    about: ClassVar[Semantics] = "attribute"
    thing: int
    name: str

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing,)

    @property
    def kind(self) -> str:
        return "colour" if self.is_lasting else f"attribute {self.name}"

    @property
    def is_lasting(self) -> bool:
        return self.name.endswith("colour")

    def answer(self, view: View) -> str | None:
        found = _only(view.values(self.thing, self.name))
        return found if found is not None and view.is_settled(self.thing, self.name) else None

    def program(self, refer: Refer) -> str:
        return call("attribute", refer(self.thing), text(self.name))

    def facts(self, view: View) -> tuple[Fact, ...]:
        return _flat(view.values(self.thing, self.name))


@dataclass(slots=True)
class MotionCore(Core):
    """What does X do?"""

    about: ClassVar[Semantics] = "motion"
    kind: ClassVar[str] = "motion"
    thing: int

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing,)

    def answer(self, view: View) -> str | None:
        return _only(view.motions.get(self.thing, {}))

    def program(self, refer: Refer) -> str:
        return call("motion", refer(self.thing))

    def facts(self, view: View) -> tuple[Fact, ...]:
        return _flat(view.motions[self.thing])


@dataclass(slots=True)
class BesidesCore(Core):
    """What does X do apart from entering?"""

    about: ClassVar[Semantics] = "motion"
    kind: ClassVar[str] = "besides"
    thing: int
    predicate: str

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing,)

    def answer(self, view: View) -> str | None:
        done = view.motions.get(self.thing, {})
        other = _only([name for name in done if name != self.predicate]) if self.predicate in done else None
        # "What else does X do besides walking to the left?" half says that X walks.
        return other if other and other.split()[0] != self.predicate.split()[0] else None

    def program(self, refer: Refer) -> str:
        return call("besides", refer(self.thing), text(self.predicate))

    def facts(self, view: View) -> tuple[Fact, ...]:
        return _flat(view.motions[self.thing])


@dataclass(slots=True)
class ObjectCore(Core):
    """What is X riding? (`forward`) What is next to X?"""

    about: ClassVar[Semantics] = "object"
    kind: ClassVar[str] = "object"
    thing: int
    predicate: str
    forward: bool

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.thing,)

    def found(self, view: View) -> int | None:
        """The one thing at the other end."""
        ends = view.objects if self.forward else view.subjects
        others = ends.get((self.predicate, self.thing), set())
        return next(iter(others)) if len(others) == 1 else None

    def answer(self, view: View) -> str | None:
        other = self.found(view)
        return None if other is None else view.index.things[other].label

    def set_program(self, refer: Refer) -> str:
        """The thing at the other end, as a description."""
        operator = "objects" if self.forward else "subjects"
        return call("unique", call(operator, "things()", text(self.predicate), refer(self.thing)))

    def program(self, refer: Refer) -> str:
        return call("name", self.set_program(refer))

    def facts(self, view: View) -> tuple[Fact, ...]:
        other = self.found(view)
        if other is None:
            return ()
        pair = (self.thing, other) if self.forward else (other, self.thing)
        return tuple(view.links[pair][self.predicate])


@dataclass(slots=True)
class PredicateCore(Core):
    """Where is A in relation to B?"""

    about: ClassVar[Semantics] = "relation"
    kind: ClassVar[str] = "relation"
    subject: int
    object: int

    @property
    def roots(self) -> tuple[int, ...]:
        return (self.subject, self.object)

    def answer(self, view: View) -> str | None:
        return _only(view.links.get((self.subject, self.object), {}))

    def program(self, refer: Refer) -> str:
        return call("predicate", refer(self.subject), refer(self.object))

    def facts(self, view: View) -> tuple[Fact, ...]:
        return _flat(view.links[self.subject, self.object])


@dataclass(slots=True)
class EventCore(Core):
    """What happens in the second scene?"""

    about: ClassVar[Semantics] = "event"
    kind: ClassVar[str] = "event"
    event: Event

    @property
    def roots(self) -> tuple[int, ...]:
        return ()

    def answer(self, view: View) -> str | None:
        return self.event.description

    def program(self, refer: Refer) -> str:
        return "event()"

    def facts(self, view: View) -> tuple[Fact, ...]:
        return ()


def single_cores(view: View) -> Iterator[Core]:
    """Every core about one fact that has one answer in the view."""
    for thing, names in view.attributes.items():
        yield from (AttributeCore(thing, name) for name, values in names.items() if len(values) == 1)
    for thing, motions in view.motions.items():
        if len(motions) == 1:
            yield MotionCore(thing)
        elif len(motions) == 2:
            yield from (BesidesCore(thing, name) for name in motions)
    for ends, forward in ((view.objects, True), (view.subjects, False)):
        for (predicate, thing), others in ends.items():
            # "Who is next to the bus?" is not answered by "person".
            if len(others) == 1 and view.label(next(iter(others))) not in PERSONS:
                yield ObjectCore(thing, predicate, forward)
    for (subject, other), predicates in view.links.items():
        if len(predicates) == 1:
            yield PredicateCore(subject, other)
    happening = [clip.event for clip in view.index.graph.clips if clip.event.span_s.overlap(view.span_s)]
    if len(happening) == 1:
        yield EventCore(happening[0])


def _only(found: Collection[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def _flat(found: dict[str, list[Fact]]) -> tuple[Fact, ...]:
    return tuple(fact for facts in found.values() for fact in facts)
