"""Video-LLaVA: the middle square of eight frames, every feature a token; no times.

Published checkpoint: 224 x 224 px by LanguageBind, 16 x 16 patches of 14 px and one token of the whole: 257
of `<video>` a frame. It was trained on eight frames, so there are always eight.
"""

from __future__ import annotations

from videostep.errors import ConfigError
from videostep.families.checkpoint import Checkpoint
from videostep.families.limits import Limits
from videostep.families.llava_next_video import LlavaNextVideo, vicuna
from videostep.frames.sampling import FrameSampling

SAMPLING = FrameSampling(fps=None, least_frames=8, most_frames=8)


def open_video_llava(checkpoint: Checkpoint, limits: Limits) -> LlavaNextVideo:
    """The family for one checkpoint; raises ConfigError where more or fewer frames are asked for."""
    if limits.fps is not None or limits.most_frames not in (None, 8):
        raise ConfigError(
            "Video-LLaVA takes eight frames of every video", remedy="leave max_frames and frames_fps out"
        )
    vision = checkpoint.config.vision_config
    side = vision.image_size // vision.patch_size
    return vicuna(checkpoint, SAMPLING, frame_tokens=side**2 + 1)
