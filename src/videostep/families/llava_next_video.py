"""LLaVA-NeXT-Video: the middle square of each frame, features averaged 2 x 2; no times.

Published checkpoints: 336 x 336 px by CLIP, 24 x 24 patches of 14 px pooled to 12 x 12 tokens of `<video>`
a frame. How many frames is a choice of ours: 16 x 144 tokens leave room for words in a context of 4,096.
"""

from __future__ import annotations

from dataclasses import dataclass

from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.pictures import PictureFamily, Pictures, square
from videostep.families.watched import Watched
from videostep.frames.pixels import CLIP_MEAN, CLIP_STD
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

TEMPLATE = (
    "{% for message in messages %}{{ message['role'] | upper }}: {% for part in message['content'] %}"
    "{% if part['type'] == 'video' %}<video>\n{% else %}{{ part['text'] }} {% endif %}{% endfor %}"
    "{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)
"""For a checkpoint that brings none: Vicuna's."""

SAMPLING = FrameSampling(fps=None, least_frames=1, most_frames=16)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LlavaNextVideo(PictureFamily):
    """LLaVA-NeXT-Video and Video-LLaVA."""

    def watch(self, frames: VideoFrames) -> Watched:
        """All frames in one run."""
        return Watched(
            layout=self.dialogue.placeholder,
            runs=(len(frames.times_s) * self.frame_tokens,),
            inputs={"pixel_values_videos": self.pictures.pixels(frames)[None]},
        )


def open_llava_next_video(checkpoint: Checkpoint, limits: Limits) -> LlavaNextVideo:
    """The family for one checkpoint."""
    config = checkpoint.config
    side = config.vision_config.image_size // config.vision_config.patch_size
    return vicuna(checkpoint, limits.of(SAMPLING), frame_tokens=(side // config.spatial_pool_stride) ** 2)


def vicuna(checkpoint: Checkpoint, sampling: FrameSampling, *, frame_tokens: int) -> LlavaNextVideo:
    """A family that asks as Vicuna is asked, with cropped frames for CLIP."""
    width_px, height_px = square(checkpoint.config.vision_config.image_size)
    preset = Pictures(width_px=width_px, height_px=height_px, mean=CLIP_MEAN, std=CLIP_STD, cropped=True)
    return LlavaNextVideo(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer,
            template=checkpoint.template or TEMPLATE,
            markers=("<video>",),
            placeholder="<video>",
        ),
        sampling=sampling,
        pictures=preset.saved(checkpoint.video),
        frame_tokens=frame_tokens,
    )
