"""VideoLLaMA3: frames of any size, each with its time in words; tokens that do not change are left out.

Published checkpoints: patches of 14 px, 2 x 2 a token; `Time 1.0s:` and its `<|video_pad|>` for each frame,
commas between; one frame a second, at most 180. Ours: at most 64, so that words fit beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.patches import Patches, PatchFamily
from videostep.families.qwen2_5_vl import TEMPLATE
from videostep.families.watched import Watched
from videostep.frames.pixels import HALF
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

PRESET = Patches(
    patch_px=14, merge=2, span=1, least_px=128 * 28 * 28, most_px=768 * 28 * 28, mean=HALF, std=HALF
)
SAMPLING = FrameSampling(fps=1.0, least_frames=4, most_frames=64)
LEAST_CHANGE = 0.1
"""A token stays if its normalised pixels, times 255, differ by more from the frame before, on average."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoLlama3(PatchFamily):
    """VideoLLaMA3."""

    def watch(self, frames: VideoFrames) -> Watched:
        """A run for each frame, as long as what changed in it."""
        pixels, grid = self.patches.cut(frames)
        changed = _changed(pixels.reshape(grid[0], grid[1] * grid[2] // self.patches.merge**2, -1))
        inputs = {
            "pixel_values_videos": torch.from_numpy(pixels),
            "video_grid_thw": torch.tensor([grid]),
            "video_merge_sizes": torch.tensor([self.patches.merge]),
            "video_compression_mask": torch.from_numpy(changed.reshape(-1)),
        }
        token = self.dialogue.placeholder
        return Watched(
            layout=",".join(
                f"Time {time_s:.1f}s:{token}" for time_s in frames.padded(self.patches.span).times_s
            ),
            runs=tuple(int(n_tokens) for n_tokens in changed.sum(axis=1)),
            inputs=inputs,
        )


def _changed(tokens: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which tokens of each frame stay, frames x tokens: all of the first frame, one of any at least."""
    differences = np.abs(np.diff(tokens, axis=0)).mean(axis=-1) * 255
    changed = np.concatenate([np.ones((1, tokens.shape[1]), bool), differences > LEAST_CHANGE])
    changed[:, 0] |= ~changed.any(axis=1)
    return changed


def open_video_llama_3(checkpoint: Checkpoint, limits: Limits) -> VideoLlama3:
    """The family for one checkpoint."""
    return VideoLlama3(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<|video_pad|>",),
            placeholder="<|video_pad|>",
        ),
        sampling=limits.of(SAMPLING),
        patches=PRESET.saved(checkpoint.video).within(limits),
    )
