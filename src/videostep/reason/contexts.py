"""Temporal contextualisation: the whole video, one scene, or before/after/while something happens.

Source: STEP section 3.2, step 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from random import Random

from videostep.reason.describe import Describer, Description
from videostep.reason.hops import Hop
from videostep.reason.index import Fact, GraphIndex
from videostep.reason.pairs import Happening
from videostep.reason.picking import shuffled
from videostep.reason.program import call
from videostep.sample import Temporal
from videostep.video import TimeSpan

_BETWEEN: Temporal = "between"
AROUND: tuple[Temporal, ...] = ("before", "after", "while")
"""Times that something that happens divides a video into."""
MOST_BETWEEN_STEPS = 2
"""Hops by which two things that happen are told from others: with more, nobody keeps both in mind."""
MOST_PAIRS = 12
"""So many pairs of happenings are tried for a time between two."""
MIN_BETWEEN_S = 1.0
"""Two things that happen must leave so much time between them to be asked of, seconds."""


@dataclass(frozen=True, eq=False)
class TimeContext:
    """A restriction of a question in time."""

    kind: Temporal
    span_s: TimeSpan
    program: str
    """The TIME argument of `at`."""
    scene: int = 0
    """Number of the clip from 1, for a scene."""
    anchors: tuple[Happening, ...] = ()
    """What happens around it; two for `between`."""
    anchor_facts: tuple[Fact, ...] = ()
    names: Mapping[int, Description] = field(default_factory=dict)
    """How the things of the anchors are described, in the whole video."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the restriction itself rests on."""
        return (*self.anchor_facts, *(fact for named in self.names.values() for fact in named.facts()))

    @cached_property
    def steps(self) -> int:
        """Hops in the descriptions of the anchor."""
        return sum(named.steps for named in self.names.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """Telling words that the time phrase says."""
        said = frozenset(word for anchor in self.anchors for word in anchor.predicate.split())
        return said.union(*(named.words for named in self.names.values()))

    @cached_property
    def told_apart(self) -> frozenset[str]:
        """Labels of things that a description tells from others of that label."""
        return frozenset(named.label for named in self.names.values() if named.hop)

    @cached_property
    def some_kinds(self) -> frozenset[str]:
        """Labels of what it speaks of as `a dog`."""
        return frozenset(named.some_kind for named in self.names.values() if named.some_kind)

    @cached_property
    def predicates(self) -> frozenset[str]:
        """What happens around it."""
        return frozenset(anchor.predicate for anchor in self.anchors)

    @cached_property
    def doings(self) -> frozenset[str]:
        """What its things do, and what they are the first or the last to do."""
        return self.predicates.union(hop.name for hop in self._hops if hop.is_ranking)

    @cached_property
    def relations(self) -> frozenset[str]:
        """By which relations its things are described."""
        return frozenset(hop.name for hop in self._hops if hop.operator in ("subjects", "objects"))

    @property
    def _hops(self) -> Iterator[Hop]:
        return (part.hop for named in self.names.values() for part in named.expanded() if part.hop)

    @cached_property
    def things(self) -> frozenset[int]:
        """The things that the time phrase is about."""
        return frozenset(self.names)

    @cached_property
    def said_things(self) -> frozenset[int]:
        """All things that the time phrase speaks of."""
        return frozenset[int]().union(*(named.things for named in self.names.values()))


def always(index: GraphIndex) -> TimeContext:
    """No restriction."""
    return TimeContext("none", index.whole_s, "always()")


def scene(index: GraphIndex, number: int) -> TimeContext:
    """The clip of that number, from 1."""
    span_s = index.graph.clips[number - 1].span_s
    return TimeContext("scene", span_s, call("scene", number), scene=number)


def scenes(index: GraphIndex) -> list[TimeContext]:
    """One per clip; none when the video has one clip only."""
    clips = index.graph.clips
    if len(clips) < 2:
        return []
    return [scene(index, number) for number in range(1, len(clips) + 1)]


def around_happenings(index: GraphIndex, whole: Describer, rng: Random) -> Iterator[TimeContext]:
    """Between, before, after and while what happens to things that can be named in the whole video.

    One between two happenings, if there is any, then the others in random order. A relation only gives a
    "while": nobody says "after the man is next to the bus".
    """
    cards: list[tuple[Temporal, tuple[Fact, ...]]] = []
    for fact in index.facts:
        if fact.kind == "motion":
            cards.extend((kind, (fact,)) for kind in AROUND)
        elif fact.kind == "relation":
            cards.append(("while", (fact,)))
    pairs = ((_BETWEEN, pair) for pair in islice(_one_after_another(index, rng), MOST_PAIRS))
    found = (_around(index, whole, kind, facts, rng) for kind, facts in pairs)
    # Few pairs can be named in few words: among all others they would hardly ever come up.
    yield from islice((context for context in found if context and context.steps <= MOST_BETWEEN_STEPS), 1)
    found = (_around(index, whole, kind, facts, rng) for kind, facts in shuffled(cards, rng))
    yield from (context for context in found if context is not None)


def _one_after_another(index: GraphIndex, rng: Random) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of motions of two things with time between them; about as many as there are motions."""
    motions = [fact for fact in index.facts if fact.kind == "motion"]
    for first in motions:
        second = rng.choice(motions)
        gap_s = second.spans_s[0].start_s - first.spans_s[0].end_s
        if gap_s >= MIN_BETWEEN_S and first.thing != second.thing:
            yield first, second


def _around(
    index: GraphIndex, whole: Describer, kind: Temporal, facts: tuple[Fact, ...], rng: Random
) -> TimeContext | None:
    anchors = tuple(Happening(fact.thing, fact.name, fact.other) for fact in facts)
    span_s = _time(kind, facts, index.whole_s)
    are_told = all(anchor.fact(whole.view) is fact for anchor, fact in zip(anchors, facts, strict=True))
    if not are_told or span_s.duration_s <= 0:
        return None
    names: dict[int, Description] = {}
    for fact in facts:
        ways = [way for way in whole.shortest(fact.thing) if _names_anchor(way, facts)]
        ends = whole.descriptions(fact.other, 0) if fact.other >= 0 else ()
        if not ways or (fact.other >= 0 and not ends):
            return None
        names.update((way.thing, way) for way in (rng.choice(ways), *ends))
    program = call(kind, *(anchor.program(lambda thing: names[thing].program) for anchor in anchors))
    return TimeContext(kind, span_s, program, anchors=anchors, anchor_facts=facts, names=names)


def _time(kind: Temporal, facts: tuple[Fact, ...], whole_s: TimeSpan) -> TimeSpan:
    first_s, last_s = facts[0].spans_s[0], facts[-1].spans_s[0]
    match kind:
        case "before":
            return TimeSpan(whole_s.start_s, first_s.start_s)
        case "after":
            return TimeSpan(first_s.end_s, whole_s.end_s)
        case "between":
            return TimeSpan(first_s.end_s, last_s.start_s)
    return first_s


def _names_anchor(way: Description, facts: tuple[Fact, ...]) -> bool:
    """Whether a description says something else than what happens, and not by another verb."""
    hops = [part.hop for part in way.expanded() if part.hop]
    is_clause = any(hop.is_clause or hop.takes_it_in for hop in hops)  # "before the man who enters sits down"
    is_apart = all(fact.id not in way.fact_ids and fact.other not in way.things for fact in facts)
    return is_apart and not is_clause
