from dataclasses import replace

import pytest

from videostep.formats.training.mirroring import tells_left_from_right


@pytest.fixture
def plain(about):
    """A sample about a colour."""
    return about("colour")


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "walks to the left"},
        {"answer": "the Leftmost one"},
        {"program": 'when(unique(called(things(), "bus")), "turns clockwise")'},
        {"choices": ("stops", "drives to the right")},
    ],
)
def test_a_side_in_program_answer_or_options_is_told(plain, said):
    assert tells_left_from_right(replace(plain, **said))


def test_a_side_in_a_step_is_told(plain):
    step = replace(plain.steps[0], sub_answer="to the right of the bus")
    assert tells_left_from_right(replace(plain, steps=(step, *plain.steps[1:])))


@pytest.mark.parametrize(
    "said",
    [
        {"question": "What happened after the man left the room?"},
        {"rationale": "That is right, since he left."},
        {"answer": "bright red"},
        {"answer": "copyright sign"},
    ],
)
def test_words_that_only_look_like_a_side_are_not(plain, said):
    assert not tells_left_from_right(replace(plain, **said))
