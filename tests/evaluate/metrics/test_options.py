from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.metrics.options import LETTERS, read_option

CHOICES = ("stands up", "sits down", "opens the door", "a person")

NAMED = {
    "B": 1,
    "b": 1,
    " B ": 1,
    "(B)": 1,
    "( b )": 1,
    "[B]": 1,
    "<B>": 1,
    "B.": 1,
    "B)": 1,
    "B:": 1,
    "**B**": 1,
    "**B.** sits down": 1,
    "\uff22": 1,
    "B. sits down": 1,
    "(B) sits down.": 1,
    "B: sits down": 1,
    "B - sits down": 1,
    "B, sits down": 1,
    "B\nsits down": 1,
    "B\nExplanation: (A) is wrong.": 1,
    "B. Because he is tired.": 1,
    "B because he is tired.": 1,
    "B is correct.": 1,
    "(B) is the right answer.": 1,
    "option B": 1,
    "Option B is correct.": 1,
    "Answer: B": 1,
    "Answer:\nB": 1,
    "answer B": 1,
    "The answer is B": 1,
    "The answer is B) sits down": 1,
    "The answer is (B) sits down because he is tired.": 1,
    "The correct answer is: **B**": 1,
    "The best option would be B.": 1,
    "My choice is (b).": 1,
    "I think it is (B).": 1,
    "He is tired, so he does what tired people do. So the answer is B.": 1,
    "He bends his knees.\n\nAnswer: sits down": 1,
    "The answer is not A. The answer is B.": 1,
    "Option A is wrong, option B is right.": 1,
    "Answer: B\nExplanation: (A) is wrong.": 1,
    "B (sits down)": 1,
    "Answer: B (sits down)": 1,
    "I choose B.": 1,
    "It is not option A, it is option B.": 1,
    "b) sits down": 1,
    "I would pick option (B)": 1,
    "<think>(A) or (C)? He bends.</think><answer>B</answer>": 1,
    "<answer> sits down </answer>": 1,
    r"So it is \boxed{B}.": 1,
    r"\boxed{\text{B}}": 1,
    "A": 0,
    "A.": 0,
    "A is correct": 0,
    "A. stands up": 0,
    "sits down": 1,
    "Sits down.": 1,
    "  SITS   DOWN ": 1,
    "'sits down'": 1,
    "The answer is: sits down.": 1,
    "A person": 3,
    "a person": 3,
    "D. A person": 3,
    "B. A person on the left does it": 1,
    "答案是B": 1,
    "答案\uff1aB": 1,
}
UNNAMED = (
    "",
    " ",
    "?",
    "E",
    "(E)",
    "Z. sits down",
    "2",
    "A or B",
    "A, B",
    "B, A",
    "B/A",
    "B and C",
    "A and B",
    "(A) or (B)",
    "(A), (B)",
    "Either (A) or (B).",
    "A person sits down",
    "A man is on the stairs",
    "I do not know",
    "He sits",
    "He sits down on a chair",
    "sits down, stands up",
    "B. stands up",
    "B\nstands up",
    "(B) opens the door",
    "C is wrong",
    "(C) is wrong",
    "(C) is not in the video",
    "Not (B).",
    "It isn't (B)",
    "The answer is not B.",
    "The answer is A or B.",
    "The answer is A. No, wait, the answer is B.",
    "Answer: E",
    "I would not choose B.",
    "Do not pick (B)",
    "It is not option B",
    "a, b",
    "b or c",
    "b) he is tired",
    "B (stands up)",
    "<answer>B</answer> <answer>A</answer>",
    "<answer>maybe</answer> B",
    "<answer></answer>",
    "I would choose to sit",
    "The answer lies in the eye of the beholder",
    "None of the above",
    "Vitamin B is good for you",
    "红色",
)


@pytest.mark.parametrize(("reply", "place"), NAMED.items())
def test_an_option_is_read_in_every_form_that_names_one(reply, place):
    assert read_option(reply, CHOICES) == place


@pytest.mark.parametrize("reply", UNNAMED)
def test_a_reply_that_names_no_option_or_several_is_not_read(reply):
    assert read_option(reply, CHOICES) is None


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("A", 0),
        ("B", 1),
        ("C", None),
        ("E", None),
        ("yes", 0),
        ("No.", 1),
        ("Yes, he does.", 0),
        ("no one", None),
    ],
)
def test_two_options(reply, place):
    assert read_option(reply, ("yes", "no")) == place


@pytest.mark.parametrize(
    ("reply", "place"),
    [("红色", 0), ("蓝色。", 1), ("B. 蓝色", 1), ("(A) 蓝色", None), ("答案\uff1a红色", 0), ("Синий", 2)],
)
def test_options_in_any_script(reply, place):
    assert read_option(reply, ("红色", "蓝色", "синий")) == place


def test_a_reply_that_is_the_letter_of_one_option_and_the_words_of_another_is_not_read():
    assert read_option("B", ("B", "A")) is None
    assert read_option("(A) B", ("B", "A")) == 0


def test_words_that_two_options_share_name_neither():
    assert read_option("red", ("red", "Red.", "blue")) is None
    assert read_option("A. red", ("red", "Red.", "blue")) == 0


def test_numbers_are_words_and_never_places():
    assert read_option("2", ("1", "2", "3")) == 1
    assert read_option("1", ("2", "3", "4")) is None


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=40), st.integers(2, 6))
def test_whatever_is_read_is_one_of_the_options(reply, n_choices):
    place = read_option(reply, [f"option text {number}" for number in range(n_choices)])
    assert place is None or 0 <= place < n_choices


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(2, 8), st.data())
def test_a_letter_and_its_own_words_are_read_whatever_the_order(n_choices, data):
    choices = data.draw(st.permutations([f"thing {number}" for number in range(n_choices)]))
    place = data.draw(st.integers(0, n_choices - 1))
    for form in ("{}", "({})", "{}. {}", "The answer is {}.", "{}"):
        assert read_option(form.format(LETTERS[place], choices[place]), choices) == place
    assert read_option(choices[place], choices) == place


TWO_LETTERS = (
    "{0} or {1}",
    "{0} and {1}",
    "{0}, {1}",
    "{0}/{1}",
    "{0} & {1}",
    "({0}) or ({1})",
    "({0}), ({1})",
    "{0}. {1}.",
    "Answer: {0} or {1}",
    "The answer is {0} and {1}.",
    "Answer: {0}. Answer: {1}.",
    "Either {0} or {1}, I cannot tell.",
    "Neither ({0}) nor ({1}).",
    "I would pick {0} or {1}.",
    "({0}) is not as good as ({1})",
    "<answer>{0}, {1}</answer>",
)


@pytest.mark.parametrize("form", TWO_LETTERS)
def test_two_letters_name_no_option_whichever_they_are(form):
    read = {
        form.format(first, second): read_option(form.format(first, second), CHOICES)
        for first, second in permutations("ABCD", 2)
    }
    assert {reply for reply, place in read.items() if place is not None} == set()
