import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.exact import mark_exact
from videostep.evaluate.metrics.marking import mark_reply
from videostep.evaluate.metrics.words import level


def item(answer: str, *also_right: str) -> Item:
    return Item(id="1", video="v", question="?", answer=answer, also_right=also_right, kind="open")


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("phone", "phone"),
        ("phone", "Phone."),
        ("phone", "  'phone' \n"),
        ("Yes", "yes"),
        ("opening a box", "Opening  a box!"),
        ("红色", "红色。"),
        ("rouge foncé", "rouge fonce\u0301"),
        ("2", "\uff12"),
        ("straße", "STRASSE"),
    ],
)
def test_the_same_words_are_right(answer, reply):
    assert mark_exact(item(answer), reply).right


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("phone", "a phone"),
        ("phone", "phones"),
        ("yes", "yes, he does"),
        ("red", "not red"),
        ("2", "two"),
        ("红色", "红"),
    ],
)
def test_other_words_are_wrong(answer, reply):
    mark = mark_exact(item(answer), reply)
    assert (mark.right, mark.read, mark.fault) == (False, level(reply), "")


def test_any_of_several_answers_is_right():
    assert mark_exact(item("barked", "made noise"), "Made noise").right


@pytest.mark.parametrize("reply", [None, "", " \n", "''", "..."])
def test_no_words_are_no_reply(reply):
    mark = mark_reply(item("phone"), reply)
    assert (mark.right, mark.fault) == (False, "no reply")


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=30))
def test_levelling_twice_changes_nothing_more(text):
    assert level(level(text)) == level(text)
