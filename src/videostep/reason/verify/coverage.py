"""What a graph may say "no", "the only one" and "so many" to (docs/program.md, "Coverage")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from videostep.errors import AmbiguousError, OutOfCoverageError
from videostep.graph import Coverage
from videostep.reason.verify.describe import describe
from videostep.reason.verify.facts import Facts, Things
from videostep.reason.verify.language import Call, Type, inside_at
from videostep.reason.verify.words import exclude_each_other, may_mean_the_same


def check_ruled_out(coverage: Coverage, call: Call, found: str, other: str) -> None:
    """Raise unless it follows that a Text expression, worth `found`, is not also `other`.

    Raises:
        AmbiguousError: The two may mean the same.
        OutOfCoverageError: Both may be so at once, and the parser did not look for `other`.
    """
    if may_mean_the_same(found, other):
        raise AmbiguousError(f"{found!r} and {other!r} may mean the same")
    call = inside_at(call)
    while call.name == "choose":
        call = inside_at(call.call(0))
    looked_for = {"motion": coverage.motions, "predicate": coverage.relations, "event": ()}
    if other not in looked_for.get(call.name, (other,)) and not exclude_each_other(found, other):
        raise OutOfCoverageError(f"{found!r} does not rule out {other!r}, which the graph does not cover")


def check_only_one(coverage: Coverage, call: Call) -> None:
    """Raise OutOfCoverageError where "the one that stops" might be two, since nobody looked."""
    looked_for = {"does": coverage.motions, "subjects": coverage.relations, "objects": coverage.relations}
    for part in _filters(call):
        if part.name in looked_for and part.word(1) not in looked_for[part.name]:
            raise OutOfCoverageError(
                f"one thing fits {describe(call)!r}, but {part.word(1)!r} is not covered"
            )


def check_all_known(coverage: Coverage, call: Call, found: Things) -> None:
    """Raise OutOfCoverageError unless nothing beside the members of `found` can fit the set `call`."""
    what = describe(call)
    if found.possible or found.doubts:
        raise OutOfCoverageError(f"something besides what is known to fit {what!r} might fit it")
    looked_for = {
        "called": coverage.labels,
        "with": coverage.attributes,
        "does": coverage.motions,
        "subjects": coverage.relations,
        "objects": coverage.relations,
    }
    for part in _outside_times(call):
        if part.name in looked_for and part.word(1) not in looked_for[part.name]:
            raise OutOfCoverageError(f"the graph does not cover {part.word(1)!r} of {what!r}")
    if not any(part.name == "called" for part in _chain(call)):
        raise OutOfCoverageError(f"{what!r} has no label, and no graph covers everything")


def check_covered_motion(coverage: Coverage, predicate: str) -> None:
    """Raise OutOfCoverageError where others may do it unseen."""
    if predicate not in coverage.motions:
        raise OutOfCoverageError(f"the graph does not cover {predicate!r}")


def check_told_apart(facts: Facts, call: Call, numbers: Iterable[int]) -> None:
    """Raise OutOfCoverageError where two of the things are never in one clip: they might be one thing."""
    for first, second in combinations(numbers, 2):
        if facts.things[first].clips.isdisjoint(facts.things[second].clips):
            raise OutOfCoverageError(
                f"two things that fit {describe(call)!r} might be one, seen in two clips"
            )


def _chain(call: Call) -> Iterator[Call]:
    """A set's filters, outermost first, down to its `things()`."""
    while call.args:
        if call.name != "at":
            yield call
        call = call.call(1 if call.name == "at" else 0)


def _filters(call: Call) -> Iterator[Call]:
    """A set's filters, and those of the sets that its relations lead to."""
    for part in _chain(call):
        yield part
        if part.name in ("subjects", "objects") and part.call(2).type is Type.THINGS:
            yield from _filters(part.call(2))


def _outside_times(call: Call) -> Iterator[Call]:
    """Every call of an expression but those that only fix a time."""
    if call.type is not Type.TIME:
        yield call
        for part in call.calls():
            yield from _outside_times(part)
