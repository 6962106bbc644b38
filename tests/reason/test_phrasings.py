"""Every construct can be said in three ways and more, and the question's variant chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from videostep.graph import Event
from videostep.reason.again import AgainCore
from videostep.reason.changes import ChangeCore, FollowCore, ShiftCore, SwitchCore, TurnCore
from videostep.reason.contexts import TimeContext
from videostep.reason.cores import (
    AttributeCore,
    BesidesCore,
    Core,
    EventCore,
    MotionCore,
    ObjectCore,
    PredicateCore,
)
from videostep.reason.nouns import NounPhrase, definite
from videostep.reason.pairs import (
    Claim,
    Happening,
    LogicCore,
    LongerCore,
    OrderCore,
    OverlapCore,
    SameCore,
)
from videostep.reason.phrase import choose_words, denial_words, query_words, time_phrase, verify_words
from videostep.reason.questions import VARIANTS
from videostep.reason.sets import CountCore, ExistsCore, Group
from videostep.reason.wording import ranked
from videostep.testing.grammar import faults
from videostep.video import TimeSpan

LABELS = ("person", "bus", "clothes")
GROUPS = (
    Group("dog"),
    Group("dog", "with", "colour", "red"),
    Group("dog", "does", "enters"),
    Group("dog", "subjects", "next to", neighbour=1),
    Group("dog", "objects", "riding", neighbour=0),
)
NEGATED = (
    Group("dog", "with", "colour", "red", is_negated=True),
    Group("dog", "does", "enters", is_negated=True),
    Group("dog", "subjects", "next to", neighbour=1, is_negated=True),
)
STOPS, LEAVES = Happening(0, "stops"), Happening(1, "leaves")
BESIDE = Happening(0, "next to", 1)
RED, WET = Claim(AttributeCore(1, "colour"), "red"), Claim(AttributeCore(2, "state"), "wet")
EVENT = Event(id="c1.event", description="a dog runs", span_s=TimeSpan(0, 1), participants=(), confidence=1.0)
QUERIES: dict[str, tuple[Core, str]] = {
    **{
        f"query {name}": (AttributeCore(2, name), value)
        for name, value in (
            ("colour", "red"),
            ("top colour", "red"),
            ("position", "left"),
            ("material", "wood"),
            ("shape", "round"),
            ("texture", "smooth"),
            ("posture", "sitting"),
            ("brand", "acme"),
        )
    },
    "query motion": (MotionCore(0), "stops"),
    "query object": (ObjectCore(0, "riding", True), "bus"),
    "query subject": (ObjectCore(1, "next to", False), "bus"),
    "query place": (PredicateCore(0, 1), "behind"),
    "query handling": (PredicateCore(0, 1), "riding"),
    "query posture at": (PredicateCore(0, 1), "sitting on"),
    "query comparison": (PredicateCore(0, 1), "larger than"),
    "query other relation": (PredicateCore(0, 1), "covered by"),
    "change": (ChangeCore(2, "posture"), "from standing to sitting"),
    "turn": (TurnCore(0, "posture", "standing", 1), "sitting"),
    "turn colour": (TurnCore(1, "colour", "red", -1), "green"),
    "follow": (FollowCore(0, "enters", 1), "stops"),
    "follow before": (FollowCore(0, "leaves", -1), "stops"),
    "switch": (SwitchCore(0, "holding", 1, -1), "cup"),
    "switch place": (SwitchCore(0, "next to", 1, 1), "bench"),
    "shift": (ShiftCore(0, "behind", 1, -1), "next to"),
    "shift handling": (ShiftCore(0, "next to", 1, 1), "holding"),
    "query event": (EventCore(EVENT), ""),
    **{f"exists {group.operator}": (ExistsCore(group, True), "yes") for group in GROUPS},
    **{f"count {group.operator}": (CountCore(group, is_part=True), "two") for group in GROUPS},
    **{f"exists not {group.operator}": (ExistsCore(group, True), "yes") for group in NEGATED},
    **{f"count not {group.operator}": (CountCore(group, is_part=True), "two") for group in NEGATED},
    **{f"count spread {g.operator}": (CountCore(g, True, True), "two") for g in (GROUPS[3], NEGATED[2])},
    "besides": (BesidesCore(0, "enters"), "stops"),
    "same colour": (SameCore(0, 1, "colour"), "yes"),
    "same part colour": (SameCore(0, 1, "top colour"), "yes"),
    "same material": (SameCore(0, 1, "material"), "yes"),
    "same brand": (SameCore(0, 1, "brand"), "yes"),
    **{
        f"again {name}": (AgainCore(AttributeCore(0, name), (1, 2)), "yes")
        for name in ("posture", "position", "mood")
    },
    "again motion": (AgainCore(MotionCore(0), (1, 3)), "yes"),
    "and": (LogicCore("and", RED, WET), "yes"),
    "or": (LogicCore("or", RED, WET), "yes"),
    "xor": (LogicCore("xor", RED, WET), "yes"),
    "order": (OrderCore(STOPS, LEAVES), "before"),
    "longer": (LongerCore(STOPS, LEAVES), "yes"),
    "overlap": (OverlapCore(BESIDE, LEAVES), "yes"),
}
SUGGESTED: dict[str, tuple[Core, str, str]] = {
    "colour": (AttributeCore(2, "colour"), "red", "blue"),
    "material": (AttributeCore(1, "material"), "wood", "metal"),
    "state": (AttributeCore(1, "state"), "moving", "still"),
    "motion": (MotionCore(0), "walks to the left", "walks to the right"),
    "object": (ObjectCore(0, "riding", True), "bicycle", "horse"),
    "change": (ChangeCore(1, "colour"), "from red to green", "from green to red"),
    "turn": (TurnCore(1, "colour", "red", 1), "green", "yellow"),
    "shift": (ShiftCore(0, "on", 1, -1), "behind", "in front of"),
    "relation": (PredicateCore(0, 1), "behind", "in front of"),
}


def name(thing: int) -> NounPhrase:
    return definite(LABELS[thing])


def phrasings(say: Callable[[int], Any]) -> set[str]:
    said = {say(variant) for variant in range(VARIANTS)}
    for words in said:
        assert [fault.rule for fault in faults(words) if fault.rule not in ("no end", "no capital")] == []
    return said


@pytest.mark.parametrize(("core", "answer"), QUERIES.values(), ids=list(QUERIES))
def test_every_question_has_three_phrasings(core: Core, answer: str) -> None:
    assert len(phrasings(lambda variant: query_words(core, answer, name, variant))) >= 3


@pytest.mark.parametrize(
    ("core", "value"), [case[:2] for case in SUGGESTED.values()], ids=[f"is it {key}" for key in SUGGESTED]
)
def test_every_suggestion_has_three_phrasings(core: Core, value: str) -> None:
    assert len(phrasings(lambda variant: verify_words(core, value, name, variant))) >= 3


@pytest.mark.parametrize(("side", "when"), [(1, "after having been lying down"), (-1, "before lying down")])
def test_right_after_lying_down_one_is_lying(side: int, when: str) -> None:
    core = TurnCore(0, "posture", "lying", side)
    said = phrasings(lambda variant: query_words(core, "sitting", name, variant))
    assert all(words.endswith(f"{when}?") for words in said)


def test_the_suggestion_of_an_order_has_three_phrasings() -> None:
    core = OrderCore(STOPS, LEAVES)
    assert len(phrasings(lambda variant: verify_words(core, "before", name, variant))) >= 3


@pytest.mark.parametrize("key", ["colour", "material", "state", "motion", "relation"])
def test_every_denial_has_three_phrasings(key: str) -> None:
    core, value, _ = SUGGESTED[key]
    said = phrasings(lambda variant: denial_words(core, value, name, variant))
    assert len(said) >= 3
    assert all(" not " in words for words in said)


@pytest.mark.parametrize(("core", "one", "other"), SUGGESTED.values(), ids=list(SUGGESTED))
def test_every_choice_has_three_phrasings_that_offer_both(core: Core, one: str, other: str) -> None:
    said = phrasings(lambda variant: choose_words(core, (one, other), name, variant))
    assert len(said) >= 3
    assert all(" or " in words for words in said)


@pytest.mark.parametrize("kind", ["scene", "before", "after", "while"])
@pytest.mark.parametrize("anchor", [STOPS, BESIDE], ids=["motion", "state"])
def test_every_time_has_three_phrasings(kind: Any, anchor: Happening) -> None:
    context = TimeContext(kind, TimeSpan(0, 1), "", scene=2, anchors=(anchor,) if kind != "scene" else ())
    if kind == "while" or anchor is STOPS:
        assert len(phrasings(lambda variant: time_phrase(context, variant, name))) >= 3


def test_the_time_between_two_happenings_has_three_phrasings() -> None:
    context = TimeContext("between", TimeSpan(0, 1), "", anchors=(STOPS, LEAVES))
    said = phrasings(lambda variant: time_phrase(context, variant, name))
    assert "after the person stops and before the bus leaves" in said
    assert len(said) == 3


@pytest.mark.parametrize(
    ("operator", "rank"), [("nth", 1), ("nth", 3), ("nth", -1), ("longest", 0), ("shortest", 0)]
)
def test_every_rank_has_three_phrasings(operator: str, rank: int) -> None:
    assert len(phrasings(lambda variant: ranked(operator, rank, "walks to the left", "dog", variant))) >= 3
