import pytest

from videostep.evaluate.answering.rationale import chain_is_right, split_reply
from videostep.evaluate.benchmarks.item import Item, SubQuestion


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("One bus. It is white. So the answer is white.", "white"),
        ("It leaves. So the answer is: walks to the left.", "walks to the left"),
        ("He sits.\nAnswer: B", "B"),
        ("First I thought the answer is red. No. The final answer is **blue**.", "**blue**"),
        ('Therefore, the answer is "yes".', "yes"),
        ("So the answer is (C) holds a bag.\nI hope that helps.", "(C) holds a bag"),
        ("所以 the answer is 红色", "红色"),
        ("He sits on a chair.", ""),
        ("", ""),
    ],
)
def test_the_answer_stands_behind_the_last_marker_and_is_never_guessed(reply, answer):
    assert split_reply(reply).answer == answer


def test_the_explanation_is_what_stands_before():
    assert split_reply("One bus. It is white. So the answer is white.").rationale == "One bus. It is white."


STEPS = (
    SubQuestion(
        question="Which person rides a bicycle?", answer="person", statement="One person is riding a bicycle."
    ),
    SubQuestion(question="Is it raining?", answer="no", statement="It is not raining."),
    SubQuestion(
        question="What colour is his top?", answer="black", statement="The top of that person is black."
    ),
)
ITEM = Item(id="q", video="v", question="?", answer="black", kind="open", n_steps=3, sub_questions=STEPS)


@pytest.mark.parametrize(
    ("rationale", "right"),
    [
        ("One person is riding a bicycle. It is not raining. The top is black.", True),
        ("There is one person, riding a bicycle! And it is not raining.", True),
        ("One person is riding a bicycle. It is raining.", False),
        ("One person is riding a car. It is not raining.", False),
        ("One person is not riding a bicycle. It is not raining.", False),
        ("", False),
    ],
)
def test_every_true_step_but_the_last_must_be_said(rationale, right):
    assert chain_is_right(ITEM, rationale) is right


def test_without_statements_the_answers_must_be_said():
    steps = (SubQuestion(question="?", answer="red bus"), SubQuestion(question="?", answer="two"))
    item = Item(id="q", video="v", question="?", answer="two", kind="open", sub_questions=steps)
    assert chain_is_right(item, "A red bus comes.")
    assert not chain_is_right(item, "A bus that is red comes.")
