"""How relations between two things read in English, from both ends: `riding`, `ridden by`, `next to`."""

from __future__ import annotations

import functools
from typing import Literal

from videostep.reason.describe import COMPARING
from videostep.reason.nouns import NounPhrase
from videostep.reason.words import is_verbal, participle, past_participle

INVERSES = {
    "next to": "next to",
    "beside": "beside",
    "near": "near",
    "behind": "in front of",
    "in front of": "behind",
    "above": "below",
    "below": "above",
    "to the left of": "to the right of",
    "to the right of": "to the left of",
    "larger than": "smaller than",
    "smaller than": "larger than",
    "taller than": "shorter than",
    "shorter than": "taller than",
    "faster than": "slower than",
    "slower than": "faster than",
}
PLACED = frozenset({
    "crouching", "hanging", "kneeling", "leaning", "lying", "parked", "placed", "resting", "sitting",
    "squatting", "standing", "stopped",
})  # fmt: skip
"""Beginnings of relations that say where something is, more than what it does: `sitting on`."""
HANDLING = frozenset({
    "drinking from", "eating from", "feeding on", "picking up", "playing on", "playing with", "putting away",
    "putting down", "putting on", "taking off", "turning off", "turning on", "working on", "writing on",
})  # fmt: skip
"""Relations that end in a preposition, and yet are what one does with a thing."""
PREPOSITIONS = frozenset({
    "above", "across", "against", "along", "among", "around", "as", "at", "away", "behind", "below",
    "beneath", "beside", "between", "by", "close", "far", "for", "from", "in", "inside", "into", "left",
    "near", "next", "of", "off", "on", "onto", "opposite", "out", "outside", "over", "past", "right", "round",
    "than", "through", "to", "toward", "towards", "under", "underneath", "up", "with", "within", "without",
})  # fmt: skip
"""Words that a relation may end in, so that the other thing follows: `sitting on`."""
_PLACES = PREPOSITIONS - {"as", "at", "away", "for", "from", "of", "than", "to", "with", "without"}
"""Those that by themselves say where."""


@functools.lru_cache(maxsize=4096)
def inverse_of(predicate: str) -> str | None:
    """The relation from its other end: `ridden by`, `in front of`; None where English has no short one."""
    words = participle(predicate)
    if words in INVERSES:
        return INVERSES[words]
    return f"{past_participle(words)} by" if is_verbal(words) and " " not in words else None


@functools.lru_cache(maxsize=4096)
def is_place(predicate: str) -> bool:
    """Whether it says where a thing is: `on`, `standing inside`, `attached to`; not `looking at`."""
    words = participle(predicate)
    first, last = words.partition(" ")[0], words.rpartition(" ")[2]
    if is_verbal(words):
        return last in _PLACES or words.endswith(("left of", "right of", "front of"))
    return (first in PREPOSITIONS or first.endswith("ed")) and last != "than"


def related(predicate: str, other: str) -> str:
    """How a relation and what it leads to follow `is`: `riding a bicycle`, `carrying a bag on the back`."""
    before, after = _around_other(predicate)
    return f"{before} {other}{after}"


@functools.lru_cache(maxsize=4096)
def _around_other(predicate: str) -> tuple[str, str]:
    """What of a relation stands before the other thing, and what after it."""
    words = participle(predicate)
    first, _, rest = words.partition(" ")
    takes_it_last = not rest or rest.rpartition(" ")[2] in PREPOSITIONS or not is_verbal(words)
    return (words, "") if takes_it_last else (first, f" {rest}")


@functools.lru_cache(maxsize=4096)
def manner(predicate: str) -> Literal["activity", "comparison", "place", "relation"]:
    """What a relation says of its subject: what it does, or where it is: `sitting on`, `behind`."""
    relation = participle(predicate)
    first = relation.partition(" ")[0]
    if is_verbal(relation) and first not in PLACED:
        return "activity"
    if relation.endswith(COMPARING):
        return "comparison"
    return "place" if first in PREPOSITIONS | PLACED or is_place(relation) else "relation"


def relation_forms(subject: NounPhrase, relation: str, other: NounPhrase) -> tuple[str, ...]:
    """Phrasings that suit the answer: an activity, a comparison, a place, or another relation."""
    be, asked_for = subject.be, manner(relation)
    if asked_for == "activity":
        # One does something with a bag, but runs past a bench without doing anything with it.
        is_handled = relation in HANDLING or relation.rpartition(" ")[2] not in PREPOSITIONS
        end = f"{'with' if is_handled else 'in relation to'} {other}?"
        seen = f"What can {subject} be seen doing {end}"
        if subject.goes_on:
            return (seen,)
        return f"What {be} {subject} doing {end}", f"What {be} {subject} seen doing {end}", seen
    if asked_for == "comparison":
        return (
            f"How {subject.do} {subject} compare with {other}?",
            f"What {be} {subject} in comparison with {other}?",
            f"What can be said of {subject} in comparison with {other}?",
        )
    if asked_for == "place":
        return (
            f"Where {be} {subject} in relation to {other}?",
            f"Where {be} {subject} relative to {other}?",
            f"Where can {subject} be seen in relation to {other}?",
        )
    return (
        f"How {be} {subject} related to {other}?",
        f"What is the relation of {subject} to {other}?",
        f"In what relation {be} {subject} to {other}?",
    )
