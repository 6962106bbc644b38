"""A value counts as told only where it is said of the thing that has it."""

import pytest

from videostep.reason.verify import Verifier
from videostep.reason.verify.told import Nouns, Topic, heads, part_of, tells
from videostep.testing.samples import NO, SHA256, STREET, changed

PARTS = frozenset({"top", "trouser"})
NOUNS = Nouns(PARTS | {"person", "bicycl", "bus", "car", "bench", "bottl"}, PARTS)
TOP = Topic(frozenset({"person", "top"}), "top", is_value=True)
BUS = Topic(frozenset({"bus"}), is_value=True)


@pytest.mark.parametrize(
    "text",
    [
        "The top of that person is black, not red.",
        "That person wears a black top.",
        "Beside the bicycle, the top of the person is black.",
        "The top is not red: it is black.",
        "Of that person, who stands by a bus, the top is black",
        "One person does not wear a red top: they wear a green top or black top.",
    ],
)
def test_a_colour_is_told_of_its_part(text):
    assert tells(text, "black", TOP, NOUNS)


@pytest.mark.parametrize(
    "text",
    [
        "The trousers of that person are black, the top is not red.",
        "That person wears black trousers and no red top.",
        "That person is beside a black bicycle.",
        "The bicycle beside that person is black.",
        "That person is black.",
        "The top of that person is not black.",
        "That person wears a top beside the car, which is black.",
        "The top is red.",
    ],
)
def test_it_is_not_told_of_anything_else(text):
    assert not tells(text, "black", TOP, NOUNS)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("That bus is white.", True),
        ("There is a white bus.", True),
        ("It is White.", True),
        ("The car has a bus in front of it, which is white.", True),
        ("That bus is beside a white car.", False),
        ("That bus is not red; the car is white.", False),
        ("The top of that bus is white.", False),
        ("A person in front of the bus is white.", False),
    ],
)
def test_a_colour_of_the_whole_is_not_one_of_its_parts(text, is_told):
    assert tells(text, "white", BUS, NOUNS) is is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("The car is behind the bench.", True),
        ("It is behind it, not in front of it.", True),
        ("The car is behind the bus.", False),
        ("The bus is behind the bench.", False),
    ],
)
def test_a_relation_is_told_of_both_its_ends(text, is_told):
    ends = frozenset({"car", "bench"})
    assert tells(text, "behind", Topic(ends, other=ends), NOUNS) is is_told


def test_labels_go_by_their_last_words_and_may_hold_commas():
    assert heads("phone or camera") == {"phon", "camera"}
    drunk = Topic(heads("person"))
    text = "That person drinks from a cup, glass or bottle, and does not sit."
    assert tells(text, "drinks from a cup, glass or bottle", drunk, NOUNS)


@pytest.mark.parametrize(
    ("attribute", "part"),
    [("top colour", "top"), ("trouser colour", "trouser"), ("colour", ""), ("mood", "")],
)
def test_some_attributes_are_colours_of_a_part(attribute, part):
    assert part_of(attribute) == part


@pytest.mark.parametrize(
    "rationale",
    [
        "The bus beside a white car is not red, so no.",
        "The bus is not red; that car is white. So the answer is no.",
        "That bus is not white, no.",
    ],
)
def test_a_no_is_not_told_by_what_another_thing_is(rationale):
    verdict = Verifier(STREET, SHA256).check(changed(NO, refined_by="a model", rationale=rationale))
    assert verdict.reason == "step 1 or the rationale does not say what is the case instead: 'white'"
