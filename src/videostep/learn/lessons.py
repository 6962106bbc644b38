"""Lessons: what is learnt from one sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from videostep.learn.examples import Example


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
