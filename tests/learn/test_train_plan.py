from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.learn.plan import Group, hold_out, plan_windows, share_of, steps_of_epoch

footage = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=60)
modest = settings(deadline=None, max_examples=60, derandomize=True)


@modest
@given(footage, st.integers(1, 3), st.integers(1, 9), st.integers(1, 5), st.integers(0, 9))
def test_every_sample_is_seen_once_an_epoch_and_every_step_but_the_last_is_full(
    footage, epochs, batch, per_video, seed
):
    windows = plan_windows(footage, epochs=epochs, batch=batch, per_video=per_video, seed=seed)
    of_epoch = steps_of_epoch(len(footage), batch)
    assert len(windows) == epochs * of_epoch
    for epoch in range(epochs):
        steps = windows[epoch * of_epoch : (epoch + 1) * of_epoch]
        sizes = [sum(len(group.samples) for group in window) for window in steps]
        assert sizes[:-1] == [batch] * (of_epoch - 1)
        assert 0 < sizes[-1] <= batch
        groups = [group for window in steps for group in window]
        assert sorted(place for group in groups for place in group.samples) == list(range(len(footage)))
        assert all(len(group.samples) <= per_video for group in groups)
        assert all(footage[place] == group.footage for group in groups for place in group.samples)


@modest
@given(footage, st.integers(1, 9), st.integers(1, 5))
def test_processes_divide_a_step_among_themselves(footage, batch, processes):
    for window in plan_windows(footage, epochs=1, batch=batch, per_video=4, seed=0):
        shares = [share_of(window, rank=rank, processes=processes) for rank in range(processes)]
        divided = Counter(place for share in shares for group in share for place in group.samples)
        assert divided == Counter(place for group in window for place in group.samples)
        samples = sum(divided.values())
        busy = sum(bool(share) for share in shares)
        assert busy == min(processes, samples)


def test_another_seed_or_epoch_is_another_order():
    footage = list("aaaabbbbcccc")
    first, second = plan_windows(footage, epochs=2, batch=12, per_video=2, seed=0)
    (other,) = plan_windows(footage, epochs=1, batch=12, per_video=2, seed=1)
    assert len({first, second, other}) == 3
    assert plan_windows(footage, epochs=2, batch=12, per_video=2, seed=0) == (first, second)


def test_a_large_group_is_halved_for_a_process_without_work():
    window = (Group(footage="a", samples=(0, 1, 2, 3, 4)),)
    shares = [share_of(window, rank=rank, processes=2) for rank in range(2)]
    assert [[group.samples for group in share] for share in shares] == [[(0, 1, 2)], [(3, 4)]]


def test_whole_videos_are_held_out_and_never_all():
    videos = [f"{number % 10}" for number in range(100)]
    assert len(hold_out(videos, share=0.2, seed=0)) == 2
    assert len(hold_out(videos, share=0.001, seed=0)) == 1
    assert len(hold_out(videos, share=0.999, seed=0)) == 9
    assert hold_out(["a", "a"], share=0.5, seed=0) == frozenset()
    assert hold_out(videos, share=0, seed=0) == frozenset()
    assert hold_out(videos, share=0.5, seed=0) != hold_out(videos, share=0.5, seed=1)
