import pytest

from videostep.reason.verify.words import (
    choice_given_away,
    denials,
    exclude_each_other,
    fits_word,
    given_away,
    may_mean_the_same,
    says,
    stem,
)


@pytest.mark.parametrize(
    "forms",
    [
        ("walks", "walk", "walked", "walking"),
        ("sits", "sit", "sitting"),
        ("stops", "stopped", "stopping"),
        ("carries", "carry", "carried", "carrying"),
        ("rides", "ride", "riding"),
        ("passes", "pass", "passing", "passed"),
        ("buses", "bus"),
        ("horses", "horse"),
        ("benches", "bench"),
        ("glasses", "glass"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    "pair", [("red", "rid"), ("bus", "bu"), ("is", "i"), ("left", "leave"), ("car", "card")]
)
def test_different_words_keep_different_stems(pair):
    assert stem(pair[0]) != stem(pair[1])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("blue", "blue"),
        ("blue", "dark blue"),
        ("walks", "walks to the left"),
        ("walking", "walks"),
        ("to the left of", "left of"),
        ("grey", "gray"),
        ("grey car", "gray car"),
        ("a person", "the man"),
        ("old man", "person"),
        ("vehicle", "white van"),
        ("close to", "next to"),
        ("standing close by", "standing near"),
        ("close to", "near to"),
    ],
)
def test_texts_that_may_mean_the_same(first, second):
    assert may_mean_the_same(first, second)
    assert may_mean_the_same(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("blue", "black"),
        ("dark blue", "dark green"),
        ("man", "woman"),
        ("car", "bus"),
        ("walks to the left", "walks to the right"),
        ("gets on", "gets off"),
        ("closing", "next to"),
        ("closes", "near"),
        ("red car", "blue vehicle"),
        ("before", "after"),
        ("on", "in"),
    ],
)
def test_texts_that_mean_different_things(first, second):
    assert not may_mean_the_same(first, second)
    assert not may_mean_the_same(second, first)


@pytest.mark.parametrize(
    ("first", "second", "excluded"),
    [
        ("walks to the left", "walks to the right", True),
        ("enters from the left", "leaves from the left", True),
        ("walks towards the camera", "walks away", True),
        ("sits down", "stands up", True),
        ("in front of", "behind", True),
        ("walks to the left", "runs to the right", False),
        ("enters from the left", "leaves to the right", False),
        ("stops", "stops", False),
        ("walks", "waves", False),
    ],
)
def test_opposites_exclude_each_other_only_when_all_else_is_the_same(first, second, excluded):
    assert exclude_each_other(first, second) is excluded
    assert exclude_each_other(second, first) is excluded


@pytest.mark.parametrize(
    ("answer", "question", "word"),
    [
        ("green", "What colour is it?", None),
        ("green", "Is the green one green?", "green"),
        ("walks to the left", "Who goes to the car?", None),
        ("walks to the left", "What stands left of the car?", "left"),
        ("bicycle", "Where are the bicycles?", "bicycl"),
        ("on", "What lies on it?", "on"),
        ("in front of", "What is in it, in the front?", "front"),
        ("on it", "What is on? Is it?", None),
        ("two", "Which two?", "two"),
    ],
)
def test_an_answer_is_given_away_by_its_telling_words(answer, question, word):
    assert given_away(answer, question) == word


def test_choices_must_be_named_alike():
    sides = ("walks to the left", "walks to the right")
    assert choice_given_away(sides[0], sides, "Does he walk to the left or to the right?") is None
    assert choice_given_away(sides[0], sides, "Where does he walk to?") is None
    assert "but not 'walks to the right'" in (choice_given_away(sides[0], sides, "Does he walk left?") or "")
    assert choice_given_away("on", ("on", "in"), "Is he on it or in it?") is None
    assert choice_given_away("on", ("on", "in"), "Is he on it?") is not None


def test_a_phrase_is_said_in_any_form_but_in_one_piece():
    assert says("So the answer is: Walking to the left.", "walks to the left")
    assert not says("He walks. Then he goes to the left.", "walks to the left")


def test_what_moves_need_not_have_started_to() -> None:
    assert fits_word("moves", "starts moving") is False
    assert fits_word("starts moving", "moves") is None
    assert fits_word("begins moving", "starts moving") is None
    assert fits_word("walks", "walks to the left") is None


def test_what_is_denied_is_counted_in_every_form_of_its_words():
    told = "The car is silver, not blue. That person stops, and does not enter; neither is true."
    assert (denials(told, "blue"), denials(told, "enters"), denials(told, "silver")) == (1, 1, 0)
    assert denials("It is not red, and the bus is white, not red.", "red") == 2
    assert denials("It is not near the red bus.", "red") == 0
