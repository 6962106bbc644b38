from __future__ import annotations

import pytest

from videostep.reason import nouns
from videostep.reason.nouns import NounPhrase


@pytest.mark.parametrize(
    ("label", "is_plural"),
    [
        ("clothes", True),
        ("groceries", True),
        ("stairs", True),
        ("sliced vegetables", True),
        ("bus", False),
        ("grass", False),
        ("person", False),
        ("wine glass", False),
    ],
)
def test_labels_that_name_several_things_are_plural(label: str, is_plural: bool) -> None:
    assert nouns.is_plural(label) is is_plural


@pytest.mark.parametrize(
    ("label", "said"),
    [("bus", "a bus"), ("umbrella", "an umbrella"), ("food", "some food"), ("clothes", "some clothes")],
)
def test_only_what_is_counted_takes_an_article(label: str, said: str) -> None:
    assert nouns.some(label) == said


def test_the_noun_of_a_longer_phrase_decides_its_article() -> None:
    assert nouns.some("person in white trousers", "person") == "a person in white trousers"
    assert nouns.any_of("wet clothes", "clothes") == "any wet clothes"


def test_verbs_agree_with_a_noun_phrase() -> None:
    clothes, bus = nouns.definite("clothes"), nouns.definite("bus")
    assert (clothes.be, clothes.do, clothes.agreeing("falls down")) == ("are", "do", "fall down")
    assert (bus.be, bus.do, bus.agreeing("falls down")) == ("is", "does", "falls down")


@pytest.mark.parametrize(
    ("label", "known", "new", "name"),
    [
        ("bus", 0, "one bus", "that bus"),
        ("bus", 1, "another bus", "the other bus"),
        ("bus", 2, "a third bus", "the third bus"),
        ("food", 0, "some food", "that food"),
        ("food", 1, "some other food", "the other food"),
        ("food", 2, "a third piece of food", "the third piece of food"),
        ("clothes", 0, "some clothes", "those clothes"),
        ("clothes", 2, "a third set of clothes", "the third set of clothes"),
    ],
)
def test_what_was_brought_in_is_referred_back_to(label: str, known: int, new: str, name: str) -> None:
    assert nouns.brought_in(label, known) == (new, name)


def test_a_third_set_of_clothes_is_one_set() -> None:
    assert [phrase.be for phrase in nouns.brought_in("clothes", 2)] == ["is", "is"]


@pytest.mark.parametrize(
    ("label", "one", "two"),
    [
        ("person", "person", "people"),
        ("food", "piece of food", "pieces of food"),
        ("groceries", "set of groceries", "sets of groceries"),
    ],
)
def test_what_cannot_be_counted_is_counted_by_pieces(label: str, one: str, two: str) -> None:
    assert (nouns.counted(label, 1), nouns.counted(label, 2)) == (one, two)


def test_beside_a_dog_a_second_dog_is_another_one() -> None:
    dog = NounPhrase("that dog", "dog")
    assert nouns.offered("dog", dog) == "another dog"
    assert nouns.sought("cat", dog) == "a cat"
    assert nouns.sought("food", nouns.definite("food")) == "other food"


def test_people_are_who() -> None:
    assert [nouns.relative(label) for label in ("elderly man", "child", "dog")] == ["who", "who", "that"]


def test_people_and_several_things_are_them() -> None:
    labels = ("person", "clothes", "dog", "bus")
    assert [nouns.definite(label).pronoun for label in labels] == ["them", "them", "it", "it"]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("dog", "animal"),
        ("giant panda", "animal"),
        ("bus", "thing"),
        ("hot dog", "thing"),
        ("cat food", "thing"),
    ],
)
def test_an_animal_is_no_thing(label: str, said: str) -> None:
    assert nouns.unnamed(label) == said
