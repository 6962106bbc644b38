"""Relations: how two things stand to each other, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from videostep.induce.parsers.embedded.detect import RIDDEN
from videostep.induce.parsers.embedded.encounters import approaching, following, passing
from videostep.induce.parsers.embedded.pairs import Actor, Held, Pair, pair_of, seen_together
from videostep.induce.parsers.embedded.placement import beside, left_of, riding
from videostep.induce.parsers.embedded.runs import runs_of
from videostep.induce.parsers.embedded.statements import Relation
from videostep.video import TimeSpan

GAP_S = 0.5
"""A relation goes on across a doubt this long, seconds."""


class Rule(NamedTuple):
    """When `first predicate second` is stated."""

    predicate: str
    holds: Callable[[Pair], Held]
    min_s: float
    """It must hold this long, seconds."""
    inverse: str | None = None
    """What second then is to first."""


RULES = (
    Rule("next to", beside, 1.0, "next to"),
    Rule("to the left of", left_of, 1.0, "to the right of"),
    Rule("following", following, 1.5),
    Rule("approaching", approaching, 1.0),
    Rule("passing", passing, 0.6),
)
RIDING = Rule("riding", riding, 0.6)


def relations_of(actors: Sequence[Actor], *, aspect: float) -> list[Relation]:
    """All relations between things of a clip, sorted by subject, predicate and object."""
    found: list[Relation] = []
    for first, second in seen_together(actors):
        pair = pair_of(first, second, aspect=aspect)
        found += _relations(first, second, pair)
        found += _relations(second, first, pair.swapped)
    once = {(one.subject, one.predicate, one.object): one for one in found}
    return [once[key] for key in sorted(once)]


def _relations(first: Actor, second: Actor, pair: Pair) -> Iterator[Relation]:
    for rule in _rules_for(first, second):
        stated = _stated(first.thing.track, second.thing.track, rule, pair)
        if stated:
            yield stated
            if rule.inverse:
                yield _turned(stated, rule.inverse)


def _rules_for(first: Actor, second: Actor) -> tuple[Rule, ...]:
    """Who rides something is not also next to it."""
    labels = {first.thing.label, second.thing.label}
    if labels & RIDDEN and "person" in labels:
        return (RIDING,) if first.thing.label == "person" else ()
    return RULES


def _stated(subject: int, other: int, rule: Rule, pair: Pair) -> Relation | None:
    """One relation with all spans in which it held long enough; None when it never did."""
    runs = runs_of(rule.holds(pair), pair.times_s, min_s=rule.min_s, gap_s=GAP_S)
    if not runs:
        return None
    return Relation(
        subject=subject,
        predicate=rule.predicate,
        object=other,
        confidence=min(run.share for run in runs),
        spans_s=tuple(TimeSpan(float(pair.times_s[r.first]), float(pair.times_s[r.last])) for r in runs),
    )


def _turned(relation: Relation, predicate: str) -> Relation:
    return Relation(
        subject=relation.object,
        predicate=predicate,
        object=relation.subject,
        confidence=relation.confidence,
        spans_s=relation.spans_s,
    )
