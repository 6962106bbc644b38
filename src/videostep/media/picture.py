"""Pictures: what a decoded frame becomes before anything looks at it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PICTURE_SIDE_PX = 960
"""Longer side of a Picture at most, pixels: enough for a crop of a small person, bounded for 8K."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One decoded frame, upright."""

    time_s: float
    rgb: NDArray[np.uint8]
    """Height x width x 3; longer side at most `PICTURE_SIDE_PX`."""
