from __future__ import annotations

import pytest

from videostep.reason import words


@pytest.mark.parametrize(
    ("predicate", "base"),
    [
        ("walks to the left", "walk to the left"),
        ("leaves", "leave"),
        ("sits down", "sit down"),
        ("carries the box", "carry the box"),
        ("reaches for and grabs a picture", "reach for and grab a picture"),
        ("takes or consumes some medicine", "take or consume some medicine"),
        ("drinks from a cup, glass or bottle", "drink from a cup, glass or bottle"),
        ("opens and closes the oven", "open and close the oven"),
        ("holds a cup and plates", "hold a cup and plates"),
        ("puts a towel or towels somewhere", "put a towel or towels somewhere"),
    ],
)
def test_base_form_strips_the_third_person(predicate: str, base: str) -> None:
    assert words.base_form(predicate) == base


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("riding", "riding"),
        ("rides", "riding"),
        ("is riding", "riding"),
        ("next to", "next to"),
        ("across from", "across from"),
        ("sits on", "sitting on"),
        ("in front of", "in front of"),
        ("hold", "holding"),
        ("close to", "close to"),
        ("left of", "left of"),
        ("covered by", "covered by"),
        ("with", "with"),
    ],
)
def test_participle_follows_is(predicate: str, expected: str) -> None:
    assert words.participle(predicate) == expected


def test_articles_follow_the_sound() -> None:
    assert [words.with_article(noun) for noun in ("bus", "umbrella", "hour", "unicycle")] == [
        "a bus",
        "an umbrella",
        "an hour",
        "a unicycle",
    ]


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("wears a red top", "wear a red top"),
        ("is standing", "are standing"),
        ("reaches for and grabs a picture", "reach for and grab a picture"),
        ("takes or consumes some medicine", "take or consume some medicine"),
        ("drinks from a cup, glass or bottle", "drink from a cup, glass or bottle"),
    ],
)
def test_verbs_agree_with_several(one: str, several: str) -> None:
    assert words.plural_verb(one) == several


def test_both_alternatives_of_a_label_have_a_plural() -> None:
    assert words.plural("bus or truck") == "buses or trucks"
    assert words.plural("person") == "people"


def test_ordinals_are_words() -> None:
    assert [words.ordinal(n) for n in (1, 2, 12)] == ["first", "second", "twelfth"]


def test_sentence_keeps_an_end_mark_that_is_there() -> None:
    assert words.sentence("is it red?") == "Is it red?"
    assert words.sentence("it is red") == "It is red."
