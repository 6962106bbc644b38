from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.answering.blind import withhold
from videostep.evaluate.answering.frames import Shot
from videostep.models.protocol import Image


def shots(count):
    return tuple(Shot(time_s=float(n), image=Image(data=bytes([n]))) for n in range(count))


def test_the_middle_frame_is_left_of_one_frame():
    assert [shot.time_s for shot in withhold(shots(5), "one-frame", key="q")] == [2.0]


def test_nothing_is_left_of_question_and_caption():
    assert withhold(shots(5), "question", key="q") == withhold(shots(5), "caption", key="q") == ()


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.integers(2, 20), st.text(max_size=5))
def test_shuffled_frames_are_the_same_frames_in_another_order_and_always_the_same_one(count, key):
    shuffled = withhold(shots(count), "shuffled", key=key)
    assert sorted(shuffled, key=lambda shot: shot.time_s) == list(shots(count))
    assert shuffled != shots(count)
    assert shuffled == withhold(shots(count), "shuffled", key=key)


def test_one_frame_stays_where_it_is():
    assert withhold(shots(1), "shuffled", key="q") == shots(1)
