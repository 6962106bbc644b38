"""Which moments of a video are looked at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.errors import ConfigError
from videostep.frames.sampling import FrameSampling


@pytest.mark.parametrize("wrong", [{"fps": 0.0}, {"least_frames": 0}, {"least_frames": 9, "most_frames": 8}])
def test_sampling_that_cannot_be_is_refused(wrong):
    with pytest.raises(ConfigError, match=r"cannot be sampled|no range"):
        FrameSampling(**wrong)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(
    st.floats(0.04, 4000), st.floats(1, 120), st.floats(0.1, 30), st.integers(1, 4), st.integers(1, 64),
    st.sampled_from(["start", "middle", "ends"]),
)  # fmt: skip
def test_moments_rise_within_the_video(duration_s, fps, wanted_fps, multiple, most, placement):
    sampling = FrameSampling(
        fps=wanted_fps,
        least_frames=multiple,
        most_frames=max(most, multiple),
        multiple_of=multiple,
        placement=placement,
    )
    n_frames = sampling.n_frames(duration_s, fps)
    times_s = sampling.times_s(n_frames, duration_s, 1 / fps)
    assert n_frames % multiple == 0
    assert multiple <= n_frames <= max(most, multiple)
    assert list(times_s) == sorted(times_s)
    assert 0 <= times_s[0] <= times_s[-1] < duration_s
