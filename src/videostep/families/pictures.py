"""Families that take frames of one size: LLaVA's, SmolVLM, InternVL."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL.Image import Resampling

from videostep.families.family import Family
from videostep.frames.pixels import centre_crop, normalise, resize, shortest_side
from videostep.frames.video_frames import VideoFrames


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """How frames become pictures of one size."""

    width_px: int
    height_px: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of the pixels, 0 to 1, that the vision tower was trained on: red, green, blue."""
    cropped: bool = False
    """Whether the sides are cut off to keep the shape; else frames are squeezed."""
    filter: Resampling = Resampling.BICUBIC

    def saved(self, settings: dict[str, Any]) -> Pictures:
        """With what a checkpoint says of itself; it may be an image processor's."""
        size = settings.get("crop_size" if self.cropped else "size") or {}
        if isinstance(size, int):  # as older files have it
            size = {"width": size, "height": size}
        width_px, height_px = size.get("width", self.width_px), size.get("height", self.height_px)
        filter_ = Resampling(settings.get("resample", self.filter))
        changed = dataclasses.replace(self, width_px=width_px, height_px=height_px, filter=filter_)
        return dataclasses.replace(
            changed,
            mean=tuple(settings.get("image_mean") or self.mean),
            std=tuple(settings.get("image_std") or self.std),
        )

    def fit(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A frame of any size at this one."""
        if not self.cropped:
            return resize(rgb, self.width_px, self.height_px, self.filter)
        height_px, width_px = rgb.shape[:2]
        side_px = max(self.width_px, self.height_px)
        small = resize(rgb, *shortest_side(width_px, height_px, side_px), self.filter)
        return centre_crop(small, self.width_px, self.height_px)

    def pixels(self, frames: VideoFrames) -> torch.Tensor:
        """Frames x 3 x height x width."""
        return torch.from_numpy(normalise(frames.rgb, self.mean, self.std))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureFamily(Family):
    """A family whose frames all have one size."""

    pictures: Pictures
    frame_tokens: int
    """Tokens that one frame becomes."""

    @property
    def look(self) -> str:
        """Sampling and pictures."""
        return f"{self.sampling} {self.pictures}"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """Squeezed or cropped to the size."""
        return self.pictures.fit(rgb)


def square(image_size: Any) -> tuple[int, int]:
    """Width and height that a vision config's `image_size` means."""
    if isinstance(image_size, int):
        return image_size, image_size
    return int(image_size[1]), int(image_size[0])
