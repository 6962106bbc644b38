from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.reason.controls.draw import draw_videos

SIZES = st.dictionaries(st.text(max_size=3), st.integers(0, 50), min_size=1)


@given(sizes=SIZES, most=st.integers(1, 200))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_more_than_wanted_is_drawn_unless_one_video_has_more(sizes, most):
    drawn = draw_videos(sizes, most)
    assert drawn <= sizes.keys()
    assert drawn
    assert sum(sizes[video] for video in drawn) <= most or len(drawn) == 1


@given(sizes=SIZES)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_all_are_drawn_where_all_may_be_measured(sizes):
    assert draw_videos(sizes, sum(sizes.values())) == sizes.keys()


@given(sizes=SIZES, most=st.integers(1, 200))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_order_of_the_videos_does_not_matter(sizes, most):
    assert draw_videos(dict(reversed(sizes.items())), most) == draw_videos(sizes, most)


def test_of_many_videos_about_as_much_is_drawn_as_may_be():
    sizes = {f"v{number}": 10 for number in range(1000)}
    assert sum(sizes[video] for video in draw_videos(sizes, 2_345)) == 2_340
