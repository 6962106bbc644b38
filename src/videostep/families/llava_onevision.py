"""LLaVA-OneVision: square frames, their features pooled 2 x 2, one line break behind the last; no times.

Published checkpoints: 384 x 384 px by SigLIP, 27 x 27 patches of 14 px pooled to 14 x 14; 32 frames from
first to last, which is 6,273 tokens of `<video>`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.pictures import PictureFamily, Pictures, square
from videostep.families.watched import Watched
from videostep.frames.pixels import HALF
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }} "
    "{% for part in message['content'] %}{% if part['type'] == 'video' %}<video>\n{% endif %}{% endfor %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ '\n' + part['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""For a checkpoint that brings none."""

SAMPLING = FrameSampling(fps=None, least_frames=1, most_frames=32, placement="ends")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LlavaOnevision(PictureFamily):
    """LLaVA-OneVision."""

    def watch(self, frames: VideoFrames) -> Watched:
        """All frames in one run, and a token for the line break."""
        return Watched(
            layout=self.dialogue.placeholder,
            runs=(len(frames.times_s) * self.frame_tokens + 1,),
            inputs={"pixel_values_videos": self.pictures.pixels(frames)[None]},
        )


def open_llava_onevision(checkpoint: Checkpoint, limits: Limits) -> LlavaOnevision:
    """The family for one checkpoint."""
    vision = checkpoint.config.vision_config
    width_px, height_px = square(vision.image_size)
    return LlavaOnevision(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<video>",),
            placeholder="<video>",
        ),
        sampling=limits.of(SAMPLING),
        pictures=Pictures(width_px=width_px, height_px=height_px, mean=HALF, std=HALF).saved(
            checkpoint.video
        ),
        frame_tokens=math.ceil(width_px // vision.patch_size / 2) ** 2,
    )
