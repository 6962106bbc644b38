"""Qwen2-VL and Qwen2.5-VL: patches through two frames, three axes of positions; time is spaced in seconds.

Published checkpoints: patches of 14 px, 2 x 2 a token; `<|video_pad|>` between `<|vision_start|>` and
`<|vision_end|>`; 2 frames a second, each of 128 to 768 tokens (qwen-vl-utils).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import transformers

from videostep.learn.families.checkpoint import Checkpoint
from videostep.learn.families.dialogue import Dialogue
from videostep.learn.families.family import weightless
from videostep.learn.families.limits import Limits
from videostep.learn.families.patches import Patches, PatchFamily
from videostep.learn.families.watched import Watched
from videostep.learn.frames.pixels import CLIP_MEAN, CLIP_STD
from videostep.learn.frames.sampling import FrameSampling
from videostep.learn.frames.video_frames import VideoFrames
from videostep.learn.sharing.rows import IntArray

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
_MODELS = {"qwen2_vl": transformers.Qwen2VLModel, "qwen2_5_vl": transformers.Qwen2_5_VLModel}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QwenVL(PatchFamily):
    """Qwen2-VL and Qwen2.5-VL."""

    indexer: Any
    """Has the model's `get_rope_index`."""
    video_token: int

    def watch(self, frames: VideoFrames) -> Watched:
        """The whole video is one run of placeholders."""
        pixels, grid = self.patches.cut(frames)
        inputs = {"pixel_values_videos": torch.from_numpy(pixels), "video_grid_thw": torch.tensor([grid])}
        n_tokens = int(np.prod(grid)) // self.patches.merge**2
        patch_s = self.patches.span / frames.sampled_fps
        return Watched(layout=self.dialogue.placeholder, runs=(n_tokens,), inputs=inputs, patch_s=patch_s)

    def positions(self, tokens: IntArray, watched: Watched) -> IntArray:
        """By the model's own `get_rope_index`: a patch's place in time is its place in seconds."""
        ids = torch.from_numpy(tokens)[None]
        positions, _ = self.indexer.get_rope_index(
            ids,
            mm_token_type_ids=2 * (ids == self.video_token).int(),
            video_grid_thw=watched.inputs["video_grid_thw"],
            second_per_grid_ts=torch.tensor([watched.patch_s]),
        )
        return np.asarray(positions[:, 0].numpy())


def open_qwen2_5_vl(checkpoint: Checkpoint, limits: Limits) -> QwenVL:
    """The family for one checkpoint."""
    return QwenVL(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<|video_pad|>",),
            placeholder="<|video_pad|>",
        ),
        sampling=limits.of(SAMPLING),
        patches=PRESET.saved(checkpoint.video).within(limits),
        indexer=weightless(_MODELS[checkpoint.config.model_type], checkpoint.config),
        video_token=checkpoint.config.video_token_id,
    )
