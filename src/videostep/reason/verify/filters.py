"""What passes a filter, and what might (docs/program.md, "Sets")."""

from __future__ import annotations

from collections.abc import Iterable

from videostep.reason.verify.facts import Fact, Facts, Things
from videostep.reason.verify.words import fits_word, may_mean_the_same
from videostep.video import TimeSpan


def sift(within: Things, passing: dict[int, bool | None]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The members that a filter leaves, and the possible things."""
    if not passing:
        return (), ()
    members = tuple([number for number in within.members if passing.get(number)])
    if len(members) == len(within.members) and not within.possible:
        return members, ()
    possible = [number for number in within.members if passing.get(number, False) is None]
    possible += [number for number in within.possible if number in passing]
    return members, tuple(possible)


def called(facts: Facts, within: Things, label: str) -> Things:
    """The things of a set that have a label, and those whose label may mean the same."""
    things = facts.things
    alike = {known for known in facts.labels if fits_word(known, label) is None}
    members = [number for number in within.members if things[number].label == label]
    possible = [number for number in within.members if things[number].label in alike] if alike else []
    possible += [number for number in within.possible if things[number].label in {label, *alike}]
    doubts = [doubt for doubt in within.doubts if may_mean_the_same(doubt, label)]
    return Things(tuple(members), tuple(possible), tuple(doubts), within.bare, within.idle)


def says(facts: Iterable[Fact], wanted: str, context_s: TimeSpan) -> bool | None:
    """True when `wanted` is among the words that hold in a context, None when one of them may mean it."""
    verdict: bool | None = False
    for fact in facts:
        fits = fits_word(fact.word, wanted)
        if fits is not False and fact.holds_in(context_s):
            if fits:
                return True
            verdict = None
    return verdict


def has(facts: Iterable[Fact], wanted: str, context_s: TimeSpan) -> bool | None:
    """As `says`, but a thing without any known value might have this one."""
    verdict = says(facts, wanted, context_s)
    if verdict is False and not any(fact.holds_in(context_s) for fact in facts):
        return None
    return verdict
