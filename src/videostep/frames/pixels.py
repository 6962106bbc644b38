"""Pictures to what a vision tower takes: sized, cropped, normalised, cut into patches."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Resampling

from videostep.errors import MediaError

MOST_OBLONG = 200
"""Pictures longer than this many times their width cannot be cut into patches (Qwen-VL's limit)."""

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
"""Of OpenAI's CLIP."""
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pictures."""
HALF = (0.5, 0.5, 0.5)
"""Mean and deviation that map 0..255 to -1..1 (SigLIP)."""


def resize(
    rgb: NDArray[np.uint8], width_px: int, height_px: int, filter_: Resampling = Resampling.BICUBIC
) -> NDArray[np.uint8]:
    """A picture (height x width x 3) of another size, antialiased."""
    if rgb.shape[:2] == (height_px, width_px):
        return rgb
    return np.asarray(Image.fromarray(rgb).resize((width_px, height_px), filter_))


def centre_crop(rgb: NDArray[np.uint8], width_px: int, height_px: int) -> NDArray[np.uint8]:
    """The middle of a picture that is at least that large."""
    top_px, left_px = (rgb.shape[0] - height_px) // 2, (rgb.shape[1] - width_px) // 2
    return rgb[top_px : top_px + height_px, left_px : left_px + width_px]


def shortest_side(width_px: int, height_px: int, side_px: int) -> tuple[int, int]:
    """Width and height of the same shape whose shorter side is `side_px`, rounded down."""
    if width_px <= height_px:
        return side_px, int(side_px * height_px / width_px)
    return int(side_px * width_px / height_px), side_px


def whole_patches(
    width_px: int, height_px: int, *, side_px: int, least_px: int, most_px: int
) -> tuple[int, int]:
    """The size nearest to the picture's own whose sides are multiples of `side_px`.

    Args:
        width_px: Of the picture.
        height_px: Of the picture.
        side_px: A side of what becomes one token.
        least_px: Pixels of the result, at least.
        most_px: Pixels of the result, at most; but never less than one token a side.

    Raises:
        MediaError: The picture is a stripe.
    """
    if max(width_px, height_px) > MOST_OBLONG * min(width_px, height_px):
        raise MediaError(
            f"a picture of {width_px} x {height_px} px is a stripe, not a picture",
            remedy="leave the video out",
        )
    width, height = (round(side / side_px) * side_px for side in (width_px, height_px))
    if width * height > most_px:
        shrink = math.sqrt(width_px * height_px / most_px)
        return (
            max(side_px, math.floor(width_px / shrink / side_px) * side_px),
            max(side_px, math.floor(height_px / shrink / side_px) * side_px),
        )
    if width * height < least_px:
        grow = math.sqrt(least_px / (width_px * height_px))
        return (
            math.ceil(width_px * grow / side_px) * side_px,
            math.ceil(height_px * grow / side_px) * side_px,
        )
    return width, height


def normalise(
    rgb: NDArray[np.uint8], mean: Sequence[float], std: Sequence[float], scale: float = 1 / 255
) -> NDArray[np.float32]:
    """Frames x height x width x 3 of bytes to frames x 3 x height x width around zero."""
    mean_, std_ = np.array(mean, np.float32), np.array(std, np.float32)
    values = (rgb.astype(np.float32) * np.float32(scale) - mean_) / std_
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


def patchify(
    frames: NDArray[np.float32], *, patch_px: int, merge: int, span: int
) -> tuple[NDArray[np.float32], tuple[int, int, int]]:
    """Frames to rows of patches, those that become one token beside each other.

    Args:
        frames: Frames x 3 x height x width; as many frames as `span` divides.
        patch_px: Side of a patch.
        merge: Patches a side of a token.
        span: Frames that a patch goes through.

    Returns:
        The patches, (time x height x width) x (3 x span x patch_px x patch_px), and the grid: patches through
        time, height and width.
    """
    n_frames, channels, height_px, width_px = frames.shape
    grid = n_frames // span, height_px // patch_px, width_px // patch_px
    cells = frames.reshape(
        *(grid[0], span, channels),
        *(grid[1] // merge, merge, patch_px),
        *(grid[2] // merge, merge, patch_px),
    )
    rows = cells.transpose(0, 3, 6, 4, 7, 2, 1, 5, 8)
    return rows.reshape(math.prod(grid), channels * span * patch_px**2), grid
