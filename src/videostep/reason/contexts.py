"""Temporal contextualisation: the whole video, one scene, or before/after/while something happens.

Source: STEP section 3.2, step 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from videostep.reason.describe import Describer, Description
from videostep.reason.index import Fact, GraphIndex
from videostep.reason.pairs import Happening
from videostep.reason.program import call
from videostep.sample import Temporal
from videostep.video import TimeSpan

AROUND: tuple[Temporal, ...] = ("before", "after", "while")
"""Times that something that happens divides a video into."""


@dataclass(frozen=True, eq=False)
class TimeContext:
    """A restriction of a question in time."""

    kind: Temporal
    span_s: TimeSpan
    program: str
    """The TIME argument of `at`."""
    scene: int = 0
    """Number of the clip from 1, for a scene."""
    anchor: Happening | None = None
    anchor_fact: Fact | None = None
    names: Mapping[int, Description] = field(default_factory=dict)
    """How the things of the anchor are described, in the whole video."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the restriction itself rests on."""
        if self.anchor_fact is None:
            return ()
        return (self.anchor_fact, *(fact for named in self.names.values() for fact in named.facts()))

    @cached_property
    def steps(self) -> int:
        """Hops in the descriptions of the anchor."""
        return sum(named.steps for named in self.names.values())

    @cached_property
    def words(self) -> frozenset[str]:
        """Telling words that the time phrase says."""
        said = frozenset(self.anchor.predicate.split()) if self.anchor else frozenset()
        return said.union(*(named.words for named in self.names.values()))

    @cached_property
    def things(self) -> frozenset[int]:
        """The things that the time phrase is about."""
        return frozenset(self.names)


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
    """Before, after and while something happens whose thing can be named in the whole video; in random order.

    A relation only gives a "while": nobody says "after the man is next to the bus".
    """
    cards: list[tuple[Fact, Temporal]] = []
    for fact in index.facts:
        if fact.kind == "motion":
            cards.extend((fact, kind) for kind in AROUND)
        elif fact.kind == "relation":
            cards.append((fact, "while"))
    rng.shuffle(cards)
    found = (_around(index, whole, fact, kind, rng) for fact, kind in cards)
    return (context for context in found if context is not None)


def _around(
    index: GraphIndex, whole: Describer, fact: Fact, kind: Temporal, rng: Random
) -> TimeContext | None:
    anchor, (start_s, end_s) = Happening(fact.thing, fact.name, fact.other), fact.spans_s[0]
    parts_s = {"before": (0.0, start_s), "after": (end_s, index.whole_s.end_s), "while": (start_s, end_s)}
    span_s = TimeSpan(*parts_s[kind])
    if anchor.fact(whole.view) is not fact or span_s.duration_s <= 0:
        return None
    ways = [way for way in whole.shortest(fact.thing) if _names_anchor(way, fact)]
    ends = whole.descriptions(fact.other, 0) if fact.other >= 0 else ()
    if not ways or (fact.other >= 0 and not ends):
        return None
    named, *other = (rng.choice(ways), *ends)
    names = {each.thing: each for each in (named, *other)}
    program = call(kind, anchor.program(lambda thing: names[thing].program))
    return TimeContext(kind, span_s, program, anchor=anchor, anchor_fact=fact, names=names)


def _names_anchor(way: Description, fact: Fact) -> bool:
    """Whether a description says something else than what happens, and not by another verb."""
    is_clause = way.hop is not None and way.hop.is_clause  # "before the man who enters sits down"
    return fact.id not in way.fact_ids and fact.other not in way.things and not is_clause
