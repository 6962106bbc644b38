"""Family: what every family of Video-LLMs must say, and how rows are made of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames
from videostep.learn.examples import Example
from videostep.learn.families.dialogue import Dialogue
from videostep.learn.families.watched import Watched
from videostep.learn.sharing.rows import IntArray, Row, Target

MediaInputs = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family(ABC):
    """One model's way to take a video and a conversation about it."""

    dialogue: Dialogue
    sampling: FrameSampling
    """Which moments of a video it looks at."""
    note: str = ""
    """What whoever trains the model should know; empty: nothing."""

    def check(self) -> None:
        """Raise ConfigError if the model cannot be asked about a video."""
        self.dialogue.check()

    @property
    @abstractmethod
    def look(self) -> str:
        """What tells how it looks at videos from how others do, in words."""

    @abstractmethod
    def fit(self, rgb: NDArray[np.uint8], n_frames: int) -> NDArray[np.uint8]:
        """A full-size frame, height x width x 3, at the size that the model takes when there are so many."""

    @abstractmethod
    def watch(self, frames: VideoFrames) -> Watched:
        """What stands for the video in the text, and what the vision tower gets."""

    def positions(self, tokens: IntArray, watched: Watched) -> IntArray | None:
        """Positions of a row's tokens, (axes, n); None: 0, 1, 2 ..."""
        return None

    def rows(self, frames: VideoFrames, examples: Iterable[Example]) -> tuple[list[Row], MediaInputs]:
        """A row for each example about one video, and the inputs that they share.

        Args:
            frames: Of the video, read with this family's eyes.
            examples: All about these frames.
        """
        watched = self.watch(frames)
        return [self._row(frames.key, watched, example) for example in examples], watched.inputs

    def asked(self, frames: VideoFrames, words: str) -> tuple[Row, MediaInputs]:
        """What the model gets that is asked about a video: a row as in training, up to the reply."""
        watched = self.watch(frames)
        tokens, n_prompt = self.dialogue.tokens(words, "", watched)
        positions = self.positions(tokens[:n_prompt], watched)
        row = Row(tokens=tokens[:n_prompt], targets=(), media=frames.key, positions=positions)
        return row, watched.inputs

    def _row(self, key: str, watched: Watched, example: Example) -> Row:
        tokens, n_prompt = self.dialogue.tokens(example.prompt, example.text, watched)
        targets = tuple(
            Target(position=place - 1, token=int(tokens[place]), task=example.task)
            for place in range(n_prompt, len(tokens))
        )
        return Row(tokens=tokens, targets=targets, media=key, positions=self.positions(tokens, watched))
