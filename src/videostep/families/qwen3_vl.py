"""Qwen3-VL and Qwen3.5: patches through two frames; the time stands in words before each pair.

Published checkpoints: patches of 16 px, 2 x 2 a token; `<0.5 seconds>` before `<|vision_start|>`, the
`<|video_pad|>` of two frames, `<|vision_end|>`; 2 frames a second, the last frame included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.patches import Patches
from videostep.families.qwen2_5_vl import TEMPLATE, QwenPositions
from videostep.families.watched import Watched
from videostep.frames.pixels import HALF
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

PRESET = Patches(patch_px=16, merge=2, span=2, least_px=32 * 32, most_px=768 * 32 * 32, mean=HALF, std=HALF)
SAMPLING = FrameSampling(fps=2.0, least_frames=4, most_frames=64, multiple_of=2, placement="ends")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Qwen3VL(QwenPositions):
    """Qwen3-VL and Qwen3.5, with and without experts."""

    def watch(self, frames: VideoFrames) -> Watched:
        """A pair of frames is one run of placeholders, and before it stands the pair's mean time."""
        span = self.patches.span
        pixels, grid = self.patches.cut(frames)
        times_s = np.array(frames.padded(span).times_s).reshape(-1, span)[:, [0, -1]].mean(axis=1)
        n_tokens = grid[1] * grid[2] // self.patches.merge**2
        pair = f"<|vision_start|>{self.dialogue.placeholder}<|vision_end|>"
        return Watched(
            layout="".join(f"<{time_s:.1f} seconds>{pair}" for time_s in times_s),
            runs=(n_tokens,) * grid[0],
            inputs={"pixel_values_videos": torch.from_numpy(pixels), "video_grid_thw": torch.tensor([grid])},
        )


def open_qwen3_vl(checkpoint: Checkpoint, limits: Limits) -> Qwen3VL:
    """The family for one checkpoint."""
    return Qwen3VL(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            # Start and end stand around every pair; a template writes them around the whole.
            markers=("<|vision_start|><|video_pad|><|vision_end|>", "<|video_pad|>"),
            placeholder="<|video_pad|>",
        ),
        sampling=limits.of(SAMPLING),
        patches=PRESET.saved(checkpoint.video).within(limits),
        config=checkpoint.config,
    )
