"""What a training is asked for, what it would do, what came out of it, and who hears how it goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

from videostep.learn.config import TrainConfig
from videostep.learn.history import HeldOutLosses
from videostep.pipeline.training_data import DataConfig

if TYPE_CHECKING:
    from videostep.learn.callbacks import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainJob:
    """What `videostep train` is asked for."""

    run: Path
    """Whose samples are taught."""
    model: str
    """`ID_OR_PATH[+ADAPTER]`."""
    out: Path
    config: TrainConfig = field(default_factory=TrainConfig)
    data: DataConfig = field(default_factory=DataConfig)
    skip_long: bool = False
    """Leave out samples that do not fit, instead of refusing."""
    merge: bool = False
    """Leave the whole model, too, with the adapter in its weights."""
    report_to: tuple[str, ...] = ()
    loaders: int = 0
    """Processes that decode videos ahead of the training one."""
    redo: bool = False
    """Throw away what the folder holds."""


class TrainListener(Protocol):
    """Hears how a training goes, on the main process alone."""

    def begin(self, steps: int) -> None:
        """It starts."""

    def hear(self, progress: Progress) -> None:
        """A step is done."""

    def say(self, text: str) -> None:
        """Something happened that a patient reader may want to know."""

    def warn(self, text: str) -> None:
        """Something is not as the user probably wants it."""


class SilentTraining:
    """Shows nothing."""

    def begin(self, steps: int) -> None:
        """Show nothing."""

    def hear(self, progress: Progress) -> None:
        """Show nothing."""

    def say(self, text: str) -> None:
        """Show nothing."""

    def warn(self, text: str) -> None:
        """Show nothing."""


class Sizes(TypedDict):
    """How much is trained on, and how much is held out."""

    samples: int
    videos: int
    held_out_samples: int
    held_out_videos: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """`training.json`: what came out."""

    model: str
    """What was trained, with digests of local folders."""
    samples: int
    """Trained on."""
    videos: int
    """Trained on."""
    held_out_samples: int
    held_out_videos: int
    left_out: int
    """Samples that are too long."""
    unreadable: tuple[str, ...]
    """Videos of which at least one reading failed."""
    counts: dict[str, dict[str, int]]
    """Set to what was drawn from it."""
    steps: int
    """Optimizer steps that were taken."""
    best_step: int | None = None
    """After which the weights were kept; None: after the last."""
    stopped_early: bool
    sharing: str
    """Level and reason."""
    saved: float
    """Share of the rows' tokens that sharing saved the language model, 0..1."""
    answer: float | None = None
    """Loss of an answer's token over the last steps."""
    rationale: float | None = None
    held_out: HeldOutLosses | None = None
    """Of the weights that were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """What a training would do and take."""

    samples: int
    videos: int
    held_out_samples: int
    held_out_videos: int
    left_out: int
    """Samples that are too long."""
    unreadable: dict[str, str]
    """Videos that cannot be opened, and why."""
    counts: dict[str, dict[str, int]]
    steps: int
    tokens: int
    """Of one epoch, shared ones once; the held-out samples' too."""
    row_tokens: int
    """The same without sharing."""
    longest_row: int
    largest_group: int
    trainable: int
    parameters: int
    memory_gib: float
    """Estimated, on one device."""
    is_done: bool
    """The folder holds this training's result."""
    steps_done: int
    """Optimizer steps of an interrupted training that need not be taken again."""
