"""Several replies become one; replies that never came agree with nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.graph import Box
from videostep.induce.parsers.video_llm.config import SAME_WORDS
from videostep.induce.parsers.video_llm.draft import Attribute, Motion, Relation
from videostep.induce.parsers.video_llm.forms import (
    MOST_OBJECTS,
    NamedAttribute,
    NamedAttributes,
    NamedMotion,
    NamedMotions,
    NamedObject,
    NamedObjects,
    NamedRelation,
    NamedRelations,
    Place,
)
from videostep.induce.parsers.video_llm.lost import RIVAL, TOO_FEW, Why
from videostep.induce.parsers.video_llm.vote import (
    Ballot,
    vote_attributes,
    vote_motions,
    vote_relations,
    vote_things,
)
from videostep.induce.parsers.video_llm.words import Words

WORDS = Words(SAME_WORDS)
FIVE = Ballot(5, 0.4)


def named(label: str, left: int | None = None, kind: str = "dynamic") -> NamedObject:
    place = None if left is None else Place(left=left, top=100, right=left + 100, bottom=900)
    return NamedObject(label=label, kind=kind, place=place)


def replies(*objects: list[NamedObject]) -> list[NamedObjects]:
    return [NamedObjects(objects=tuple(one)) for one in objects]


def test_synonyms_and_plurals_at_one_place_are_one_thing():
    said = replies([named("Bike", 500)], [named("bicycles", 510)], [named("bicycle", 520)])
    (thing,), doubts, lost = vote_things(said, WORDS, FIVE)
    assert (thing.label, thing.confidence, thing.number) == ("bicycle", 0.6, 1)
    assert thing.box == Box(0.51, 0.1, 0.61, 0.9)
    assert doubts == frozenset()
    assert lost == {}


def test_two_of_a_label_are_told_apart_by_place_whatever_their_order():
    said = replies([named("person", 100), named("person", 700)], [named("person", 690), named("person", 110)])
    things, *_ = vote_things(said, WORDS, FIVE)
    assert [(thing.number, thing.box.x1) for thing in things] == [(1, 0.105), (2, 0.695)]


def test_without_places_the_order_of_naming_counts():
    said = replies([named("person"), named("person")], [named("person"), named("person")], [named("person")])
    things, *_ = vote_things(said, WORDS, FIVE)
    assert [thing.confidence for thing in things] == [0.6, 0.4]


def test_what_too_few_replies_name_is_a_doubt():
    things, doubts, lost = vote_things(replies([named("cat", 10)], [], [], [], []), WORDS, FIVE)
    assert things == ()
    assert doubts == {"cat"}
    assert [(thing.label, why) for thing, why in lost.items()] == [("cat", Why(TOO_FEW, 0.2))]


def test_of_a_list_that_is_full_there_may_be_more():
    full = [named("person", 30 * number) for number in range(MOST_OBJECTS)]
    things, doubts, _ = vote_things(replies(full, full), WORDS, FIVE)
    assert {thing.label for thing in things} == doubts == {"person"}


def test_the_value_said_most_stays_and_of_two_equal_ones_none():
    values = {1: ["red", "red", "blue"], 2: ["old", "new", "new", "old"]}
    said = [
        NamedAttributes(attributes=(NamedAttribute(number=number, name="Color", value=value),))
        for number, all_values in values.items()
        for value in all_values
    ]
    vote = vote_attributes(said, frozenset({1, 2}), WORDS, FIVE)
    assert vote.kept == {Attribute(1, "colour", "red"): 0.4}
    assert vote.lost == {
        Attribute(1, "colour", "blue"): Why(TOO_FEW, 0.2),
        Attribute(2, "colour", "new"): Why(RIVAL, 0.4),
        Attribute(2, "colour", "old"): Why(RIVAL, 0.4),
    }


def test_relations_agree_whatever_their_form():
    said = [
        NamedRelations(relations=(NamedRelation(subject=1, predicate=predicate, object=2),))
        for predicate in ("is riding", "rides", "Riding", "is riding a")
    ]
    assert vote_relations(said, frozenset({1, 2}), WORDS, FIVE).kept == {Relation(1, "riding", 2): 0.6}


def test_a_thing_does_one_thing_between_two_keyframes():
    said = [
        NamedMotions(motions=tuple(NamedMotion(number=1, predicate=one) for one in predicates))
        for predicates in (["walks"], ["walking", "waves"], ["is walking"], ["waves"])
    ]
    vote = vote_motions(said, frozenset({1}), WORDS, FIVE)
    assert vote.kept == {Motion(1, "walks"): 0.6}
    assert vote.lost == {Motion(1, "waves"): Why(RIVAL, 0.4)}


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    data=st.lists(
        st.lists(st.tuples(st.sampled_from(["car", "person"]), st.integers(0, 900)), max_size=5), max_size=5
    )
)
def test_a_thing_has_at_most_one_vote_a_reply_and_numbers_run_from_one(data):
    said = replies(*([named(label, left) for label, left in reply] for reply in data))
    things, *_ = vote_things(said, WORDS, Ballot(5, 0.0))
    assert [thing.number for thing in things] == list(range(1, len(things) + 1))
    assert all(0.2 <= thing.confidence <= 1.0 for thing in things)
    assert round(sum(thing.confidence * 5 for thing in things)) == sum(map(len, data))
