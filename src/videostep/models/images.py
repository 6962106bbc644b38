"""Pictures as a Video-LLM gets them: small enough, encoded, equal bytes for equal pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from videostep.errors import ConfigError
from videostep.graph import Box
from videostep.media.picture import fit_side
from videostep.models.protocol import Image

MIN_SIDE_PX = 28
"""Less than one patch of a model cannot be seen."""
CROP_BORDER = 0.1
"""Of a box, on each side of a crop: what a thing is shows at its edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig:
    """How pictures are sent."""

    side_px: int = 768
    """Longer side at most, pixels. Qwen2.5-VL makes about 400 tokens of 768 x 432. Paper: not given."""
    quality: int = 85
    """Of JPEG, 1 to 95."""

    def __post_init__(self) -> None:
        if not (self.side_px >= MIN_SIDE_PX and 1 <= self.quality <= 95):
            raise ConfigError(
                f"pictures of {self.side_px} px and quality {self.quality} cannot be sent",
                remedy="give side_px of 28 or more and a quality from 1 to 95",
            )


def encode_image(rgb: NDArray[np.uint8], config: ImageConfig | None = None) -> Image:
    """Encode an upright picture, height x width x 3; it is made smaller where need be, never larger."""
    config = config or ImageConfig()
    picture = PillowImage.fromarray(rgb)
    size_px = fit_side(picture.width, picture.height, config.side_px)
    if size_px != picture.size:
        picture = picture.resize(size_px, PillowImage.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=config.quality)
    return Image(data=buffer.getvalue())


def crop_image(image: Image, box: Box, side_px: int) -> Image:
    """What is in a box of an encoded picture, with a border of a tenth around it.

    Args:
        image: The whole picture.
        box: Edges as fractions of its width and height.
        side_px: Longer side of the result at most, pixels; it is never made larger.
    """
    with PillowImage.open(io.BytesIO(image.data)) as picture:
        width, height = picture.size
        border_x, border_y = CROP_BORDER * (box.x2 - box.x1), CROP_BORDER * (box.y2 - box.y1)
        left, top = int(max(0.0, box.x1 - border_x) * width), int(max(0.0, box.y1 - border_y) * height)
        right = max(left + 1, round(min(1.0, box.x2 + border_x) * width))
        bottom = max(top + 1, round(min(1.0, box.y2 + border_y) * height))
        cut = np.asarray(picture.convert("RGB").crop((left, top, right, bottom)))
    return encode_image(cut, ImageConfig(side_px=max(side_px, MIN_SIDE_PX)))
