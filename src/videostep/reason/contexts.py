"""Temporal contextualisation: the whole video, one scene, or before/after/while something happens.

Source: STEP section 3.2, step 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from videostep.reason.cores import Happening
from videostep.reason.describe import Describer, Description
from videostep.reason.index import Fact, GraphIndex
from videostep.reason.program import call
from videostep.sample import Temporal
from videostep.video import TimeSpan

AROUND: tuple[Temporal, ...] = ("before", "after", "while")
"""Times that something that happens divides a video into."""


@dataclass(frozen=True, slots=True, eq=False)
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
    description: Description | None = None
    """How the anchor's thing is described, in the whole video."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the restriction itself rests on."""
        if self.anchor_fact is None or self.description is None:
            return ()
        return (self.anchor_fact, *self.description.facts())

    @property
    def steps(self) -> int:
        """Hops in the description of the anchor."""
        return self.description.steps if self.description else 0

    @property
    def words(self) -> frozenset[str]:
        """Telling words that the time phrase says."""
        if self.anchor is None or self.description is None:
            return frozenset()
        return self.description.words | frozenset(self.anchor.predicate.split())


def always(index: GraphIndex) -> TimeContext:
    """No restriction."""
    return TimeContext("none", index.whole_s, "always()")


def scenes(index: GraphIndex) -> list[TimeContext]:
    """One per clip; none when the video has one clip only."""
    clips = index.graph.clips
    if len(clips) < 2:
        return []
    return [TimeContext("scene", c.span_s, call("scene", i), scene=i) for i, c in enumerate(clips, 1)]


def around_happenings(index: GraphIndex, whole: Describer, rng: Random) -> Iterator[TimeContext]:
    """Before, after and while a motion whose thing can be named in the whole video; in random order."""
    motions = [fact for fact in index.facts if fact.kind == "motion"]
    cards = [(fact, kind) for fact in motions for kind in AROUND]
    rng.shuffle(cards)
    for fact, kind in cards:
        found = _around(index, whole, fact, kind, rng)
        if found is not None:
            yield found


def _around(
    index: GraphIndex, whole: Describer, fact: Fact, kind: Temporal, rng: Random
) -> TimeContext | None:
    anchor, (start_s, end_s) = Happening(fact.thing, fact.name), fact.spans_s[0]
    parts_s = {"before": (0.0, start_s), "after": (end_s, index.whole_s.end_s), "while": (start_s, end_s)}
    span_s = TimeSpan(*parts_s[kind])
    if anchor.fact(whole.view) is not fact or span_s.duration_s <= 0:
        return None
    ways = [way for way in whole.shortest(fact.thing) if fact.id not in way.fact_ids]
    if not ways:
        return None
    named = rng.choice(ways)
    program = call(kind, anchor.program(lambda _: named.program))
    return TimeContext(kind, span_s, program, anchor=anchor, anchor_fact=fact, description=named)
