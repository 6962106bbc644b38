"""Dual verification, first step: several replies become one, and how often a thing is said is its confidence.

Source: STEP section 3.1. Replies that never came count as replies that did not say it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Generic, NamedTuple, TypeVar

from videostep.graph import Box, Kind
from videostep.induce.boxes import overlap
from videostep.induce.parsers.video_llm.draft import Attribute, Motion, Relation, Thing
from videostep.induce.parsers.video_llm.forms import (
    MOST_OBJECTS,
    NamedAttributes,
    NamedMotions,
    NamedObjects,
    NamedRelations,
)
from videostep.induce.parsers.video_llm.lost import RIVAL, TOO_FEW, Why
from videostep.induce.parsers.video_llm.words import Words

Statement = TypeVar("Statement", Attribute, Relation, Motion)
MIN_OVERLAP = 0.5
"""Boxes of two replies that overlap less (intersection over union) are of two things."""
_SLACK = 1e-9
_NOWHERE = Box(1.0, 1.0, 1.0, 1.0)


class Ballot(NamedTuple):
    """Who may vote, and how many must agree."""

    replies: int
    """That were asked for."""
    min_agreement: float
    """Share of them."""

    def passes(self, votes: float) -> bool:
        """Whether so many are enough."""
        return votes / self.replies >= self.min_agreement - _SLACK

    def share(self, votes: float) -> float:
        """As a confidence."""
        return round(votes / self.replies, 4)


class Vote(NamedTuple, Generic[Statement]):
    """What became of all statements of one kind about a keyframe."""

    kept: dict[Statement, float]
    """To their confidence."""
    lost: dict[Statement, Why]


class ThingVote(NamedTuple):
    """What became of all things that were named in a keyframe."""

    things: tuple[Thing, ...]
    """From left to right."""
    more: frozenset[str]
    """Labels of which there may be more: those that too few replies name, and all labels where a reply is
    as long as it may be."""
    lost: dict[Thing, Why]


class _Sight(NamedTuple):
    """One object of one reply."""

    label: str
    kind: Kind
    box: Box | None


# --- objects ----------------------------------------------------------------------------------


def vote_things(replies: Sequence[NamedObjects], words: Words, ballot: Ballot) -> ThingVote:
    """The things that enough replies name, and what there may be besides."""
    groups = list(_groups(replies, words))
    things = sorted(
        (_thing(group, ballot) for group in groups if ballot.passes(len(group))), key=left_to_right
    )
    few = [_thing(group, ballot) for group in groups if not ballot.passes(len(group))]
    is_full = any(len(reply.objects) >= MOST_OBJECTS for reply in replies)
    return ThingVote(
        things=tuple(replace(thing, number=number) for number, thing in enumerate(things, start=1)),
        more=frozenset(thing.label for thing in ([*things, *few] if is_full else few)),
        # Numbered on, so that no two are equal.
        lost={
            replace(thing, number=number): Why(TOO_FEW, thing.confidence)
            for number, thing in enumerate(few, start=len(things) + 1)
        },
    )


def _groups(replies: Sequence[NamedObjects], words: Words) -> Iterator[list[_Sight]]:
    """Sights of one thing, at most one a reply."""
    by_label: defaultdict[str, list[list[_Sight]]] = defaultdict(list)
    for reply in replies:
        taken: set[tuple[str, int]] = set()
        for sight in _sights(reply, words):
            groups = by_label[sight.label]
            free = [number for number in range(len(groups)) if (sight.label, number) not in taken]
            place = _place_in(groups, sight, free)
            if place == len(groups):
                groups.append([])
            groups[place].append(sight)
            taken.add((sight.label, place))
    for label in sorted(by_label):
        yield from by_label[label]


def _sights(reply: NamedObjects, words: Words) -> Iterator[_Sight]:
    for named in reply.objects:
        label = words.label(named.label)
        if label is not None:
            yield _Sight(label, named.kind, named.place.box() if named.place else None)


def _place_in(groups: Sequence[list[_Sight]], sight: _Sight, free: Sequence[int]) -> int:
    """Which group a sight joins: the one whose box it shares, or without boxes the next in turn."""
    if sight.box is None:
        return next((number for number in free if groups[number][0].box is None), len(groups))
    common = [(_overlap(groups[number][0].box, sight.box), -number) for number in free]
    best, number = max(common, default=(0.0, 0))
    return -number if best >= MIN_OVERLAP else len(groups)


def _overlap(first: Box | None, second: Box) -> float:
    return overlap(first, second) if first else 0.0


def _thing(group: Sequence[_Sight], ballot: Ballot) -> Thing:
    boxes = [sight.box for sight in group if sight.box]
    edges = [round(median(edge), 4) for edge in zip(*boxes, strict=True)]
    return Thing(
        number=0,
        label=group[0].label,
        kind=_most_said(sight.kind for sight in group),
        box=Box(*edges) if edges else None,
        confidence=ballot.share(len(group)),
    )


def _most_said(kinds: Iterable[Kind]) -> Kind:
    counts = Counter(kinds)
    return "dynamic" if counts["dynamic"] >= counts["static"] else "static"


def left_to_right(thing: Thing) -> tuple[object, ...]:
    """A total order of a keyframe's things by where they are; those without a place come last."""
    return (thing.box or _NOWHERE, thing.label)


# --- what is said of them ---------------------------------------------------------------------


def vote_attributes(
    replies: Sequence[NamedAttributes], numbers: frozenset[int], words: Words, ballot: Ballot
) -> Vote[Attribute]:
    """For each property of a thing the value that is said most; none where two are said equally often."""
    said = [
        {
            Attribute(one.number, name, value)
            for one in reply.attributes
            if one.number in numbers
            and (name := words.name(one.name)) is not None
            and (value := words.name(one.value)) is not None
        }
        for reply in replies
    ]
    return _elect(said, ballot, lambda statement: statement[:2])


def vote_relations(
    replies: Sequence[NamedRelations], numbers: frozenset[int], words: Words, ballot: Ballot
) -> Vote[Relation]:
    """The relations that enough replies name; a pair may have several."""
    said = [
        {
            Relation(one.subject, predicate, one.object)
            for one in reply.relations
            if {one.subject, one.object} <= numbers
            and one.subject != one.object
            and (predicate := words.relation(one.predicate)) is not None
        }
        for reply in replies
    ]
    return _elect(said, ballot, lambda statement: statement)


def vote_motions(
    replies: Sequence[NamedMotions], numbers: frozenset[int], words: Words, ballot: Ballot
) -> Vote[Motion]:
    """What each thing does, as most replies say; none where two are said equally often."""
    said = [
        {
            Motion(one.number, predicate)
            for one in reply.motions
            if one.number in numbers and (predicate := words.motion(one.predicate)) is not None
        }
        for reply in replies
    ]
    return _elect(said, ballot, lambda statement: statement[:1])


def _elect(
    said: Iterable[set[Statement]], ballot: Ballot, rivals: Callable[[Statement], object]
) -> Vote[Statement]:
    """Kept are statements with enough votes and more than any with the same `rivals` key, in order."""
    votes = Counter(statement for reply in said for statement in sorted(reply))
    by_key: defaultdict[object, list[int]] = defaultdict(list)
    for statement, count in votes.items():
        by_key[rivals(statement)].append(count)
    vote = Vote[Statement]({}, {})
    for statement in sorted(votes):
        share = ballot.share(votes[statement])
        if not ballot.passes(votes[statement]):
            vote.lost[statement] = Why(TOO_FEW, share)
        elif sum(count >= votes[statement] for count in by_key[rivals(statement)]) > 1:
            vote.lost[statement] = Why(RIVAL, share)
        else:
            vote.kept[statement] = share
    return vote
