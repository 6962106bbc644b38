"""The nouns of raw video: TimeSpan, Video, Keyframe, Clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class TimeSpan(NamedTuple):
    """A half-open piece of time `[start_s, end_s)`, seconds from the video's first frame."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds; never negative."""
        return max(0.0, self.end_s - self.start_s)

    def overlap(self, other: TimeSpan) -> TimeSpan | None:
        """The common part, or None when it has no length."""
        start_s, end_s = self
        other_start_s, other_end_s = other
        # Asked millions of times: most spans lie within the other, and comparing is faster than max and min.
        if other_start_s <= start_s < end_s <= other_end_s:
            return self
        if other_start_s > start_s:
            start_s = other_start_s
        if other_end_s < end_s:
            end_s = other_end_s
        return TimeSpan(start_s, end_s) if end_s > start_s else None

    def holds(self, time_s: float) -> bool:
        """Whether `time_s` lies in the span."""
        return self.start_s <= time_s < self.end_s


def join_spans(spans: list[TimeSpan], *, gap_s: float = 0.0) -> tuple[TimeSpan, ...]:
    """Sort spans and join those that overlap, touch, or lie at most `gap_s` apart."""
    if len(spans) < 2:
        return tuple(spans)
    joined: list[TimeSpan] = []
    for span in sorted(spans):
        if joined and span.start_s <= joined[-1].end_s + gap_s:
            joined[-1] = TimeSpan(joined[-1].start_s, max(joined[-1].end_s, span.end_s))
        else:
            joined.append(span)
    return tuple(joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """One video file, as contract 1 names it."""

    id: str
    """File stem as a slug and the first 8 hex digits of `sha256`; stable across machines."""
    path: str
    """The path as the user gave it, POSIX separators."""
    sha256: str
    duration_s: float
    """From the first frame's time to the end of the last frame, seconds."""
    fps: float
    """Average frames a second (VFR: the mean)."""
    width_px: int
    """Of the upright picture: rotation metadata is already applied."""
    height_px: int
    extra: dict[str, Any] = field(default_factory=dict)
    """Unknown fields of the file, kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """One picture that stands for a part of its clip."""

    id: str
    """`c1-k1`: clip 1, keyframe 1."""
    time_s: float
    covers_s: TimeSpan
    """The part of the clip it stands for; the keyframes of a clip tile the clip."""
    image: str
    """JPEG, relative to the run folder: `keyframes/VIDEO_ID/c1-k1.jpg`."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One shot of a video between two cuts."""

    id: str
    """`c1`, `c2` ... in time order."""
    span_s: TimeSpan
    keyframes: tuple[Keyframe, ...]
    """In time order; at least one; their `covers_s` tile `span_s`."""
