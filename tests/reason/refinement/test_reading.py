"""Texts mean what their lines say, and an ambiguous text has all its meanings."""

import pytest

from videostep.reason.refinement.grammar import english
from videostep.reason.refinement.lexicon import lexicon_of
from videostep.reason.refinement.reading import Reader, tokens
from videostep.reason.refinement.vocabulary import Vocabulary

STREET = Vocabulary(
    labels=dict.fromkeys(("person", "bus", "car", "bicycle")),
    attributes=dict.fromkeys((("colour", "red"), ("top colour", "red"), ("colour", "blue"))),
    relations=dict.fromkeys(("next to", "riding", "behind")),
    motions=dict.fromkeys(("walks to the left", "leaves")),
)


@pytest.fixture(scope="module")
def reader():
    return Reader(english(), lexicon_of(STREET))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What does the person do?", "What is the person doing?"),
        ("Is the bus red?", "Is it true that the bus is red?"),
        ("What colour is the bus?", "What color was the bus?"),
        ("What colour is the person next to the bus?", "What colour is the person who is next to the bus?"),
        ("What colour is the person in the red top?", "What colour is the person wearing a red top?"),
        ("Before the bus leaves, what happens?", "What happens before the bus leaves?"),
        (
            "What is next to the person who walks to the left?",
            "What is next to the person who walked to the left?",
        ),
    ],
)
def test_paraphrases_have_the_same_readings(reader, one, other):
    readings = reader.readings("question", one)
    assert readings
    assert reader.readings("question", other) == readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What colour is the person next to the car?", "What colour is the car next to the person?"),
        ("What is the person next to?", "What is next to the person?"),
        ("What colour is the red bus?", "What colour is the blue bus?"),
        ("Is the person behind the bus?", "Is the bus behind the person?"),
        ("Before the bus leaves, what happens?", "After the bus leaves, what happens?"),
        ("What colour is the bicycle ridden by a person?", "What colour is the bicycle riding a person?"),
        ("Is there a bus next to the car?", "Is there a bus next to a car?"),
        ("How many buses are there?", "How many cars are there?"),
    ],
)
def test_what_means_something_else_has_other_readings(reader, one, other):
    first, second = reader.readings("question", one), reader.readings("question", other)
    assert first
    assert second
    assert first.isdisjoint(second)


def test_a_time_at_the_end_is_read_in_all_ways(reader):
    fronted = reader.readings("question", "In the second scene, what colour is the person next to the bus?")
    trailing = reader.readings("question", "What colour is the person next to the bus in the second scene?")
    assert len(fronted) == 1
    assert fronted < trailing


@pytest.mark.parametrize("text", ["", "?", "What colour is the zebra?", "The bus is red.", "bus bus bus"])
def test_what_is_no_question_has_no_reading(reader, text):
    assert reader.readings("question", text) == frozenset()


def test_tokens_are_words_with_one_spelling():
    assert tokens("Isn't the gray bus's color RED, then?") == (
        "is", "not", "the", "grey", "bus", "'s", "colour", "red", ",", "then",
    )  # fmt: skip


def test_endless_text_is_not_read(reader):
    assert reader.readings("question", "the person next to " * 200 + "?") == frozenset()
