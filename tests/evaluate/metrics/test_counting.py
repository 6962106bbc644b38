import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.counting import mark_count, read_count


def item(answer="4"):
    return Item(id="1", video="v", question="How many times?", answer=answer, kind="count")


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("3", 3),
        ("3.", 3),
        ("3 times", 3),
        ("The cat jumps three times.", 3),
        ("Twice", 2),
        ("**4**", 4),
        ("2.6", 3),
        ("\uff13", 3),
        ("", None),
        ("many times", None),
        ("3 or 4", None),
        ("One man jumps 4 times", None),
        ("often", None),
    ],
)
def test_the_one_number_of_a_reply_is_read_and_no_other(reply, count):
    assert read_count(reply) == count


@pytest.mark.parametrize(
    ("reply", "points", "fault"),
    [
        ("4", 0, ""),
        ("6 times", 4, ""),
        ("a hundred and 100", 36, ""),  # clipped to 10
        ("0", 9, ""),  # clipped to 1
        ("some", 36, "unparsed"),
        (None, 36, "no reply"),
        (" ", 36, "no reply"),
    ],
)
def test_a_count_is_worth_its_squared_error_and_silence_the_largest(reply, points, fault):
    mark = mark_count(item(), reply)
    assert (mark.right, mark.points, mark.fault) == (None, points, fault)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.integers(1, 10), st.text(max_size=20))
def test_no_reply_is_worse_than_none(true, reply):
    asked = item(str(true))
    assert 0 <= (mark_count(asked, reply).points or 0) <= (mark_count(asked, None).points or 0)
