from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.store.order import natural_key


def test_numbers_are_ordered_as_numbers():
    names = ["clip10", "clip2", "Clip1", "clip", "a-3-b-12", "a-3-b-2"]
    assert sorted(names, key=natural_key) == ["a-3-b-2", "a-3-b-12", "clip", "Clip1", "clip2", "clip10"]


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.text(max_size=8), unique=True, max_size=8), st.randoms(use_true_random=False))
def test_the_order_is_one_whatever_the_order_before(names, random):
    shuffled = list(names)
    random.shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == sorted(names, key=natural_key)
