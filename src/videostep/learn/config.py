"""What a user may decide about training; everything that decides the result, and nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, get_args

from videostep.errors import ConfigError

Normalise = Literal["task_token", "sample", "pooled"]
"""Over what the loss of a step is a mean: a task's tokens, the samples, or all tokens in one pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterConfig:
    """LoRA: a few weights beside the frozen ones. Source: Hu et al. 2021, arXiv 2106.09685."""

    rank: int = 16
    """Of the two factors beside each weight matrix. Paper (STEP): not given."""
    alpha: int = 32
    """The adapter's output is scaled by alpha over rank."""
    dropout: float = 0.0
    """Share of the adapter's inputs that are dropped while training. 0: shared prefixes stay exact."""
    targets: tuple[str, ...] = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
    """Names of the language model's linear layers that get an adapter."""

    def __post_init__(self) -> None:
        _check_least("adapter.rank", self.rank, 1)
        _check_least("adapter.alpha", self.alpha, 1)
        if not 0 <= self.dropout < 1:
            raise ConfigError(f"adapter.dropout is {self.dropout}", remedy="give a share from 0 to below 1")
        if not self.targets:
            raise ConfigError("adapter.targets names no layer", remedy="name some, such as q_proj and v_proj")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutConfig:
    """Videos that are not trained on, by which training is judged and stopped."""

    share: float = 0.1
    """Of the videos, 0 to below 1, at least one where there are two or more. 0: none."""
    videos: tuple[str, ...] = ()
    """SHA-256 of the videos to hold out, instead of drawing a share of them."""
    every: int = 0
    """Optimizer steps between two looks at the held-out part; 0: after every epoch."""
    patience: int = 2
    """Looks in a row without a smaller loss after which training stops. 0: never stops early."""

    def __post_init__(self) -> None:
        if not 0 <= self.share < 1:
            raise ConfigError(f"held_out.share is {self.share}", remedy="give a share from 0 to below 1")
        _check_least("held_out.every", self.every, 0)
        _check_least("held_out.patience", self.patience, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveConfig:
    """L = L_answer + lambda * L_rationale (STEP, equation 3)."""

    rationale_weight: float = 1.0
    """Lambda. Paper: 1, the best of 0 to 1.5. 0 trains answers only, and rationale rows are left out."""
    normalise: Normalise = "task_token"
    """`task_token`: each task's loss is the mean over its tokens in the step. `sample`: the mean over samples
    of each row's mean (paper: 1/N). `pooled`: one mean over all tokens, which makes lambda meaningless; for
    comparison only."""

    def __post_init__(self) -> None:
        if self.normalise not in get_args(Normalise):
            raise ConfigError(
                f"objective.normalise is {self.normalise!r}",
                remedy=f"known: {', '.join(get_args(Normalise))}",
            )
        if not (math.isfinite(self.rationale_weight) and self.rationale_weight >= 0):
            raise ConfigError(
                f"objective.rationale_weight is {self.rationale_weight}", remedy="give a number of 0 or more"
            )

    @property
    def answers_only(self) -> bool:
        """Whether rationales count for nothing."""
        return self.rationale_weight == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Settings of a training; `train.toml` and command-line flags only fill them in."""

    seed: int = 0
    """Of the order of samples, what is held out, and the adapter's first weights."""
    epochs: int = 1
    """Times that every sample is seen. Paper: not given."""
    batch: int = 16
    """Samples in an optimizer step, over all processes. How they lie on processes changes nothing."""
    per_video: int = 8
    """Samples of one video that stand together and share its frames. More saves more; fewer videos in a
    step make its gradient noisier."""
    pack_tokens: int = 16_384
    """Most tokens that go through the model at once, shared ones counted once. Less needs less memory."""
    pack_rows: int = 64
    """Most rows (answers and rationales) that share a forward pass."""
    sharing: Literal["auto", "tree", "level1", "rows"] = "auto"
    """How rows share their video: `auto` takes the fastest that a probe finds exact for the model."""
    full: bool = False
    """Train all weights instead of an adapter."""
    vision: bool = False
    """Train the vision tower and its projector too: their linear layers get an adapter, or all weights are
    trained with `full`. Otherwise they stay as they are."""
    learning_rate: float | None = None
    """At its height, after the warm-up. None: 1e-4 with an adapter, 1e-5 for all weights."""
    warmup: float = 0.03
    """Share of the steps over which the learning rate rises from 0; then it falls along a cosine."""
    weight_decay: float = 0.0
    """AdamW's."""
    max_grad_norm: float = 1.0
    """A longer gradient is shortened to this length. 0: never."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Of weights and arithmetic. `auto`: bf16 where the device has it, else fp32."""
    gradient_checkpointing: bool | None = None
    """Compute activations twice instead of keeping them: less memory, a third more time. None: on a GPU."""
    save_every: int = 0
    """Optimizer steps between two checkpoints; 0: twenty times in all, but at least ten steps apart. One is
    written after every epoch, too."""
    frames_fps: float | None = None
    """Frames a second taken from each video; None: the model family's own rate."""
    max_frames: int | None = None
    """Most frames of a video; None: the model family's own limit."""
    max_pixels: int | None = None
    """Most pixels of a frame; None: the model family's own limit."""
    adapter: AdapterConfig = field(default_factory=AdapterConfig)
    held_out: HeldOutConfig = field(default_factory=HeldOutConfig)
    objective: ObjectiveConfig = field(default_factory=ObjectiveConfig)

    def __post_init__(self) -> None:
        for name in ("epochs", "batch", "per_video", "pack_tokens", "pack_rows"):
            _check_least(name, getattr(self, name), 1)
        for name in ("seed", "save_every", "weight_decay", "max_grad_norm"):
            _check_least(name, getattr(self, name), 0)
        if self.learning_rate is not None and not 0 < self.learning_rate < 1:
            raise ConfigError(
                f"learning_rate is {self.learning_rate}", remedy="give a number between 0 and 1"
            )
        if not 0 <= self.warmup < 1:
            raise ConfigError(f"warmup is {self.warmup}", remedy="give a share from 0 to below 1")
        if self.frames_fps is not None and not 0 < self.frames_fps <= 240:
            raise ConfigError(f"frames_fps is {self.frames_fps}", remedy="give a rate above 0, at most 240")
        for name in ("max_frames", "max_pixels"):
            if getattr(self, name) is not None:
                _check_least(name, getattr(self, name), 1)

    @property
    def peak_learning_rate(self) -> float:
        """The learning rate after the warm-up."""
        return self.learning_rate or (1e-5 if self.full else 1e-4)


def _check_least(name: str, value: float, least: int) -> None:
    if not (math.isfinite(value) and value >= least):
        raise ConfigError(f"{name} is {value}", remedy=f"give {least} or more")
