"""Temporal contextualisation: the whole video, one scene, or before/after/while something happens.

Source: STEP section 3.2, step 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from videostep.reason.cores import Happening
from videostep.reason.describe import Describer, Draft
from videostep.reason.index import Fact, GraphIndex
from videostep.reason.program import call
from videostep.sample import Temporal
from videostep.video import TimeSpan


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
    draft: Draft | None = None
    """How the anchor's thing is described, in the whole video."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the restriction itself rests on."""
        if self.anchor_fact is None or self.draft is None:
            return ()
        return (self.anchor_fact, *(fact for hop in self.draft.hops.values() for fact in hop.facts))

    @property
    def anchor_steps(self) -> int:
        """Hops in the description of the anchor."""
        return len(self.draft.hops) if self.draft else 0


def always(index: GraphIndex) -> TimeContext:
    """No restriction."""
    return TimeContext("none", index.whole_s, "always()")


def scenes(index: GraphIndex) -> list[TimeContext]:
    """One per clip; none when the video has one clip only."""
    clips = index.graph.clips
    if len(clips) < 2:
        return []
    return [TimeContext("scene", c.span_s, call("scene", i), scene=i) for i, c in enumerate(clips, 1)]


def around_happenings(index: GraphIndex, whole: Describer, rng: Random) -> list[TimeContext]:
    """Before, after and while every motion whose thing can be named in the whole video."""
    found = []
    for fact in index.facts:
        if fact.kind != "motion":
            continue
        anchor = Happening(fact.thing, fact.name)
        if anchor.fact(whole.view) is not fact:
            continue
        draft = _describe_shortly(whole, fact, rng)
        if draft is not None:
            found.extend(_around(index, anchor, fact, draft))
    return found


def _describe_shortly(whole: Describer, fact: Fact, rng: Random) -> Draft | None:
    """A description of what moves, with as few hops as will do and not by that motion itself."""
    draft = Draft(whole, (fact.thing,), frozenset({fact.id}))
    while draft.need > 0:
        node = next(open_ for open_ in draft.open if whole.need(open_) > 0)
        budget = int(draft.need) if draft.need != float("inf") else 0
        options = draft.options(node, budget)
        if not options:
            return None
        draft.expand(node, rng.choice(options))
    return draft


def _around(index: GraphIndex, anchor: Happening, fact: Fact, draft: Draft) -> list[TimeContext]:
    span_s, whole_s = fact.spans_s[0], index.whole_s
    when = anchor.program(draft.refer)
    spans: dict[Temporal, TimeSpan] = {
        "before": TimeSpan(0.0, span_s.start_s),
        "after": TimeSpan(span_s.end_s, whole_s.end_s),
        "while": span_s,
    }
    return [
        TimeContext(kind, span, call(kind, when), anchor=anchor, anchor_fact=fact, draft=draft)
        for kind, span in spans.items()
        if span.duration_s > 0
    ]
