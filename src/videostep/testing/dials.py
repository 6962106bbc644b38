"""Pictures that show what time it is, so that whoever gets one knows which moment it is asked about."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videostep.testing.clips import texture

WIDTH_PX, HEIGHT_PX = 320, 180
_BITS = 16
_CELL_PX = WIDTH_PX // _BITS
_TICKS_A_SECOND = 100


def dial(time_s: float, *, scene: int = 0) -> NDArray[np.uint8]:
    """A picture of scene number `scene`; the bottom row tells the time in black and white, to 0.01 s."""
    picture = texture(scene, width_px=WIDTH_PX, height_px=HEIGHT_PX)
    ticks = round(time_s * _TICKS_A_SECOND)
    for bit in range(_BITS):
        white = 255 * (ticks >> bit & 1)
        picture[-2 * _CELL_PX :, bit * _CELL_PX : (bit + 1) * _CELL_PX] = white
    return picture


def read_dial(jpeg: bytes) -> float:
    """The time that an encoded picture tells, seconds, whatever its size."""
    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"))
    level = cv2.resize(grey, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA)
    cells = level[-_CELL_PX, _CELL_PX // 2 :: _CELL_PX]
    return sum(int(cell > 127) << bit for bit, cell in enumerate(cells)) / _TICKS_A_SECOND
