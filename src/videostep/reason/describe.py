"""Referring expressions: how a thing can be named so that it fits one thing only.

STEP section 3.2, step 2, expands the nodes of a question (its set Q) one edge at a time and closes them (its
set A). A description is such an expansion of one node, worked out once and used in many questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from videostep.reason.hops import Hop, HopFinder
from videostep.reason.index import Fact, View
from videostep.reason.program import at, call, things_called

MAX_NESTING = 2
"""Relations inside one another in a description: "the car behind the person next to the bus" is as much as
a listener can follow."""
MOST_STEPS = MAX_NESTING + 1
"""Most hops of one description: relations, and what tells the last thing from others."""
INNER_PER_HOP = 4
"""So many descriptions of a neighbour are tried in one hop: more would only vary the words."""
COMPARING = " than"
"""How a relation ends that compares: `larger than`."""
SMALL_WORDS = frozenset({"a", "an", "by", "from", "in", "of", "on", "the", "to", "with"})
"""They stand in every question and give nothing away."""


@dataclass(slots=True, eq=False)
class Description:
    """A thing as a question names it; never changed, and not frozen, since that costs most of making one."""

    thing: int
    label: str
    hop: Hop | None
    """Its outermost hop; None where the bare label will do."""
    inner: Description | None
    """Of the thing that the hop leads to."""
    steps: int
    """Hops in it, inner ones too."""
    nesting: int
    """Relations inside one another."""
    fact_ids: frozenset[str]
    things: frozenset[int]
    """All things it speaks of."""
    words: frozenset[str]
    """Telling words that it says."""
    is_unnamed: bool = False
    """Whether it speaks of a "thing", whose label it does not say."""
    scene: int = 0
    """Number of the scene in which it holds, where that is not the question's own time."""
    _program: str = ""

    @property
    def program(self) -> str:
        """The Thing, as text; written when first asked for: few descriptions come into a question."""
        if not self._program:
            self._program = at(call("scene", self.scene), self._written()) if self.scene else self._written()
        return self._program

    def _written(self) -> str:
        if self.hop is None:
            return call("unique", things_called(self.label))
        return self.hop.program(self.label if self.hop.labelled else "", self.end)

    @property
    def end(self) -> str:
        """The thing that its hop leads to, as text; empty where it leads to none."""
        return self.inner.program if self.inner else ""

    def taken_from(self, scene: int) -> Description:
        """The same as it holds in a scene, for use at another time."""
        return replace(self, scene=scene, _program="")

    def expanded(self) -> list[Description]:
        """This description and those inside it that have a hop, innermost first: as one would look."""
        if self.hop is None:
            return []
        return [*(self.inner.expanded() if self.inner else ()), self]

    @property
    def innermost(self) -> Description:
        """The description at its very inside: of the thing that it begins with."""
        return self.inner.innermost if self.inner else self

    @property
    def some_kind(self) -> str:
        """Label of what it begins with where any such thing will do: `a dog`; else empty."""
        start = self.innermost.hop
        return start.kind if start else ""

    def facts(self) -> Iterator[Fact]:
        """Every edge it rests on."""
        for part in self.expanded():
            if part.hop:
                yield from part.hop.facts


class Describer:
    """All descriptions of the things of one view; each is made when first asked for."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.finder = HopFinder(view)
        self._found: dict[tuple[int, int], tuple[Description, ...]] = {}
        self._fits: dict[Description, bool] = {}

    def descriptions(self, thing: int, steps: int) -> tuple[Description, ...]:
        """Every way to name `thing` by exactly so many hops."""
        found = self._found.get((thing, steps))
        if found is None:
            made = self._longer(thing, steps) if steps else self._bare(thing)
            found = self._found[thing, steps] = tuple(made)
        return found

    def shortest(self, thing: int) -> tuple[Description, ...]:
        """The ways to name `thing` by as few hops as will do; empty when nothing names it."""
        found = (self.descriptions(thing, steps) for steps in range(MOST_STEPS + 1))
        return next((ways for ways in found if ways), ())

    def fits(self, description: Description) -> bool:
        """Whether a description, taken from any view, fits the same thing alone in this one."""
        found = self._fits.get(description)
        if found is None:
            found = self._fits[description] = self._fits_here(description)
        return found

    def _fits_here(self, description: Description) -> bool:
        thing, hop = description.thing, description.hop
        if hop is None:
            return self.view.bare_is_unique(thing) and thing in self.view.visible
        inner = description.inner
        return self.finder.is_named(thing, hop) and (inner is None or self.fits(inner))

    def _bare(self, thing: int) -> Iterator[Description]:
        if self.view.bare_is_unique(thing):
            label = self.view.label(thing)
            yield Description(
                thing,
                label,
                None,
                None,
                steps=0,
                nesting=0,
                fact_ids=frozenset(),
                things=frozenset((thing,)),
                words=_telling(label),
            )

    def _longer(self, thing: int, steps: int) -> Iterator[Description]:
        for hop in self.finder.hops(thing):
            if hop.neighbour < 0:
                if steps == 1:
                    yield self._by(thing, hop, None)
                continue
            inner = self.descriptions(hop.neighbour, steps - 1)
            if inner:  # most neighbours have no name of that length
                label = self.view.label(thing)
                fitting = (each for each in inner if _can_stand_in(each, thing, label, hop))
                for each in islice(fitting, INNER_PER_HOP):
                    yield self._by(thing, hop, each)

    def _by(self, thing: int, hop: Hop, inner: Description | None) -> Description:
        label = self.view.label(thing)
        words = _telling(label, hop.name, hop.value, hop.kind)
        ids = hop.fact_ids
        return Description(
            thing,
            label,
            hop,
            inner,
            steps=1 + (inner.steps if inner else 0),
            nesting=1 + inner.nesting if inner else int(bool(hop.kind)),
            fact_ids=ids | inner.fact_ids if inner else ids,
            things=inner.things | {thing} if inner else frozenset((thing,)),
            words=words | inner.words if inner else words,
            is_unnamed=not hop.labelled or (inner is not None and inner.is_unnamed),
        )


def _can_stand_in(inner: Description, thing: int, label: str, hop: Hop) -> bool:
    """Whether a neighbour may be named so in a hop: no loop, not too deep, no relation twice in a row."""
    if inner.nesting >= MAX_NESTING or thing in inner.things:
        return False
    if not hop.fact_ids.isdisjoint(inner.fact_ids):
        return False
    if inner.hop is None:
        return True
    if inner.is_unnamed and not hop.labelled:
        return False  # "the thing with the thing cut by the person on it"
    if hop.name.endswith(COMPARING) and inner.hop.name.endswith(COMPARING):
        return False  # "the dog slower than the dog smaller than the cat"
    if inner.some_kind == label:  # "the man whom the dog next to a man follows"
        return False
    if hop.takes_it_in and (inner.hop.is_clause or inner.hop.takes_it_in):
        # "the thing that the ball that the dog looks at is rolling towards"
        return False
    if inner.hop.is_lasting:
        return True
    # "the car next to the bench next to a dog" leaves open what is next to what
    return inner.hop.name != hop.name and _come_together(hop, inner.hop)


def _come_together(one: Hop, other: Hop) -> bool:
    """Whether two hops hold at one time: "the bench that the person next to the bus is on" needs both."""
    if one.is_lasting:
        return True
    spans_s = other.facts[-1].spans_s
    return any(span.overlap(later) for span in one.facts[-1].spans_s for later in spans_s)


@lru_cache(maxsize=65536)
def _telling(*phrases: str) -> frozenset[str]:
    return frozenset(word for phrase in phrases for word in phrase.split()) - SMALL_WORDS
