"""The frames that a model is shown as pictures: taken at even steps of real time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from videostep.errors import ConfigError
from videostep.frames.looking import Seen, Span, look
from videostep.frames.sampling import FrameSampling
from videostep.media.frame import Frame
from videostep.models.images import ImageConfig, encode_image
from videostep.models.protocol import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameConfig:
    """What a model is shown of a video."""

    frames: int = 16
    """Of each question's span, 1 or more. Paper: not given; VideoChat2 is evaluated with 16."""
    image: ImageConfig = field(default_factory=lambda: ImageConfig(side_px=448))
    """How frames are sent; 16 of 448 x 252 pixels are about 2,300 tokens of Qwen2.5-VL."""

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise ConfigError(f"{self.frames} frames cannot be shown", remedy="give 1 or more")

    @property
    def sampling(self) -> FrameSampling:
        """So many frames, each in the middle of its part, however short the video is."""
        return FrameSampling(fps=None, least_frames=1, most_frames=self.frames, placement="middle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A frame as it is sent, and when it is seen."""

    time_s: float
    image: Image


def show_spans(path: Path, spans: Iterable[Span], config: FrameConfig) -> dict[Span, tuple[Shot, ...] | str]:
    """The frames of some spans of one video.

    Returns:
        For each span its frames in order of time, each the one that is on the screen at the middle of one
        of `config.frames` equal parts; or in words why there are none.

    Raises:
        MediaError: The video cannot be opened or decoded.
    """

    def shoot(frame: Frame, n_frames: int) -> Shot:
        return Shot(time_s=frame.time_s, image=encode_image(frame.picture().rgb, config.image))

    video, parts = look(path, spans, config.sampling, shoot)
    return {span: _shots(span, seen, video.duration_s) for span, seen in parts.items()}


def _shots(span: Span, seen: Seen[Shot], duration_s: float) -> tuple[Shot, ...] | str:
    if not seen.pictures:
        where = "" if span is None else f"from {span.start_s:g} to {span.end_s:g} s "
        return f"the question is about a part {where}that a video of {duration_s:g} s does not have"
    return tuple(shot for _, shot in seen.pictures)
