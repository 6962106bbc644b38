from __future__ import annotations

import pytest

from videostep.reason.hops import Hop
from videostep.reason.nouns import definite, some
from videostep.reason.relation_words import inverse_of, is_place, related
from videostep.reason.wording import any_phrase, attribute_statement, attribute_words


@pytest.mark.parametrize(
    ("name", "value", "noun", "question"),
    [
        ("colour", "white", "the white bus", "What colour is X?"),
        ("top colour", "red", "the bus in the red top", "What colour is the top of X?"),
        ("trouser colour", "black", "the bus in black trousers", "What colour are the trousers of X?"),
        ("position", "left", "the bus on the left side of the picture", "In which part of the picture is X?"),
        ("material", "wood", "the wooden bus", "What is X made of?"),
        ("material", "rubber", "the rubber bus", "What is X made of?"),
        ("shape", "round", "the round bus", "What shape is X?"),
        ("shape", "cube", "the cube-shaped bus", "What shape is X?"),
        ("posture", "sitting", "the sitting bus", "In what posture is X?"),
        ("posture", "lying", "the bus lying down", "In what posture is X?"),
        ("state", "still", "the bus standing still", "In what state is X?"),
        ("texture", "smooth", "the smooth bus", "What is the texture of X?"),
        ("pattern", "dots", "the bus whose pattern is dots", "What is the pattern of X?"),
        ("hair colour", "brown", "the bus with brown hair", "What colour is the hair of X?"),
        ("brand", "acme", "the bus whose brand is acme", "What is the brand of X?"),
    ],
)
def test_attributes_read_as_people_say_them(name: str, value: str, noun: str, question: str) -> None:
    forms = attribute_words(name, value)
    assert forms.noun.format(label="bus") == noun
    assert forms.questions[0].format(x="X") == question


@pytest.mark.parametrize(
    ("predicate", "inverse"),
    [
        ("riding", "ridden by"),
        ("holds", "held by"),
        ("next to", "next to"),
        ("behind", "in front of"),
        ("on", None),
        ("sitting on", None),
    ],
)
def test_relations_turn_round_where_english_can(predicate: str, inverse: str | None) -> None:
    assert inverse_of(predicate) == inverse


@pytest.mark.parametrize(
    "name", ["colour", "top colour", "position", "material", "shape", "posture", "state", "texture", "brand"]
)
def test_every_attribute_can_be_asked_for_in_three_ways(name: str) -> None:
    assert len(set(attribute_words(name, "red").questions)) == 3


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("riding", "riding the bag"),
        ("holds", "holding the bag"),
        ("in front of", "in front of the bag"),
        ("drinking from", "drinking from the bag"),
        ("carrying on the back", "carrying the bag on the back"),
        ("shaking hands with", "shaking hands with the bag"),
        ("holding the hand of", "holding the hand of the bag"),
        ("covered by", "covered by the bag"),
        ("larger than", "larger than the bag"),
        ("close to", "close to the bag"),
    ],
)
def test_a_relation_takes_the_other_thing_where_english_puts_it(predicate: str, expected: str) -> None:
    assert related(predicate, "the bag") == expected


@pytest.mark.parametrize(
    ("label", "told"),
    [("bus", "the bus is wet"), ("clothes", "the clothes are wet"), ("grass", "the grass is wet")],
)
def test_statements_agree_with_the_number_of_the_label(label: str, told: str) -> None:
    assert attribute_statement("state", "wet", definite(label)) == told


def test_questions_agree_with_the_number_of_the_label() -> None:
    forms = attribute_words("colour", "red", plural=True)
    assert forms.questions[0] == "What colour are {x}?"
    assert forms.verify == "Are {x} red?"
    assert attribute_words("brand", "acme", plural=True).questions[1] == "Which brand do {x} have?"


@pytest.mark.parametrize(
    ("predicate", "is_said"),
    [
        ("on", True),
        ("standing inside", True),
        ("attached to", True),
        ("looking at", False),
        ("larger than", False),
        ("carrying on the back", False),
    ],
)
def test_what_says_where_a_thing_is_can_be_said_from_the_other_end(predicate: str, is_said: bool) -> None:
    assert is_place(predicate) is is_said


def test_a_thing_is_described_by_what_is_at_the_other_end_of_a_relation() -> None:
    def told(predicate: str, label: str) -> str:
        hop = Hop(operator="objects", name=predicate, kind="dog", facts=())
        return any_phrase(hop, label, some("dog"))

    assert told("riding", "car") == "a car ridden by a dog"
    assert told("on", "bench") == "a bench with a dog on it"
    assert told("on", "clothes") == "any clothes with a dog on them"
    assert told("on", "person") == "a person with a dog on them"
    assert told("looking at", "ball") == "a ball that a dog is looking at"
    assert told("looking at", "man") == "a man whom a dog is looking at"
    assert told("behind", "dog") == "another dog in front of a dog"
    assert told("sitting on", "bench") == "a bench with a dog sitting on it"
    assert told("taller than", "cat") == "a cat shorter than a dog"
    sat_on = Hop(operator="objects", name="sitting on", facts=())
    assert any_phrase(sat_on, "bench", definite("man")) == "a bench that the man is sitting on"
