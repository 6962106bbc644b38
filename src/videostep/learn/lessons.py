"""Lessons: what is learnt from one sample, and how a group of them becomes rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from videostep.errors import MediaError
from videostep.learn.examples import Example
from videostep.learn.families.family import Family
from videostep.learn.frames.reading import read_frames
from videostep.learn.frames.video_frames import VideoFrames
from videostep.learn.plan import Group
from videostep.learn.shares import GroupRows
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The examples of one sample: an answer, and a rationale unless answers alone are taught."""

    examples: tuple[Example, ...]

    @property
    def footage(self) -> str:
        """What is watched for it: the same for all lessons that share their frames."""
        span_s = self.first.span_s
        part = "" if span_s is None else f" {span_s.start_s}-{span_s.end_s}"
        return f"{self.video}{part}"

    @property
    def video(self) -> str:
        """Its video: by content, or by path where nothing is known of that."""
        return self.first.video_sha256 or self.first.video

    @property
    def first(self) -> Example:
        """The answer."""
        return self.examples[0]


def lessons_of(examples: Iterable[Example]) -> tuple[Lesson, ...]:
    """Examples of one sample, which stand beside each other, as one lesson."""
    return tuple(
        Lesson(examples=tuple(same))
        for _, same in groupby(examples, key=lambda example: (example.sample_id, example.video))
    )


class ReadFrames(Protocol):
    """How frames are had of a video: `read_frames`, or what stands in for it."""

    def __call__(
        self, path: str, eyes: Family, *, span_s: TimeSpan | None, sha256: str | None
    ) -> VideoFrames:
        """The frames; raises MediaError."""


class VideoRows:
    """Makes the rows of groups of lessons with a family's eyes and words."""

    def __init__(
        self,
        family: Family,
        lessons: Sequence[Lesson],
        *,
        most_tokens: int | None = None,
        read: ReadFrames = read_frames,
    ) -> None:
        """`most_tokens` of a row, such as the model's context; None: any number."""
        self._family, self._lessons = family, lessons
        self._most_tokens, self._read = most_tokens, read

    def rows_of(self, group: Group) -> GroupRows:
        """The rows of a group; raises MediaError if its video cannot be read or is too long to be."""
        examples = [example for place in group.samples for example in self._lessons[place].examples]
        first = examples[0]
        frames = self._read(first.video, self._family, span_s=first.span_s, sha256=first.video_sha256)
        rows, media = self._family.rows(frames, examples)
        longest = max(map(len, rows))
        if self._most_tokens is not None and longest > self._most_tokens:
            raise MediaError(
                f"a row of {first.video} has {longest} tokens, {self._most_tokens} are allowed",
                remedy="take fewer or smaller frames (max_frames, max_pixels)",
            )
        return GroupRows(
            rows=tuple(rows),
            n_steps=tuple(example.n_steps or 1 for example in examples),
            media={frames.key: media},
        )
