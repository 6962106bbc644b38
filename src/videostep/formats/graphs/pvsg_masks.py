"""PVSG's mask pictures: which object is where, in every frame of a video.

Source: the layout of OpenPVSG's data folder, `SOURCE/masks/VIDEO/0000.png` beside `pvsg.json`; the value of a
pixel is the number of the object.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from videostep.formats.graphs.draft import box_of_pixels
from videostep.graph import Box

Boxes = dict[str, Box]
"""Object id, which is its number in the mask, to its box."""


def read_masks(folder: Path, title: str, n_frames: int, size_px: tuple[int, int]) -> list[Boxes] | None:
    """Where each object is in each frame; None unless there is a sound mask for every frame.

    Args:
        folder: That of `pvsg.json`.
        title: Id of the video.
        n_frames: Of the video.
        size_px: Width and height of its pictures.
    """
    # A name that leads elsewhere is no id.
    if Path(title).name != title:
        return None
    for masks in sorted(folder.glob("*/masks")):
        paths = {path.stem: path for path in (masks / title).glob("*.png")}
        frames = [paths.get(f"{frame:04d}") for frame in range(n_frames)]
        found = [boxes for path in frames if path and (boxes := _boxes(path, size_px)) is not None]
        if len(found) == n_frames:
            return found
    return None


def _boxes(path: Path, size_px: tuple[int, int]) -> Boxes | None:
    """Boxes of the objects in one picture; None for one that is no mask of that size."""
    try:
        with warnings.catch_warnings(), Image.open(path) as picture:
            warnings.simplefilter("error")
            if picture.size != size_px or picture.mode not in ("P", "L"):
                return None
            pixels = np.asarray(picture)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    found = {str(number): _box(pixels == number) for number in np.unique(pixels) if number}
    return {id_: box for id_, box in found.items() if box}


def _box(mask: NDArray[np.bool_]) -> Box | None:
    xs, ys = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    height_px, width_px = mask.shape
    return box_of_pixels((xs[0], ys[0], xs[-1] + 1, ys[-1] + 1), width_px, height_px)
