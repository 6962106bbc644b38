"""When to save, when to look at held-out videos, when to stop; and how the training goes, for who watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Steps at which something is done besides learning."""

    steps: int
    """Optimizer steps in all."""
    of_epoch: int
    """Optimizer steps of one epoch."""
    save_every: int
    """Steps between two checkpoints; one is written after every epoch, too."""
    look_every: int
    """Steps between two looks at the held-out videos; 0: there are none."""

    def saves_at(self, step: int) -> bool:
        """Whether a checkpoint is written after `step`."""
        return step % self.save_every == 0 or step % self.of_epoch == 0 or step == self.steps

    def looks_at(self, step: int) -> bool:
        """Whether the held-out videos are looked at after `step`."""
        return bool(self.look_every) and (step % self.look_every == 0 or step == self.steps)


class PaceKeeper(TrainerCallback):  # type: ignore[misc]  # transformers is not typed
    """Has the Trainer save and look when it is time."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Order what is due."""
        control.should_evaluate = self._pace.looks_at(state.global_step)
        control.should_save = self._pace.saves_at(state.global_step)
        return control


class BestKeeper(TrainerCallback):  # type: ignore[misc]
    """Keeps the weights of the smallest held-out loss, and stops when it has not fallen for long."""

    def __init__(self, losses: Sequence[float], patience: int, keep: Callable[[], None]) -> None:
        """Begin.

        Args:
            losses: Of the looks so far, in a training that goes on.
            patience: Looks in a row that may bring nothing; 0: any number.
            keep: Writes the weights as they are now.
        """
        self._losses, self._patience, self._keep = list(losses), patience, keep

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float],
        **_: Any,
    ) -> TrainerControl:
        """Compare the newest look with those before."""
        self._losses.append(metrics["eval_loss"])
        if looks_since_best(self._losses) == 0:
            self._keep()
        if has_waited_enough(self._losses, self._patience):
            control.should_training_stop = control.should_save = True
        return control


def looks_since_best(losses: Sequence[float]) -> int:
    """How many looks came after the one with the smallest loss, the first of equal ones."""
    return len(losses) - 1 - losses.index(min(losses))


def has_waited_enough(losses: Sequence[float], patience: int) -> bool:
    """Whether training stops early."""
    return bool(losses) and bool(patience) and looks_since_best(losses) >= patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a training is."""

    step: int
    steps: int
    answer: float | None
    """Loss of the step's answers, a token."""
    rationale: float | None
    tokens_per_s: float
    """Tokens that went through the model a second, since this process began."""
    saved: float
    """Share of the rows' tokens that sharing saved, since this process began, 0..1."""
    left_s: float
    """About how many seconds are left."""


class Watcher(TrainerCallback):  # type: ignore[misc]
    """Tells a listener of every step. Only here a clock is read, and nothing that is kept depends on it."""

    def __init__(self, steps: int, hear: Callable[[Progress], None]) -> None:
        self._steps, self._hear = steps, hear
        self._began_s, self._began_step = time.monotonic(), 0
        self._tokens = self._row_tokens = 0.0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Start the clock."""
        self._began_s, self._began_step = time.monotonic(), state.global_step

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float],
        **_: Any,
    ) -> None:
        """Tell of a step; looks at held-out videos and the last summary are logged, too."""
        if "row_tokens" not in logs or not state.is_world_process_zero:
            return
        self._tokens, self._row_tokens = self._tokens + logs["tokens"], self._row_tokens + logs["row_tokens"]
        elapsed_s = max(time.monotonic() - self._began_s, 1e-6)
        done = state.global_step - self._began_step
        self._hear(
            Progress(
                step=state.global_step,
                steps=self._steps,
                answer=logs.get("loss_answer"),
                rationale=logs.get("loss_rationale"),
                tokens_per_s=self._tokens / elapsed_s,
                saved=1 - self._tokens / self._row_tokens if self._row_tokens else 0.0,
                left_s=elapsed_s / done * (self._steps - state.global_step),
            )
        )
