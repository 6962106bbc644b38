from __future__ import annotations

import pytest

from videostep.reason.wording import attribute_words, inverse_of


@pytest.mark.parametrize(
    ("name", "value", "noun", "question"),
    [
        ("colour", "white", "the white bus", "What colour is X?"),
        ("top colour", "red", "the bus in the red top", "What colour is the top of X?"),
        ("trouser colour", "black", "the bus in black trousers", "What colour are the trousers of X?"),
        ("position", "left", "the bus on the left side of the picture", "In which part of the picture is X?"),
        ("material", "wood", "the bus whose material is wood", "What is the material of X?"),
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


@pytest.mark.parametrize("name", ["colour", "top colour", "position", "material"])
def test_every_attribute_can_be_asked_for_in_three_ways(name: str) -> None:
    assert len(set(attribute_words(name, "red").questions)) == 3
