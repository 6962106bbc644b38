from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.media.clock import FrameClock

MS = Fraction(1, 1000)


def times(stamps: list[int | None], *, frame_s: float = 0.04, time_base: Fraction = MS) -> list[float | None]:
    clock = FrameClock(time_base, frame_s)
    return [clock.time_of(stamp) for stamp in stamps]


def test_times_count_from_the_first_frame_whatever_its_stamp() -> None:
    assert times([-80, -40, 0, 40]) == [0.0, 0.04, 0.08, 0.12]
    assert times([133200, 136803], time_base=Fraction(1, 90000)) == [0.0, 0.04]


def test_variable_frame_rate_keeps_its_true_times() -> None:
    assert times([0, 10, 500, 2000]) == [0.0, 0.01, 0.5, 2.0]


def test_long_videos_keep_exact_times() -> None:
    three_hours = 3 * 3600 * 90000
    assert times([7, 7 + three_hours], time_base=Fraction(1, 90000)) == [0.0, 10800.0]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([None, None, None], [0.0, 0.04, 0.08]),
        ([0, None, 80], [0.0, 0.04, 0.08]),
        ([None, None, 80], [0.0, 0.04, 0.08]),
        ([100, None, 110, 180], [0.0, 0.04, None, 0.08]),
    ],
)
def test_a_missing_stamp_follows_its_predecessor_by_one_frame(
    stamps: list[int | None], expected: list[float | None]
) -> None:
    assert times(stamps) == expected


def test_a_frame_stamped_a_little_back_is_dropped() -> None:
    assert times([0, 40, 40, 30, 80]) == [0.0, 0.04, None, None, 0.08]


def test_after_a_clock_restart_times_go_on() -> None:
    assert times([5000, 5040, 5080, 0, 40]) == [0.0, 0.04, 0.08, 0.12, 0.16]


def test_a_clock_that_stands_still_is_taken_as_restarted_after_a_second() -> None:
    found = times([0, 40, *[40] * 30])
    assert found[2:27] == [None] * 25
    assert found[27] == 0.08


def test_permuted_stamps_give_way_to_decoding_stamps() -> None:
    """As AVI with B-frames gives them: PTS jump to and fro while DTS rise."""
    pts = [2, 8, 6, 10, 4, 16, 14, 18, 12, 24, 22, 26, 20, 32, 30, 34]
    dts = list(range(4, 36, 2))
    clock = FrameClock(Fraction(1, 50), 0.04)
    found = [clock.time_of(pts_, dts_) for pts_, dts_ in zip(pts, dts, strict=True)]
    assert found[-6:] == [0.4, 0.44, 0.48, 0.52, 0.56, 0.6]


def test_a_single_step_back_does_not_give_up_the_stamps() -> None:
    clock = FrameClock(MS, 0.04)
    found = [
        clock.time_of(pts, dts) for pts, dts in zip([0, 100, 90, 200, 350], range(0, 200, 40), strict=False)
    ]
    assert found == [0.0, 0.1, None, 0.2, 0.35]


def times_with_dts(stamps: list[tuple[int, int | None]]) -> list[float | None]:
    clock = FrameClock(MS, 0.04)
    return [clock.time_of(pts, dts) for pts, dts in stamps]


def test_frames_that_come_late_while_decoding_stamps_go_on_are_dropped() -> None:
    """As behind damage: frames of the next group come first."""
    assert times_with_dts([(0, 0), (2000, 40), (40, 80), (80, 120), (2040, 160)]) == [
        0.0,
        2.0,
        None,
        None,
        2.04,
    ]


@pytest.mark.parametrize("left_out", [[], [(5080, None)]])
def test_a_clock_set_back_takes_decoding_stamps_with_it(left_out: list[tuple[int, int | None]]) -> None:
    stamps = [(5000, 5000), (5040, 5040), *left_out, (0, 0), (40, 40)]
    assert times_with_dts(stamps)[-2:] == [0.08 + 0.04 * len(left_out), 0.12 + 0.04 * len(left_out)]


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**7), 10**7)), min_size=1, max_size=60))
def test_times_start_at_zero_and_strictly_rise(stamps: list[int | None]) -> None:
    found = [time_s for time_s in times(stamps) if time_s is not None]
    assert found[0] == 0.0
    assert all(earlier < later for earlier, later in pairwise(found))
