"""The first, the last, the longest of those that do the same (docs/program.md, "One thing")."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from videostep.errors import AmbiguousError, EmptyError
from videostep.reason.verify.coverage import check_covered_motion, check_only_one, check_told_apart
from videostep.reason.verify.describe import describe, number_word
from videostep.reason.verify.durations import are_told_apart, differ_in_length
from videostep.reason.verify.facts import Fact, Facts, Things
from videostep.reason.verify.language import Call
from videostep.reason.verify.words import fits_word
from videostep.video import TimeSpan


class Doer(Struct, frozen=True):
    """A thing with the motion that things are ranked by."""

    number: int
    motions: list[Fact]
    """Those of the asked word that hold in the context, by start."""


def doers_of(facts: Facts, predicate: str, numbers: Iterable[int], context_s: TimeSpan) -> list[Doer]:
    """Those of the things that do what `nth`, `longest` or `shortest` ranks by."""
    found, things = list[Doer](), facts.things
    for number in numbers:
        motions = [m for m in things[number].motions if m.word == predicate and m.holds_in(context_s)]
        if motions:
            found.append(Doer(number, sorted(motions, key=_span) if len(motions) > 1 else motions))
    return found


def ranked(facts: Facts, call: Call, among: Things, doers: list[Doer], context_s: TimeSpan) -> int:
    """The thing that `nth`, `longest` or `shortest` means, among the things of its set.

    Raises:
        EmptyError: Fewer than two do it, or there is no k-th.
        AmbiguousError: Nobody can tell which one, or others might do it.
        OutOfCoverageError: Others may do it unseen, or two of them might be one thing.
    """
    k = call.number(2) if call.name == "nth" else 1
    if k == 0 or len(doers) < max(2, abs(k)):
        raise EmptyError(f"there is no {describe(call)!r} among {number_word(len(doers))} that do so")
    _check_nobody_else(facts, call, among, context_s)
    check_covered_motion(facts, call.words[0])
    check_only_one(facts, call.parts[0])
    return _kth(facts, call, doers, k) if call.name == "nth" else _extreme(facts, call, doers)


def _check_nobody_else(facts: Facts, call: Call, among: Things, context_s: TimeSpan) -> None:
    if among.possible or (among.bare and among.doubts):
        raise AmbiguousError(f"more things than are known might be the {describe(call)!r}")
    for number in among.members:
        for motion in facts.things[number].motions:
            if fits_word(motion.word, call.words[0]) is None and motion.holds_in(context_s):
                raise AmbiguousError(f"{motion.word!r} may mean {call.words[0]!r}, too")


def _kth(facts: Facts, call: Call, doers: list[Doer], k: int) -> int:
    """By the first time that each does it; from the end, by the last time too."""
    found = _at_place(facts, call, doers, lambda doer: doer.motions[0].spans_s[0].start_s)
    if k < 0 and found is not _at_place(facts, call, doers, lambda doer: doer.motions[-1].spans_s[0].start_s):
        raise AmbiguousError(f"some do it again, so that two things may be the {describe(call)!r}")
    before = sorted(doers, key=lambda doer: _span(doer.motions[0]))
    up_to = before[:k] if k > 0 else before[k:]
    if abs(k) > 1:
        check_told_apart(facts, call, [doer.number for doer in up_to])
    return found.number


def _at_place(facts: Facts, call: Call, doers: list[Doer], start_s: Callable[[Doer], float]) -> Doer:
    """The k-th by `start_s`; raise AmbiguousError when another one starts at about the same time."""
    in_order, k = sorted(doers, key=start_s), call.number(2)
    index = k - 1 if k > 0 else len(doers) + k
    found = in_order[index]
    for other in (*in_order[max(0, index - 1) : index], *in_order[index + 1 : index + 2]):
        if not are_told_apart(start_s(found), start_s(other), facts.motions_every_s):
            raise AmbiguousError(
                f"two things may be the {describe(call)!r}: they start at about the same time"
            )
    return found


def _extreme(facts: Facts, call: Call, doers: list[Doer]) -> int:
    if any(len(doer.motions) > 1 for doer in doers):
        raise AmbiguousError(f"one of those that {call.words[0]} does so more than once")
    spans = {doer.number: _span(doer.motions[0]) for doer in doers}
    in_order = sorted(spans, key=lambda number: spans[number].duration_s, reverse=call.name == "longest")
    if not differ_in_length(spans[in_order[0]], spans[in_order[1]], facts.motions_every_s):
        raise AmbiguousError(f"two things may be the {describe(call)!r}: they last about as long")
    check_told_apart(facts, call, in_order)
    return in_order[0]


def _span(motion: Fact) -> TimeSpan:
    return motion.spans_s[0]
