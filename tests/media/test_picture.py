import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from videostep.media.picture import PICTURE_SIDE_PX, encode_jpeg, fit_side
from videostep.testing.clips import texture


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.integers(1, 16384), st.integers(1, 16384))
def test_a_fitted_size_is_never_empty_too_large_or_enlarged(width_px: int, height_px: int) -> None:
    fitted = fit_side(width_px, height_px)
    assert min(fitted) >= 1
    assert max(fitted) <= PICTURE_SIDE_PX
    assert fitted[0] <= width_px
    assert fitted[1] <= height_px
    assert max(fitted) == min(PICTURE_SIDE_PX, max(width_px, height_px))


def test_a_jpeg_shows_the_picture_and_holds_no_metadata() -> None:
    rgb = texture(3, width_px=64, height_px=48)
    jpeg = encode_jpeg(rgb)
    image = Image.open(io.BytesIO(jpeg))
    assert image.format == "JPEG"
    assert not image.getexif()
    difference = np.asarray(image).astype(int) - rgb
    assert np.abs(difference).mean() < 8
    assert encode_jpeg(rgb.copy()) == jpeg
