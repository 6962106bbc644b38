from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from videostep.errors import ConfigError
from videostep.models.images import ImageConfig, encode_image


def street(height_px: int, width_px: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (height_px, width_px, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("size_px", "sent_px"), [((540, 960), (432, 768)), ((960, 540), (768, 432)), ((100, 50), (100, 50))]
)
def test_a_picture_is_made_to_fit_and_never_enlarged(
    size_px: tuple[int, int], sent_px: tuple[int, int]
) -> None:
    sent = encode_image(street(*size_px))
    with PillowImage.open(io.BytesIO(sent.data)) as picture:
        assert (picture.height, picture.width) == sent_px
        assert picture.format == "JPEG"
    assert sent.media_type == "image/jpeg"


def test_equal_pixels_give_equal_bytes() -> None:
    assert encode_image(street(90, 120)).sha256 == encode_image(street(90, 120).copy()).sha256


def test_quality_costs_bytes() -> None:
    low, high = (len(encode_image(street(90, 120), ImageConfig(quality=q)).data) for q in (30, 95))
    assert low < high / 2


@pytest.mark.parametrize("settings", [{"side_px": 10}, {"quality": 0}, {"quality": 96}])
def test_senseless_settings_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        ImageConfig(**settings)
