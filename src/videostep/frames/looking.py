"""Looking at a video: of each part that is asked for, the frames on the screen at even steps of real time.

Training, evaluation and whoever else shows a video to a model take their frames from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Generic, TypeVar

from videostep.errors import MediaError
from videostep.frames.sampling import FrameSampling
from videostep.media.decode import open_video
from videostep.media.frame import Frame
from videostep.media.screening import Screening
from videostep.video import TimeSpan, Video

Span = TimeSpan | None
"""Part of a video, seconds from its first frame; None: all of it."""
Picture = TypeVar("Picture")
Take = Callable[[Frame, int], Picture]
"""What becomes of a frame, when so many are looked at of its part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[Picture]):
    """What was looked at of one part of a video."""

    span_s: TimeSpan
    """The part as far as the video has it."""
    pictures: tuple[tuple[float, Picture], ...]
    """When each frame begins, seconds from the video's first frame, and what became of it; in order of time.
    A frame that is on the screen at several moments is there as often. None: the video has nothing of the
    part."""


def look(
    path: str | Path,
    spans: Iterable[Span],
    sampling: FrameSampling,
    take: Take[Picture],
    *,
    sha256: str | None = None,
) -> tuple[Video, dict[Span, Seen[Picture]]]:
    """The frames of some parts of a video, all in one pass.

    A frame stands for a moment if it is on the screen then, by its presentation time: variable frame rates,
    late first frames and joined recordings change nothing.

    Args:
        path: The video file.
        spans: The parts.
        sampling: Which moments of each are looked at.
        take: What becomes of a frame.
        sha256: Of the file; None: any.

    Returns:
        The video, with its true length where the declared one is not, and what was seen of each part.

    Raises:
        MediaError: The file cannot be decoded, or is another one.
    """
    wanted = tuple(dict.fromkeys(spans))
    length_s: float | None = None
    while True:
        with open_video(path) as reader:
            check_content(reader.video, sha256)
            video = reader.video if length_s is None else replace(reader.video, duration_s=length_s)
            plans = [_Plan.of(video, sampling, span) for span in wanted]
            screening = Screening(reader)
            pictures = _pictures(screening, plans, take)
            true_length_s = screening.length_s
        looked = list(zip(plans, pictures, strict=True))
        # What the container promises may not be what it holds; then the moments were the wrong ones.
        if length_s is not None or all(plan.suits(len(found), true_length_s) for plan, found in looked):
            seen = (Seen(span_s=plan.span_s, pictures=tuple(found)) for plan, found in looked)
            return video, dict(zip(wanted, seen, strict=True))
        length_s = true_length_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Which moments of a file to look at, given its length."""

    span_s: TimeSpan
    """What is looked at."""
    is_whole: bool
    """Whether it reaches to where the video is thought to end."""
    wanted_s: tuple[float, ...]
    """Seconds from the video's first frame; rising. Empty: the video has nothing of the part, or its length
    is not known yet."""

    @classmethod
    def of(cls, video: Video, sampling: FrameSampling, span: Span) -> _Plan:
        span_s = TimeSpan(0.0, video.duration_s)
        if span is not None:
            span_s = span_s.overlap(span) or TimeSpan(span.start_s, span.start_s)
        n_frames = sampling.n_frames(span_s.duration_s, video.fps) if span_s.duration_s else 0
        times_s = sampling.times_s(n_frames, span_s.duration_s, 1 / video.fps) if n_frames else ()
        return cls(
            span_s=span_s,
            is_whole=span_s.end_s >= video.duration_s,
            wanted_s=tuple(span_s.start_s + time_s for time_s in times_s),
        )

    @property
    def needs_length(self) -> bool:
        """Whether only the true length tells if these are the right moments."""
        return self.is_whole or not self.wanted_s

    def suits(self, n_found: int, true_length_s: float | None) -> bool:
        """Whether the plan for a video that is so long would be the same, but for a fraction of a step."""
        if n_found < len(self.wanted_s) or not self.wanted_s:
            return False
        step_s = self.span_s.duration_s / len(self.wanted_s)
        return not self.is_whole or (
            true_length_s is not None and true_length_s - self.span_s.end_s < step_s / 2
        )


def _pictures(
    screening: Screening, plans: Sequence[_Plan], take: Take[Picture]
) -> list[list[tuple[float, Picture]]]:
    """For each plan, time and picture of the frames on the screen at its moments before the video's end."""
    owners: dict[float, list[int]] = {}
    for number, plan in enumerate(plans):
        for moment_s in plan.wanted_s:
            owners.setdefault(moment_s, []).append(number)
    found: list[list[tuple[float, Picture]]] = [[] for _ in plans]
    shown = screening.show(sorted(owners), to_the_end=any(plan.needs_length for plan in plans))
    for frame, numbers in _by_frame(shown, owners):
        # However many moments it is on the screen, of a frame one picture of a kind is made.
        counts = sorted({len(plans[number].wanted_s) for number in numbers})
        made = {n_frames: take(frame, n_frames) for n_frames in counts}
        for number in numbers:
            found[number].append((frame.time_s, made[len(plans[number].wanted_s)]))
    return found


def _by_frame(
    shown: Iterator[tuple[float, Frame]], owners: Mapping[float, list[int]]
) -> Iterator[tuple[Frame, list[int]]]:
    """Each frame with the owners of all moments at which it is on the screen."""
    for _, same in groupby(shown, key=lambda one: one[1].time_s):
        moments = list(same)
        yield moments[0][1], [number for moment_s, _ in moments for number in owners[moment_s]]


def check_content(video: Video, sha256: str | None) -> None:
    """Raise MediaError unless the video is the one of that digest; None: any is."""
    if sha256 is not None and video.sha256 != sha256:
        raise MediaError(
            f"{video.path} is not the video that the samples were made from",
            remedy="restore it, or watch the new one with videostep run",
        )
