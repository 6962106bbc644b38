"""Families that take frames of any size and cut them into patches: Qwen-VL's and VideoLLaMA3."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videostep.families.family import Family
from videostep.families.limits import Limits
from videostep.frames.pixels import normalise, patchify, resize, whole_patches
from videostep.frames.video_frames import VideoFrames

VIDEO_TOKENS = 8192
"""Tokens of a video at most, choice of ours: longer videos are seen smaller, down to `least_px` a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """How frames become patches."""

    patch_px: int
    """Side of a patch."""
    merge: int
    """Patches a side of a token."""
    span: int
    """Frames that a patch goes through."""
    least_px: int
    """Pixels of a frame at least: smaller ones are enlarged."""
    most_px: int
    """Pixels of a frame at most."""
    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of the pixels, 0 to 1, that the vision tower was trained on: red, green, blue."""

    @property
    def token_px(self) -> int:
        """Side of what becomes one token."""
        return self.patch_px * self.merge

    def saved(self, settings: dict[str, Any]) -> Patches:
        """With what a checkpoint says of itself; it may be an image processor's."""
        names = {"patch_px": "patch_size", "merge": "merge_size", "span": "temporal_patch_size"}
        found: dict[str, Any] = {ours: settings[name] for ours, name in names.items() if settings.get(name)}
        for ours, name in (("mean", "image_mean"), ("std", "image_std")):
            if settings.get(name):
                found[ours] = tuple(settings[name])
        return dataclasses.replace(self, **found)

    def within(self, limits: Limits) -> Patches:
        """With no more pixels a frame than a user allows."""
        most_px = min(self.most_px, limits.most_px or self.most_px)
        return dataclasses.replace(self, most_px=most_px, least_px=min(self.least_px, most_px))

    def size(self, width_px: int, height_px: int, n_frames: int) -> tuple[int, int]:
        """Width and height of each of `n_frames`, so that all together stay within `VIDEO_TOKENS`."""
        share_px = VIDEO_TOKENS * self.span * self.token_px**2 // n_frames
        most_px = max(self.least_px, min(self.most_px, share_px))
        return whole_patches(
            width_px, height_px, side_px=self.token_px, least_px=self.least_px, most_px=most_px
        )

    def cut(self, frames: VideoFrames) -> tuple[NDArray[np.float32], tuple[int, int, int]]:
        """Patches and their grid; the last frame is repeated until patches are whole."""
        pixels = normalise(frames.padded(self.span).rgb, self.mean, self.std)
        return patchify(pixels, patch_px=self.patch_px, merge=self.merge, span=self.span)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PatchFamily(Family):
    """A family whose frames keep their shape."""

    patches: Patches

    @property
    def look(self) -> str:
        """Sampling and patches."""
        return f"{self.sampling} {self.patches}"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """Resized to whole tokens."""
        height_px, width_px = rgb.shape[:2]
        return resize(rgb, *self.patches.size(width_px, height_px, n_frames))
