"""Events: what happens in a clip, in one plain sentence, written as answers are: lower case, no full stop."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from videostep.graph import ClipGraph, Event, MotionEdge, ObjectNode, RelationEdge
from videostep.video import TimeSpan

if TYPE_CHECKING:
    import inflect

NOTHING = "nothing that can be named is seen"
NOTHING_CONFIDENCE = 0.1
"""Of `NOTHING`: the detector knows 80 labels, so it says little."""
SEEN_CONFIDENCE = 0.2
"""At most, of an event in which nothing moves: that a car is seen is hardly what happens."""
MAX_CLAUSES = 2
"""More than two things at once is not a sentence that anybody would say."""
RIDING, RESTING = 100.0, 1e-3
"""Who rides is more worth naming than who walks, and what only is there less: seconds more, and times."""
PLACES = ("left", "right", "camera", "away")
"""Last words of motions that go somewhere: they say more than a stop or a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What one thing does for most of the time that it does anything."""

    node: ObjectNode
    predicate: str
    """Third person singular; empty when it only is there."""
    plural: str
    """The same of several."""
    weight: float
    """Seconds, by which the main things of the clip are chosen."""
    confidence: float
    ridden: tuple[str, ...] = ()
    """Id of what it rides: named in the predicate."""


def event_of(graph: ClipGraph) -> Event:
    """The main participants and what they do; things that do the same share a clause."""
    groups = _groups([_doing(node, graph) for node in graph.objects])
    chosen = groups[:MAX_CLAUSES]
    said = [one for group in chosen for one in group]
    return Event(
        id=f"{graph.clip.id}.event",
        description=_sentence(chosen, graph) if said else NOTHING,
        span_s=graph.clip.span_s,
        participants=tuple(sorted({i for one in said for i in (one.node.id, *one.ridden)})),
        confidence=_confidence(said),
    )


def _confidence(said: Sequence[Doing]) -> float:
    if not said:
        return NOTHING_CONFIDENCE
    sure = min(one.confidence for one in said)
    return round(sure if any(one.predicate for one in said) else min(sure, SEEN_CONFIDENCE), 4)


def _doing(node: ObjectNode, graph: ClipGraph) -> Doing:
    """Riding before any motion, motions before merely being there."""
    rides = [r for r in graph.relations if r.subject == node.id and r.predicate == "riding"]
    if rides:
        return _riding(node, max(rides, key=lambda ride: (_length_s(ride.spans_s), ride.object)), graph)
    motions = [motion for motion in graph.motions if motion.object == node.id]
    if motions:
        return _moving(node, motions)
    weight = _length_s(node.spans_s) * RESTING
    return Doing(node=node, predicate="", plural="", weight=weight, confidence=node.confidence)


def _riding(node: ObjectNode, ride: RelationEdge, graph: ClipGraph) -> Doing:
    label = next(other.label for other in graph.objects if other.id == ride.object)
    return Doing(
        node=node,
        predicate=f"rides {_article(label)}",
        plural=f"ride {_english().plural(label)}",
        weight=_length_s(ride.spans_s) + RIDING,
        confidence=ride.confidence,
        ridden=(ride.object,),
    )


def _moving(node: ObjectNode, motions: Sequence[MotionEdge]) -> Doing:
    """The longest motion, one that goes somewhere before a stop or a turn."""
    main = max(motions, key=lambda m: (m.predicate.endswith(PLACES), m.span_s.duration_s, m.predicate))
    verb, _, where = main.predicate.partition(" ")
    return Doing(
        node=node,
        predicate=main.predicate,
        plural=f"{verb.removesuffix('s')} {where}".strip(),
        weight=main.span_s.duration_s,
        confidence=main.confidence,
    )


def _length_s(spans_s: Sequence[TimeSpan]) -> float:
    return sum(span.duration_s for span in spans_s)


def _groups(doings: Sequence[Doing]) -> list[list[Doing]]:
    """Things with one label that do the same, the weightiest group first.

    What is ridden is named with its rider; what only is there is named only when nothing moves.
    """
    ridden = {i for one in doings for i in one.ridden}
    acting = [one for one in doings if one.predicate and one.node.id not in ridden]
    groups: dict[tuple[str, str], list[Doing]] = {}
    for one in acting or doings:
        groups.setdefault((one.node.label, one.predicate), []).append(one)
    return sorted(groups.values(), key=lambda group: (-sum(one.weight for one in group), group[0].node.id))


def _sentence(groups: Sequence[Sequence[Doing]], graph: ClipGraph) -> str:
    if any(one.predicate for group in groups for one in group):
        clauses = [f"{_subject(group, graph)} {_verb(group)}" for group in groups]
        return " while ".join(clauses)
    plural = len(groups) > 1 or len(groups[0]) > 1
    return f"{' and '.join(_subject(group, graph) for group in groups)} {'are' if plural else 'is'} seen"


def _subject(group: Sequence[Doing], graph: ClipGraph) -> str:
    """`a person in a red top`, `people`: tracks are no count of people, so several have no number."""
    node = group[0].node
    if len(group) > 1:
        return _english().plural(node.label)
    colours = {a.name: a.value for a in graph.attributes if a.object == node.id and a.name.endswith("colour")}
    if "top colour" in colours:
        return f"{_article(node.label)} in {_article(colours['top colour'] + ' top')}"
    return _article(f"{colours['colour']} {node.label}" if "colour" in colours else node.label)


def _verb(group: Sequence[Doing]) -> str:
    return group[0].predicate if len(group) == 1 else group[0].plural


def _article(phrase: str) -> str:
    return str(_english().a(phrase))


@functools.cache
def _english() -> inflect.engine:
    # Importing inflect takes two seconds: only who writes a sentence pays.
    import inflect

    return inflect.engine()
