"""The rows of groups of lessons: their video as the model sees it, their words as it reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from videostep.families.family import Family, MediaInputs
from videostep.families.told import Told
from videostep.frames.reading import read_frames
from videostep.frames.video_frames import VideoFrames
from videostep.learn.examples import Example
from videostep.learn.lengths import check_lengths
from videostep.learn.lessons import Lesson
from videostep.learn.plan import Group
from videostep.learn.shares import GroupRows
from videostep.learn.sharing.rows import Row, Target
from videostep.video import TimeSpan


def rows_of(
    family: Family, frames: VideoFrames, examples: Iterable[Example]
) -> tuple[list[Row], MediaInputs]:
    """A row for each example about one video, and the inputs that they share.

    Args:
        family: The model's.
        frames: Of the video, read with the family's eyes.
        examples: All about these frames.
    """
    asked = list(examples)
    told, media = family.told(frames, ((example.prompt, example.text) for example in asked))
    return [_row(frames.key, *pair) for pair in zip(told, asked, strict=True)], media


def _row(key: str, told: Told, example: Example) -> Row:
    """What is learnt is the reply, each token from the one before it."""
    targets = tuple(
        Target(position=place - 1, token=int(told.tokens[place]), task=example.task)
        for place in range(told.n_prompt, len(told.tokens))
    )
    return Row(tokens=told.tokens, targets=targets, media=key, positions=told.positions)


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
        rows, media = rows_of(self._family, frames, examples)
        if self._most_tokens is not None:
            check_lengths(rows, examples, most_tokens=self._most_tokens)
        return GroupRows(
            rows=tuple(rows),
            n_steps=tuple(example.n_steps or 1 for example in examples),
            media={frames.key: media},
        )
