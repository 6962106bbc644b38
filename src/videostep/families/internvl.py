"""InternVL: square frames, numbered in words; no times.

Published checkpoints (InternVL3-hf): 448 x 448 px, 32 x 32 patches of 14 px shuffled to 16 x 16 tokens; a
line `Frame1: <img>...</img>` each with 256 of `<IMG_CONTEXT>`; frames from the middles of equal parts.
"""

from __future__ import annotations

from dataclasses import dataclass

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.pictures import PictureFamily, Pictures, square
from videostep.families.watched import Watched
from videostep.frames.pixels import IMAGENET_MEAN, IMAGENET_STD
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{% for part in message['content'] %}"
    "{% if part['type'] == 'video' %}<video>\n{% else %}{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""For a checkpoint that brings none."""

SAMPLING = FrameSampling(fps=None, least_frames=1, most_frames=16, placement="middle")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InternVL(PictureFamily):
    """InternVL in the layout of its Hugging Face checkpoints."""

    def watch(self, frames: VideoFrames) -> Watched:
        """A line for each frame."""
        n_frames = len(frames.times_s)
        lines = (f"Frame{k}: <img>{self.dialogue.placeholder}</img>" for k in range(1, n_frames + 1))
        return Watched(
            layout="\n".join(lines),
            runs=(self.frame_tokens,) * n_frames,
            inputs={"pixel_values": self.pictures.pixels(frames)},
        )


def open_internvl(checkpoint: Checkpoint, limits: Limits) -> InternVL:
    """The family for one checkpoint."""
    vision = checkpoint.config.vision_config
    (width_px, height_px), (patch_px, _) = square(vision.image_size), square(vision.patch_size)
    preset = Pictures(width_px=width_px, height_px=height_px, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    return InternVL(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<video>",),
            placeholder="<IMG_CONTEXT>",
        ),
        sampling=limits.of(SAMPLING),
        pictures=preset.saved(checkpoint.video),
        frame_tokens=round(width_px // patch_px * checkpoint.config.downsample_ratio) ** 2,
    )
