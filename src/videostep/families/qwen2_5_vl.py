"""Qwen2-VL and Qwen2.5-VL: patches through two frames, three axes of positions; time is spaced in seconds.

Published checkpoints: patches of 14 px, 2 x 2 a token; `<|video_pad|>` between `<|vision_start|>` and
`<|vision_end|>`; 2 frames a second, each of 128 to 768 tokens (qwen-vl-utils).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.patches import Patches, PatchFamily
from videostep.families.told import IntArray
from videostep.families.watched import Watched
from videostep.families.weightless import weightless
from videostep.frames.pixels import CLIP_MEAN, CLIP_STD
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

TEMPLATE = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system\n"
    "You are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ message['role'] }}\n"
    "{% for part in message['content'] %}{% if part['type'] == 'video' %}"
    "<|vision_start|><|video_pad|><|vision_end|>{% else %}{{ part['text'] }}{% endif %}{% endfor %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""For a checkpoint that brings none: Qwen's ChatML."""

PRESET = Patches(
    patch_px=14, merge=2, span=2, least_px=128 * 28 * 28, most_px=768 * 28 * 28, mean=CLIP_MEAN, std=CLIP_STD
)
SAMPLING = FrameSampling(fps=2.0, least_frames=4, most_frames=64, multiple_of=2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QwenPositions(PatchFamily):
    """Positions on three axes, time, height and width, by the model's own `get_rope_index`."""

    config: Any
    """The checkpoint's."""

    def positions(self, tokens: IntArray, watched: Watched) -> IntArray:
        """Positions of a row's tokens, (3, n)."""
        ids = torch.from_numpy(tokens)[None]
        times = {} if watched.patch_s is None else {"second_per_grid_ts": torch.tensor([watched.patch_s])}
        positions, _ = weightless(self.config).get_rope_index(
            ids,
            mm_token_type_ids=2 * (ids == self.config.video_token_id).int(),
            video_grid_thw=watched.inputs["video_grid_thw"],
            **times,
        )
        return np.asarray(positions[:, 0].numpy())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Qwen2VL(QwenPositions):
    """Qwen2-VL and Qwen2.5-VL."""

    def watch(self, frames: VideoFrames) -> Watched:
        """The whole video is one run of placeholders; Qwen2.5-VL spaces them in time by seconds."""
        pixels, grid = self.patches.cut(frames)
        return Watched(
            layout=self.dialogue.placeholder,
            runs=(math.prod(grid) // self.patches.merge**2,),
            inputs={"pixel_values_videos": torch.from_numpy(pixels), "video_grid_thw": torch.tensor([grid])},
            patch_s=self.patches.span / frames.sampled_fps,
        )


def open_qwen2_5_vl(checkpoint: Checkpoint, limits: Limits) -> Qwen2VL:
    """The family for one checkpoint."""
    return Qwen2VL(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<|video_pad|>",),
            placeholder="<|video_pad|>",
        ),
        sampling=limits.of(SAMPLING),
        patches=PRESET.saved(checkpoint.video).within(limits),
        config=checkpoint.config,
    )
