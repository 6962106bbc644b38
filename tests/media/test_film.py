"""Films: the pictures that went in, at their rate, the same bytes each time."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest

from videostep.media.film import encode_film
from videostep.testing.clips import texture


def frames(n, *, width_px=65, height_px=49):
    return [texture(number, width_px=width_px, height_px=height_px) for number in range(n)]


@pytest.mark.parametrize("fps", [5.0, 0.37, 12.5])
def test_a_film_holds_its_pictures_at_their_rate(fps):
    pictures = frames(4)
    with av.open(io.BytesIO(encode_film(pictures, fps))) as film:
        seen = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in film.decode(video=0)]
    assert [time_s for time_s, _ in seen] == pytest.approx([number / fps for number in range(4)], abs=1e-3)
    for (_, got), told in zip(seen, pictures, strict=True):
        assert got.shape == (48, 64, 3)
        assert np.abs(got.astype(int) - told[:48, :64]).mean() < 12


def test_the_same_pictures_give_the_same_bytes():
    assert encode_film(frames(6), 5.0) == encode_film(frames(6), 5.0)
