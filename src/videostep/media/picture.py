"""Pictures: what a decoded frame becomes before anything looks at it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

PICTURE_SIDE_PX = 960
"""Longer side of a Picture at most, pixels: enough for a crop of a small person, bounded for 8K."""

JPEG_QUALITY = 90
"""Of keyframes: colours stay true enough to be named, at about 60 kB for 960 x 540."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One decoded frame, upright."""

    time_s: float
    rgb: NDArray[np.uint8]
    """Height x width x 3; longer side at most `PICTURE_SIDE_PX`."""


def fit_side(width_px: int, height_px: int, side_px: int = PICTURE_SIDE_PX) -> tuple[int, int]:
    """The size with the same shape whose longer side is at most `side_px`; never enlarged, never 0."""
    scale = min(1.0, side_px / max(width_px, height_px))
    return max(1, round(width_px * scale)), max(1, round(height_px * scale))


def encode_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """JPEG bytes without metadata: the same pixels give the same bytes."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, format="JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
