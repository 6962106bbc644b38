"""Colour names: which of twelve words fills a region, if one does.

A name is said only where nobody would argue: between two names, and for what is dark and coloured (navy,
bottle green), lies no name at all. Hue limits in degrees, saturation and value 0..1 (HSV); found by looking
at clothes and cars in street footage.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

NAMES = (
    "",
    "black",
    "grey",
    "white",
    "red",
    "orange",
    "yellow",
    "green",
    "blue",
    "purple",
    "pink",
    "brown",
    "beige",
)
"""Index 0: no name."""
MIN_FILL = 0.6
"""Share of a region that one name must fill: at this share 31 of 31 tops were named as a person would."""
LEVELS = 32
"""Steps a channel is divided into for the table of names."""

_HUES = (
    ("red", -14, 12),
    ("orange", 17, 42),
    ("yellow", 46, 66),
    ("green", 76, 165),
    ("blue", 188, 258),
    ("purple", 265, 295),
    ("pink", 302, 342),
)


def dominant_colour(pixels: NDArray[np.uint8]) -> str:
    """The name that fills at least `MIN_FILL` of n x 3 RGB pixels; empty when none does."""
    if not len(pixels):
        return ""
    steps = pixels.astype(np.int64) * LEVELS // 256
    cells = (steps[:, 0] * LEVELS + steps[:, 1]) * LEVELS + steps[:, 2]
    counts = np.bincount(_table()[cells], minlength=len(NAMES))
    best = int(np.argmax(counts))
    return NAMES[best] if counts[best] >= MIN_FILL * len(pixels) else ""


@functools.cache
def _table() -> NDArray[np.int64]:
    """The name's index for every cell of the RGB cube."""
    axis = (np.arange(LEVELS) + 0.5) / LEVELS
    red, green, blue = (channel.ravel() for channel in np.meshgrid(axis, axis, axis, indexing="ij"))
    hue, saturation, value = _hsv(red, green, blue)
    table = np.zeros(LEVELS**3, np.int64)
    for name, holds in _rules(hue, saturation, value).items():
        table[holds & (table == 0)] = NAMES.index(name)
    return table


def _rules(
    hue: NDArray[np.float64], saturation: NDArray[np.float64], value: NDArray[np.float64]
) -> dict[str, NDArray[np.bool_]]:
    """Where each name holds; an earlier name wins."""
    greyish = saturation < 0.16
    warm = (hue > 18) & (hue < 55)
    rules = {
        "black": (value < 0.17) | ((value < 0.27) & (saturation < 0.45)),
        "grey": greyish & (value > 0.34) & (value < 0.72),
        "white": (saturation < 0.12) & (value > 0.8),
        "beige": warm & (saturation > 0.16) & (saturation < 0.42) & (value > 0.62),
        "brown": (hue > 8) & (hue < 42) & (saturation > 0.32) & (value > 0.25) & (value < 0.55),
        "pink": ((hue > 320) | (hue < 14)) & (saturation > 0.2) & (saturation < 0.5) & (value > 0.7),
    }
    vivid = (saturation > 0.4) & (value > 0.33)
    for name, low, high in _HUES:
        inside = ((hue - low) % 360) < (high - low)
        rules.setdefault(name, inside & vivid)
        rules[name] = rules[name] | (inside & vivid)
    return rules


def _hsv(
    red: NDArray[np.float64], green: NDArray[np.float64], blue: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Hue in degrees 0..360, saturation and value 0..1."""
    high, low = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    spread = np.where(high > low, high - low, 1.0)
    sector = np.where(
        high == red,
        (green - blue) / spread,
        np.where(high == green, 2 + (blue - red) / spread, 4 + (red - green) / spread),
    )
    hue = np.where(high > low, sector * 60 % 360, 0.0)
    return hue, (high - low) / high, high
