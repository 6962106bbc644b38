import pytest

from videostep.errors import ConfigError
from videostep.evaluate.answering.words import words_of_item
from videostep.evaluate.benchmarks.item import Item
from videostep.instruction import Instructions

OPEN = Item(id="q", video="v", question="What does <video> he do?", answer="sits", kind="open")
CHOICE = Item(
    id="q", video="v", question="Which?", answer="b", kind="choice", choices=("a", "b"), answer_index=1
)


def words(item, mode="answer", options="letters", **rest):
    return words_of_item(item, mode, Instructions(), options, **rest)


def test_an_open_question_is_asked_as_in_training_without_tags():
    assert words(OPEN, sees=False) == "What does (video) he do?\nAnswer in a few words."


def test_options_have_letters_or_dashes():
    assert "(A) a\n(B) b\nAnswer with the letter" in words(CHOICE)
    assert "Options:\n- a\n- b\nAnswer in a few words." in words(CHOICE, options="words")


def test_an_explanation_is_asked_to_end_in_the_answer():
    assert words(OPEN, "rationale-then-answer").endswith("End with: So the answer is ...")
    assert words(CHOICE, "rationale-then-answer").endswith("So the answer is (letter).")


def test_frames_are_mentioned_only_where_they_are():
    assert words(OPEN).startswith("These are frames")
    assert words(OPEN, sees=False, caption="A man.").startswith("This is a description of a video:\nA man.\n")


def test_what_is_known_stands_above_the_question():
    text = words(OPEN, known=("A man comes.",))
    assert text.index("A man comes.") < text.index("What does")


def test_more_options_than_letters_are_an_error():
    many = Item(
        id="q",
        video="v",
        question="?",
        answer="0",
        kind="choice",
        choices=tuple(map(str, range(27))),
        answer_index=0,
    )
    with pytest.raises(ConfigError, match="27 options"):
        words(many)
