"""The folder of a training: where everything of it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrainingFolder:
    """Names every file of a training. The weights lie at its root, as transformers and peft want them."""

    root: Path

    @property
    def settings(self) -> Path:
        """`train.toml`: the resolved settings, and what was trained on what."""
        return self.root / "train.toml"

    @property
    def result(self) -> Path:
        """`training.json`: what came out; there is none before the training is done."""
        return self.root / "training.json"

    @property
    def history(self) -> Path:
        """The losses, step by step."""
        return self.root / "losses.jsonl"

    @property
    def plot(self) -> Path:
        """The losses as a picture."""
        return self.root / "losses.svg"

    @property
    def card(self) -> Path:
        """The model card."""
        return self.root / "README.md"

    @property
    def merged(self) -> Path:
        """The whole model with the adapter in its weights, where that was asked for."""
        return self.root / "merged"

    @property
    def checkpoints(self) -> Path:
        """What an interrupted training goes on from; removed when it is done."""
        return self.root / "checkpoints"

    @property
    def best(self) -> Path:
        """Weights of the smallest held-out loss so far."""
        return self.checkpoints / "best"
