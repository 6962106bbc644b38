"""Family: what every family of Video-LLMs must say, and how conversations are made of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from videostep.families.dialogue import Dialogue
from videostep.families.told import IntArray, Told
from videostep.families.watched import Watched
from videostep.frames.sampling import FrameSampling
from videostep.frames.video_frames import VideoFrames

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
        """Positions of a conversation's tokens, (axes, n); None: 0, 1, 2 ..."""
        return None

    def told(
        self, frames: VideoFrames, words_and_replies: Iterable[tuple[str, str]]
    ) -> tuple[list[Told], MediaInputs]:
        """Conversations about one video, and the inputs that they share.

        Args:
            frames: Of the video, read with this family's eyes.
            words_and_replies: What is said to the model behind the video, and what it is to say.
        """
        watched = self.watch(frames)
        told = [self._told(watched, words, reply) for words, reply in words_and_replies]
        return told, watched.inputs

    def asked(self, frames: VideoFrames, words: str) -> tuple[Told, MediaInputs]:
        """What the model gets that is asked about a video: a conversation up to the reply."""
        watched = self.watch(frames)
        tokens, n_prompt = self.dialogue.tokens(words, "", watched)
        tokens = tokens[:n_prompt]
        told = Told(tokens=tokens, n_prompt=n_prompt, positions=self.positions(tokens, watched))
        return told, watched.inputs

    def _told(self, watched: Watched, words: str, reply: str) -> Told:
        tokens, n_prompt = self.dialogue.tokens(words, reply, watched)
        return Told(tokens=tokens, n_prompt=n_prompt, positions=self.positions(tokens, watched))
