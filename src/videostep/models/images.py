"""Pictures as a Video-LLM gets them: small enough, encoded, equal bytes for equal pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from videostep.errors import ConfigError
from videostep.media.picture import fit_side
from videostep.models.protocol import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfig:
    """How pictures are sent."""

    side_px: int = 768
    """Longer side at most, pixels. Qwen2.5-VL makes about 400 tokens of 768 x 432. Paper: not given."""
    quality: int = 85
    """Of JPEG, 1 to 95."""

    def __post_init__(self) -> None:
        if not (self.side_px >= 28 and 1 <= self.quality <= 95):
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
