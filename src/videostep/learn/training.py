"""One training, from rows to weights: resumed where it was broken off, stopped when it learns no more."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
import transformers

from videostep.errors import MediaError, TrainingError
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
from videostep.learn.processes import decided_by_main, weights_are_sharded
from videostep.learn.shares import PackLimits, RowSource, Shares, Skipped
from videostep.learn.sharing.choice import Choice, choose_level
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.forward import Level
from videostep.learn.sharing.rows import Row
from videostep.learn.trainer import JointTrainer
from videostep.learn.training_folder import TrainingFolder

_MOST_TRIED = 4
"""Rows, or a few more, of the trial that decides how rows share their video."""
_SAVES, _FEWEST_STEPS = 20, 10
"""Checkpoints of a training if the user does not say how often, and the fewest steps between two."""


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
    level: Callable[[Choice], None] = lambda choice: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What came out."""

    steps: int
    """Optimizer steps that were taken."""
    best_step: int | None
    """After how many of them the weights were kept; None: the last ones were."""
    stopped_early: bool
    level: Level
    """How rows shared their video."""
    reason: str
    """Why it was that level."""


def train(
    model: Any,
    curriculum: Curriculum,
    config: TrainConfig,
    folder: TrainingFolder,
    *,
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
    checkpoint = decided_by_main(lambda: _go_on_from(folder))
    ears = ears or Ears()
    trainer = _trainer(model, curriculum, config, folder, arguments, ears)
    choice = decided_by_main(lambda: _choose(trainer, curriculum, config))
    ears.level(choice)
    trainer.share(choice.level)
    losses = [look.loss for look in held_out_in(History(folder.history).read())]
    if not has_waited_enough(losses, config.held_out.patience):
        _run(trainer, checkpoint)
    return _finish(trainer, folder, len(curriculum.windows), choice)


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
        save_every=config.save_every or max(_FEWEST_STEPS, steps // _SAVES),
        look_every=(config.held_out.every or of_epoch) if curriculum.held_out else 0,
    )


@contextmanager
def _telling_of_memory() -> Iterator[None]:
    """Memory may be too short for the weights, for the trial of sharing, or for a step."""
    try:
        yield
    except RuntimeError as error:
        if not _is_out_of_memory(error):
            raise
        raise TrainingError(
            "the device's memory is too short for this training",
            remedy="lower pack_tokens, max_frames or max_pixels, set gradient_checkpointing = true, "
            "take more devices or a smaller model; --dry-run estimates what is needed",
        ) from error


def _is_out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _go_on_from(folder: TrainingFolder) -> Path | None:
    """The checkpoint to go on from, with nothing left in the folder of what came after it."""
    remove_broken(folder.checkpoints)
    checkpoint = find_checkpoint(folder.checkpoints)
    History(folder.history).cut(step_of(checkpoint) if checkpoint else 0)
    return checkpoint


@_telling_of_memory()
def _choose(trainer: JointTrainer, curriculum: Curriculum, config: TrainConfig) -> Choice:
    """How rows will share their video: as the user says, or as high as a trial allows."""
    if config.sharing != "auto":
        return Choice(Level(config.sharing), "as it was asked for")
    rows, media = list[Row](), dict[str, MediaInputs]()
    if not (trainer.is_fsdp_enabled or trainer.is_deepspeed_enabled):
        # Else the model is not on its device yet: made-up rows, short ones, are tried instead.
        rows, media = _some_rows(curriculum)
    with torch.autocast(trainer.args.device.type, torch.bfloat16, enabled=trainer.args.bf16):
        return choose_level(trainer.model, rows, media)


def _some_rows(curriculum: Curriculum) -> tuple[list[Row], dict[str, MediaInputs]]:
    """Of a sample of two videos each, or of as many as can be read."""
    rows, media = list[Row](), dict[str, MediaInputs]()
    for group in (group for window in curriculum.windows for group in window):
        try:
            made = curriculum.source.rows_of(replace(group, samples=group.samples[:1]))
        except MediaError:
            continue
        if made.media.keys() - media.keys() or not made.media:
            rows += made.rows
            media |= made.media
        if len(rows) >= _MOST_TRIED:
            break
    return rows, media


@_telling_of_memory()
def _trainer(
    model: Any,
    curriculum: Curriculum,
    config: TrainConfig,
    folder: TrainingFolder,
    arguments: transformers.TrainingArguments,
    ears: Ears,
) -> JointTrainer:
    mine = {"rank": arguments.process_index, "processes": arguments.world_size}
    most_media = 1 if weights_are_sharded() else None
    limits = PackLimits(tokens=config.pack_tokens, rows=config.pack_rows, media=most_media)
    history, pace = History(folder.history), pace_of(config, curriculum)
    trainer = JointTrainer(
        model=model,
        args=arguments,
        shares=Shares(curriculum.source, curriculum.windows, limits, **mine),
        objective=objective_of(config),
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


@_telling_of_memory()
def _run(trainer: JointTrainer, checkpoint: Path | None) -> None:
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)


def _keep(trainer: JointTrainer, best: Path) -> None:
    """Put the weights as they are now in the place of those that were best before."""
    part = best.with_name("best.part")
    trainer.save_model(str(part))
    if trainer.args.should_save:
        shutil.rmtree(best, ignore_errors=True)
        part.rename(best)


def _finish(trainer: JointTrainer, folder: TrainingFolder, steps: int, choice: Choice) -> Trained:
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
    return Trained(
        steps=done,
        best_step=best_step,
        stopped_early=done < steps,
        level=choice.level,
        reason=choice.reason,
    )
