"""One training, from rows to weights: resumed where it was broken off, stopped when it learns no more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
import transformers
from accelerate import PartialState

from videostep.errors import TrainingError
from videostep.learn.adapters import prepare_weights
from videostep.learn.arguments import training_arguments
from videostep.learn.callbacks import (
    BestKeeper,
    Pace,
    PaceKeeper,
    Progress,
    Watcher,
    has_waited_enough,
)
from videostep.learn.checkpoints import find_checkpoint, remove_broken, step_of
from videostep.learn.config import TrainConfig
from videostep.learn.held_out import HeldOut
from videostep.learn.history import History, held_out_in, steps_in
from videostep.learn.objective import Objective
from videostep.learn.plan import Group, Window
from videostep.learn.shares import PackLimits, RowSource, Shares, Skipped
from videostep.learn.sharing.forward import Level
from videostep.learn.trainer import JointTrainer

_SAVES = 20
"""Checkpoints of a training if the user does not say how often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFolder:
    """Where everything of one training lies."""

    root: Path

    @property
    def checkpoints(self) -> Path:
        """What an interrupted training goes on from; removed when it is done."""
        return self.root / "checkpoints"

    @property
    def best(self) -> Path:
        """Weights of the smallest held-out loss so far."""
        return self.checkpoints / "best"

    @property
    def history(self) -> Path:
        """The losses, step by step."""
        return self.root / "losses.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curriculum:
    """What is taught, and in which order."""

    source: RowSource
    windows: tuple[Window, ...]
    """One for each optimizer step."""
    steps_of_epoch: int
    held_out: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """Who is told of what; on the main process, but for skipped groups."""

    progress: Callable[[Progress], None] = lambda progress: None
    skipped: Callable[[Skipped], None] = lambda skipped: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What came out."""

    steps: int
    """Optimizer steps that were taken."""
    best_step: int | None
    """After how many of them the weights were kept; None: the last ones were."""
    stopped_early: bool


def train(
    model: Any,
    curriculum: Curriculum,
    config: TrainConfig,
    folder: TrainingFolder,
    *,
    level: Level,
    start_from: Path | None = None,
    report_to: tuple[str, ...] = (),
    loaders: int = 0,
    ears: Ears | None = None,
) -> Trained:
    """Train, or go on with a training that was broken off, and leave the weights in the folder.

    Args:
        model: As transformers loads it.
        curriculum: What is taught.
        config: How.
        folder: Where everything goes.
        level: How rows share their video.
        start_from: An adapter to begin with.
        report_to: `tensorboard`, `wandb` ...
        loaders: Processes that decode ahead.
        ears: Who is told.

    Raises:
        TrainingError: Memory is too short, or the loss is no number.
        InputError: Not one video can be read.
    """
    transformers.set_seed(config.seed)
    model = prepare_weights(model, config, start_from=start_from)
    arguments = training_arguments(
        config,
        folder.checkpoints,
        steps=len(curriculum.windows),
        bf16=is_bf16(config),
        report_to=report_to,
        loaders=loaders,
    )
    checkpoint = _resume(folder)
    trainer = _trainer(model, curriculum, config, folder, arguments, level, ears or Ears())
    losses = [look.loss for look in held_out_in(History(folder.history).read())]
    if not has_waited_enough(losses, config.held_out.patience):
        _run(trainer, checkpoint)
    return _finish(trainer, folder, len(curriculum.windows))


def is_bf16(config: TrainConfig) -> bool:
    """Whether to calculate in bfloat16 on this machine."""
    has_bf16 = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    return config.precision == "bf16" or (config.precision == "auto" and has_bf16)


def pace_of(config: TrainConfig, curriculum: Curriculum) -> Pace:
    """When to save and to look at the held-out videos."""
    steps, of_epoch = len(curriculum.windows), curriculum.steps_of_epoch
    return Pace(
        steps=steps,
        of_epoch=of_epoch,
        save_every=config.save_every or max(1, steps // _SAVES),
        look_every=(config.held_out.every or of_epoch) if curriculum.held_out else 0,
    )


def _resume(folder: TrainingFolder) -> Path | None:
    """The checkpoint to go on from, with nothing left in the folder of what came after it."""
    processes = PartialState()
    if processes.is_main_process:
        remove_broken(folder.checkpoints)
        checkpoint = find_checkpoint(folder.checkpoints)
        History(folder.history).cut(step_of(checkpoint) if checkpoint else 0)
    processes.wait_for_everyone()
    return find_checkpoint(folder.checkpoints)


def _trainer(
    model: Any,
    curriculum: Curriculum,
    config: TrainConfig,
    folder: TrainingFolder,
    arguments: transformers.TrainingArguments,
    level: Level,
    ears: Ears,
) -> JointTrainer:
    mine = {"rank": arguments.process_index, "processes": arguments.world_size}
    limits = PackLimits(tokens=config.pack_tokens, rows=config.pack_rows)
    history, pace = History(folder.history), pace_of(config, curriculum)
    trainer = JointTrainer(
        model=model,
        args=arguments,
        shares=Shares(curriculum.source, curriculum.windows, limits, **mine),
        objective=objective_of(config),
        level=level,
        history=history,
        held_out=HeldOut(curriculum.source, curriculum.held_out, limits, **mine) if pace.look_every else None,
        hear_skipped=ears.skipped,
        callbacks=[PaceKeeper(pace), Watcher(pace.steps, ears.progress)],
    )
    losses = [look.loss for look in held_out_in(history.read())]
    trainer.add_callback(BestKeeper(losses, config.held_out.patience, lambda: _keep(trainer, folder.best)))
    return trainer


def objective_of(config: TrainConfig) -> Objective:
    """What is minimised."""
    weights = {"answer": 1.0, "rationale": config.objective.rationale_weight}
    return Objective(task_weights=MappingProxyType(weights), normalise=config.objective.normalise)


def _run(trainer: JointTrainer, checkpoint: Path | None) -> None:
    try:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    except RuntimeError as error:
        if not _is_out_of_memory(error):
            raise
        raise TrainingError(
            "the device's memory is too short for this training",
            remedy="lower pack_tokens, max_frames or max_pixels, set gradient_checkpointing = true, "
            "or take more devices; --dry-run estimates what is needed",
        ) from error


def _is_out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _keep(trainer: JointTrainer, best: Path) -> None:
    """Put the weights as they are now in the place of those that were best before."""
    part = best.with_name("best.part")
    trainer.save_model(str(part))
    if trainer.args.should_save:
        shutil.rmtree(best, ignore_errors=True)
        part.rename(best)


def _finish(trainer: JointTrainer, folder: TrainingFolder, steps: int) -> Trained:
    """Leave the best weights, or the last ones, in the folder."""
    looks = held_out_in(History(folder.history).read())
    if looks:
        best_step = min(looks, key=lambda look: look.loss).step
        if trainer.args.should_save:
            shutil.copytree(folder.best, folder.root, dirs_exist_ok=True)
    else:
        best_step = None
        trainer.save_model(str(folder.root))
    done = steps_in(History(folder.history).read())[-1].step
    return Trained(steps=done, best_step=best_step, stopped_early=done < steps)
