"""The frames that a model is shown: taken at even steps of real time, whatever the frame rate does."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from videostep.errors import ConfigError
from videostep.media.decode import VideoReader, open_video
from videostep.media.frame import Frame
from videostep.models.images import ImageConfig, encode_image
from videostep.models.protocol import Image
from videostep.video import TimeSpan


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A frame as it is sent, and when it is seen."""

    time_s: float
    image: Image


Span = TimeSpan | None
"""Part of a video; None: all of it."""


def show_spans(path: Path, spans: Iterable[Span], config: FrameConfig) -> dict[Span, tuple[Shot, ...] | str]:
    """The frames of some spans of one video, decoded in one pass.

    Returns:
        For each span its frames in order of time, each the one that is on the screen at the middle of one
        of `config.frames` equal parts; or in words why there are none.

    Raises:
        MediaError: The video cannot be opened or decoded.
    """
    duration_s = _duration_s(path)
    wanted = {span: _targets_s(span, duration_s, config.frames) for span in dict.fromkeys(spans)}
    times_s = sorted({time_s for targets in wanted.values() for time_s in targets})
    with open_video(path, wanted_per_s=_wanted_per_s(times_s)) as reader:
        shots = {time_s: _shoot(frame, config) for time_s, frame in _on_screen(reader, times_s)}
    return {span: _shown(span, targets, shots, duration_s) for span, targets in wanted.items()}


def _duration_s(path: Path) -> float:
    """As declared; a file that declares nothing is read once more."""
    with open_video(path) as reader:
        if reader.video.duration_s > 0:
            return reader.video.duration_s
        for _ in reader.frames():
            pass
        return reader.final_video().duration_s


def _targets_s(span: Span, duration_s: float, frames: int) -> tuple[float, ...]:
    start_s, end_s = (0.0, duration_s) if span is None else (span.start_s, min(span.end_s, duration_s))
    if not 0 <= start_s < end_s:
        return ()
    part_s = (end_s - start_s) / frames
    return tuple(start_s + part_s * (number + 0.5) for number in range(frames))


def _wanted_per_s(times_s: Sequence[float]) -> float | None:
    """So many pictures a second that two targets never share one, where they lie a quarter second apart."""
    gaps_s = [after - before for before, after in pairwise(times_s)]
    return 1 / min(gaps_s) if gaps_s and min(gaps_s) >= 0.25 else None


def _on_screen(reader: VideoReader, times_s: Sequence[float]) -> Iterator[tuple[float, Frame]]:
    """Each time with the frame that is shown then."""
    waiting = deque(times_s)
    shown: Frame | None = None
    for frame in reader.frames():
        if shown is not None and waiting and waiting[0] < frame.time_s:
            yield from _between(reader, shown, frame.time_s, waiting)
        if not waiting:
            return
        shown = frame
    if shown is not None:
        yield from _between(reader, shown, math.inf, waiting)


def _between(
    reader: VideoReader, shown: Frame, until_s: float, waiting: deque[float]
) -> Iterator[tuple[float, Frame]]:
    """The times before `until_s`, taken from `waiting`; frames that decoding left out are looked at again."""
    frames = reader.look_again(shown.time_s, until_s) or [shown]
    while waiting and waiting[0] < until_s:
        target_s = waiting.popleft()
        yield (
            target_s,
            max((frame for frame in frames if frame.time_s <= target_s), key=_time_s, default=shown),
        )


def _time_s(frame: Frame) -> float:
    return frame.time_s


def _shoot(frame: Frame, config: FrameConfig) -> Shot:
    return Shot(time_s=frame.time_s, image=encode_image(frame.picture().rgb, config.image))


def _shown(
    span: Span, targets: Sequence[float], shots: Mapping[float, Shot], duration_s: float
) -> tuple[Shot, ...] | str:
    if not targets:
        where = "" if span is None else f"from {span.start_s:g} to {span.end_s:g} s "
        return f"the question is about a part {where}that a video of {duration_s:g} s does not have"
    return tuple(shots[time_s] for time_s in targets)
