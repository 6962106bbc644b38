"""SmolVLM2: square frames, each with its minute and second in words.

Published checkpoints: one frame a second, at most 64, from first to last; 384 or 512 px square; "You are
provided the following series of ten frames from a 0:00:10 [H:MM:SS] video.", then "Frame from 00:01:" and its
`<image>` tokens for each.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Resampling

from videostep.errors import MissingExtraError
from videostep.families.checkpoint import Checkpoint
from videostep.families.dialogue import Dialogue
from videostep.families.limits import Limits
from videostep.families.pictures import PictureFamily, Pictures, square
from videostep.families.watched import Watched
from videostep.frames.pixels import HALF, resize
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{ message['role'] | capitalize }}: "
    "{% for part in message['content'] %}{% if part['type'] == 'video' %}<video>{% else %}{{ part['text'] }}"
    "{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
"""What SmolVLM's processor uses for videos, whatever template lies beside the weights."""

SAMPLING = FrameSampling(fps=1.0, least_frames=1, most_frames=64, placement="ends")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmolVLM(PictureFamily):
    """SmolVLM2."""

    longest_side_px: int
    """Frames are first resized to this longer side, then squeezed to the square."""

    @property
    def look(self) -> str:
        """Sampling, pictures, and the first resizing."""
        return f"{self.sampling} {self.pictures} {self.longest_side_px}"

    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """Resized twice, as the model's own processor does."""
        height_px, width_px = rgb.shape[:2]
        longest_px = self.longest_side_px
        if width_px >= height_px:
            size_px = longest_px, _even(int(longest_px / (width_px / height_px)))
        else:
            size_px = _even(int(longest_px * (width_px / height_px))), longest_px
        return self.pictures.fit(resize(rgb, *size_px, self.pictures.filter))

    def watch(self, frames: VideoFrames) -> Watched:
        """How many frames of how long a video, then each with its time."""
        n_frames, token = len(frames.times_s), self.dialogue.placeholder
        length = datetime.timedelta(seconds=int(frames.duration_s))
        picture = f"<fake_token_around_image><global-img>{token}<fake_token_around_image>"
        times = (f"\nFrame from {int(s // 60):02d}:{int(s % 60):02d}:{picture}" for s in frames.times_s)
        return Watched(
            layout=f"You are provided the following series of {_in_words(n_frames)} frames from a {length} "
            f"[H:MM:SS] video.\n{''.join(times)}\n\n",
            runs=(self.frame_tokens,) * n_frames,
            inputs={"pixel_values": self.pictures.pixels(frames)[None]},
        )


def open_smolvlm(checkpoint: Checkpoint, limits: Limits) -> SmolVLM:
    """The family for one checkpoint."""
    config, settings = checkpoint.config, checkpoint.video
    side_px = _longest(settings.get("max_image_size")) or square(config.vision_config.image_size)[0]
    preset = Pictures(width_px=side_px, height_px=side_px, mean=HALF, std=HALF, filter=Resampling.LANCZOS)
    sizes = (settings.get("video_sampling") or {}).get("video_size"), settings.get("size")
    return SmolVLM(
        dialogue=Dialogue(
            tokenizer=checkpoint.tokenizer, template=TEMPLATE, markers=("<video>",), placeholder="<image>"
        ),
        sampling=limits.of(SAMPLING),
        pictures=preset.saved({**settings, "size": None}),
        frame_tokens=(side_px // config.vision_config.patch_size) ** 2 // config.scale_factor**2,
        longest_side_px=next((px for size in sizes if (px := _longest(size))), side_px),
    )


def _longest(size: dict[str, Any] | None) -> int | None:
    return (size or {}).get("longest_edge")


def _even(side_px: int) -> int:
    return max(1, side_px + side_px % 2)


def _in_words(number: int) -> str:
    try:
        from num2words import num2words
    except ImportError as error:
        raise MissingExtraError(
            "SmolVLM's prompt spells numbers out", remedy="pip install 'videostep[train]'"
        ) from error
    return str(num2words(number))
