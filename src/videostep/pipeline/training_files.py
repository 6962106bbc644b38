"""What a training leaves beside its weights: settings, result, picture and card."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

import videostep
from videostep.learn.card import DataFacts, ModelFacts, card_text
from videostep.learn.checkpoints import find_checkpoint, step_of
from videostep.learn.config import TrainConfig
from videostep.learn.history import History, held_out_in, mean_of_last, steps_in
from videostep.learn.loss_plot import loss_plot
from videostep.learn.training_folder import TrainingFolder
from videostep.pipeline.claims import check_claim, claim, plain_settings
from videostep.pipeline.config_file import read_toml, settings_from
from videostep.pipeline.training_data import TrainingData
from videostep.pipeline.training_job import Sizes, TrainingResult, TrainJob
from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write, refusal
from videostep.store.entries import read_errors
from videostep.store.lock import LOCK_NAME
from videostep.store.run_folder import RunFolder

if TYPE_CHECKING:
    from videostep.learn.loading import Base
    from videostep.learn.training import Trained

TRAIN_FORMAT = "videostep.train/1"

_ANOTHER = "give another --out, or --redo to train anew"


def read_train_config(path: Path) -> TrainConfig:
    """Settings of a training from TOML; the `train.toml` of any training is one. Raises ConfigError."""
    raw = {key: value for key, value in read_toml(path).items() if key != "trained"}
    return settings_from(raw, TrainConfig, TRAIN_FORMAT, source=str(path))


def is_done(folder: TrainingFolder, job: TrainJob, base: Base, data: TrainingData) -> bool:
    """Whether this very training is done already; writes nothing.

    Raises:
        RunFolderError: The folder holds another training, or something else.
    """
    settings = _settings(job, base, data)
    if not (job.redo and folder.settings.exists()):
        check_claim(folder.settings, settings, what="training", remedy=_ANOTHER)
    return not job.redo and folder.result.exists()


def steps_done(folder: TrainingFolder) -> int:
    """Optimizer steps after which an interrupted training goes on; 0 where nothing was kept."""
    checkpoint = find_checkpoint(folder.checkpoints)
    return step_of(checkpoint) if checkpoint is not None else 0


def open_training(folder: TrainingFolder, job: TrainJob, base: Base, data: TrainingData) -> None:
    """Make the folder ready, once it is known that there is something to train.

    Raises:
        RunFolderError: It holds another training, or something else.
    """
    if job.redo:
        _clear(folder)
    claim(folder.settings, _settings(job, base, data), what="training", remedy=_ANOTHER)


def close_training(
    folder: TrainingFolder,
    job: TrainJob,
    base: Base,
    data: TrainingData,
    trained: Trained,
    sizes: Sizes,
) -> None:
    """Write what is said of the weights, and take away what only an interrupted training needs."""
    from videostep.learn.save import let_others_read, save_merged, save_words

    lines = History(folder.history).read()
    atomic_write(folder.plot, loss_plot(lines, title=f"losses of {folder.root.name}").encode())
    result = _result(folder, base, data, trained, sizes)
    atomic_write(folder.card, _card(folder, job, base, data, result).encode())
    save_words(base, folder.root)
    if job.merge and not job.config.full:
        save_merged(base, folder.root, folder.merged)
    let_others_read(folder.root, folder.settings)
    # The result last: without it the training counts as not done, and is closed again.
    atomic_write(folder.result, msgspec.json.format(msgspec.json.encode(to_plain(result))) + b"\n")
    shutil.rmtree(folder.checkpoints, ignore_errors=True)


def read_result(folder: TrainingFolder) -> TrainingResult:
    """What came out; raises FormatError if the file is damaged."""
    remedy = "delete it and give the same command again"
    return from_json(folder.result.read_bytes(), TrainingResult, source=str(folder.result), remedy=remedy)


def make_folder(root: Path) -> None:
    """Make a folder; raises RunFolderError."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(root, error) from error


def _clear(folder: TrainingFolder) -> None:
    for path in folder.root.iterdir() if folder.settings.exists() else ():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK_NAME:
            path.unlink()


def _settings(job: TrainJob, base: Base, data: TrainingData) -> dict[str, Any]:
    trained = {"model": base.name, "examples_sha256": data.sha256, "skip_long": job.skip_long}
    return {"format": TRAIN_FORMAT, **plain_settings(job.config), "trained": trained}


def _result(
    folder: TrainingFolder,
    base: Base,
    data: TrainingData,
    trained: Trained,
    sizes: Sizes,
) -> TrainingResult:
    lines = History(folder.history).read()
    steps, looks = steps_in(lines), held_out_in(lines)
    errors = RunFolder(folder.root)
    return TrainingResult(
        **sizes,
        model=base.name,
        unreadable=tuple(entry.video for entry in read_errors(errors)) if errors.errors.is_dir() else (),
        counts=data.counts,
        steps=trained.steps,
        best_step=trained.best_step,
        stopped_early=trained.stopped_early,
        sharing=f"{trained.level}: {trained.reason}",
        saved=round(1 - sum(step.tokens for step in steps) / sum(step.row_tokens for step in steps), 4),
        answer=mean_of_last(steps, "answer"),
        rationale=mean_of_last(steps, "rationale"),
        held_out=next((look for look in looks if look.step == trained.best_step), None),
    )


def _card(
    folder: TrainingFolder, job: TrainJob, base: Base, data: TrainingData, result: TrainingResult
) -> str:
    is_local = Path(base.weights).exists()
    return card_text(
        ModelFacts(
            name=folder.root.resolve().name,
            base=base.name if is_local else base.weights,
            is_adapter=not job.config.full,
            is_hub_id=not is_local,
            settings=folder.settings.read_text(),
            steps=result.steps,
            best_step=result.best_step,
            sharing=result.sharing,
            answer=result.answer,
            rationale=result.rationale,
            looks=tuple(held_out_in(History(folder.history).read())),
            version=videostep.__version__,
        ),
        DataFacts(
            samples_sha256=data.sha256,
            videos=result.videos,
            held_out_videos=result.held_out_videos,
            skipped_videos=len(result.unreadable),
            counts=data.counts,
            made_by=data.made_by,
            seeds=data.seeds,
        ),
    )
