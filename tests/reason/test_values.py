"""Values that the sampler never sets against each other."""

import pytest

from videostep.reason.values import confusable


@pytest.mark.parametrize(
    ("one", "other", "may_be_confused"),
    [
        ("grey", "silver", True),
        ("blue", "dark blue", True),
        ("walks", "walks to the left", True),
        ("in", "riding", False),
        ("on", "holding on to", True),
        ("red", "covered", False),
        ("moving", "still", False),
    ],
)
def test_whole_words_are_compared(one: str, other: str, may_be_confused: bool) -> None:
    assert confusable(one, other) is may_be_confused
    assert confusable(other, one) is may_be_confused
