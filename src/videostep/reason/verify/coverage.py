"""What a graph may say "no", "the only one" and "so many" to (docs/program.md, "Coverage")."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from videostep.errors import AmbiguousError, OutOfCoverageError
from videostep.reason.verify.describe import describe
from videostep.reason.verify.facts import Facts, Things
from videostep.reason.verify.language import Call, Type, inside_at
from videostep.reason.verify.words import exclude_each_other, halves, may_mean_the_same

_RELATIONS = ("subjects", "objects")
_FILTERS = ("called", "with", "does", *_RELATIONS)
_ONLY = ("does", *_RELATIONS)
"""Filters whose "only one" needs that all were looked at; an unknown attribute leaves a thing possible."""


_AT_ONCE = ("motion", "predicate", "shift", "event")
"""Questions of whose answers several may be right at once, unless the parser looked for all of them."""


def check_ruled_out(facts: Facts, call: Call, found: str, other: str) -> None:
    """Raise unless it follows that a Text expression, worth `found`, is not also `other`.

    Raises:
        AmbiguousError: The two may mean the same.
        OutOfCoverageError: Both may be so at once, and the parser did not look for `other`.
    """
    call = inside_at(call)
    while call.name == "choose":
        call = inside_at(call.parts[0])
    if _may_be(call, found, other):
        raise AmbiguousError(f"{found!r} and {other!r} may mean the same")
    looked_for = facts.looked_for.get(call.name) if call.name in _AT_ONCE else None
    if looked_for is not None and other not in looked_for and not exclude_each_other(found, other):
        raise OutOfCoverageError(f"{found!r} does not rule out {other!r}, which the graph does not cover")


def _may_be(call: Call, found: str, other: str) -> bool:
    """Whether two answers may mean the same; of changes, whether both their ends may."""
    if call.name != "change":
        return may_mean_the_same(found, other)
    return all(map(may_mean_the_same, halves(found), halves(other)))


def check_only_one(facts: Facts, call: Call) -> None:
    """Raise OutOfCoverageError where "the one that stops" might be two, since nobody looked."""
    part = call
    while part.args:
        if part.name in _ONLY:
            if part.args[1] not in facts.looked_for[part.name]:
                what = describe(call)
                raise OutOfCoverageError(f"one thing fits {what!r}, but {part.words[0]!r} is not covered")
            if part.name in _RELATIONS and part.parts[1].type is Type.THINGS:
                check_only_one(facts, part.parts[1])
        if part.name == "except":
            check_only_one(facts, part.parts[1])
        part = part.parts[part.name == "at"]


def check_all_known(facts: Facts, call: Call, found: Things) -> None:
    """Raise OutOfCoverageError unless nothing beside the members of `found` can fit the set `call`."""
    if found.possible or found.doubts:
        raise OutOfCoverageError(f"something besides what is known to fit {describe(call)!r} might fit it")
    _check_looked_for(facts, call, call)
    part = call
    while part.name != "called":
        if not part.args:
            raise OutOfCoverageError(f"{describe(call)!r} has no label, and no graph covers everything")
        part = part.parts[part.name == "at"]


def _check_looked_for(facts: Facts, part: Call, whole: Call) -> None:
    """Raise OutOfCoverageError unless the parser looked for all that a part of a set says; TIMEs aside."""
    if part.name in _FILTERS and part.args[1] not in facts.looked_for[part.name]:
        raise OutOfCoverageError(f"the graph does not cover {part.words[0]!r} of {describe(whole)!r}")
    for inner in part.parts:
        if inner.type is not Type.TIME:
            _check_looked_for(facts, inner, whole)


def check_covered_motion(facts: Facts, predicate: str) -> None:
    """Raise OutOfCoverageError where others may do it unseen."""
    if predicate not in facts.looked_for["motion"]:
        raise OutOfCoverageError(f"the graph does not cover {predicate!r}")


def check_covered_relation(facts: Facts, predicate: str) -> None:
    """Raise OutOfCoverageError where it may hold at other times, unseen."""
    if predicate not in facts.looked_for["predicate"]:
        raise OutOfCoverageError(f"the graph does not cover {predicate!r}")


def may_be_one_of(facts: Facts, number: int, others: Things) -> bool:
    """Whether a thing might be one of others that came back unnoticed: they are never in one clip."""
    clips = facts.things[number].clips
    for other in others.members:  # noqa: SIM110 - asked of every thing
        if clips.isdisjoint(facts.things[other].clips):
            return True
    return False


def check_told_apart(facts: Facts, call: Call, numbers: Iterable[int]) -> None:
    """Raise OutOfCoverageError where two of the things are never in one clip: they might be one thing."""
    for first, second in combinations(numbers, 2):
        if facts.things[first].clips.isdisjoint(facts.things[second].clips):
            raise OutOfCoverageError(
                f"two things that fit {describe(call)!r} might be one, seen in two clips"
            )
