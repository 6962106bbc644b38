"""Pictures: what a decoded frame becomes before anything looks at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    import cv2  # takes a tenth of a second: only who writes pictures pays for it

    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert done  # every picture of 8-bit RGB can be encoded
    return jpeg.tobytes()
