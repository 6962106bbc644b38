"""`videostep train`: a run's samples -> a better model, resumed where it was broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from videostep.errors import MissingExtraError
from videostep.learn.training_folder import TrainingFolder
from videostep.media.decode import video_id
from videostep.pipeline.training_data import TrainingData, gather_data
from videostep.pipeline.training_files import (
    close_training,
    is_done,
    make_folder,
    open_training,
    read_result,
    steps_done,
)
from videostep.pipeline.training_job import (
    SilentTraining,
    Sizes,
    TrainingPlan,
    TrainingResult,
    TrainJob,
    TrainListener,
)
from videostep.store.entries import ErrorEntry, write_error
from videostep.store.lock import hold_lock
from videostep.store.run_folder import RunFolder
from videostep.store.stamps import sha256_of_words

if TYPE_CHECKING:
    from videostep.learn.lessons import Lesson
    from videostep.learn.preparation import Preparation
    from videostep.learn.shares import Skipped

_LIBRARIES = ("torch", "transformers", "accelerate", "peft")


def plan_training(job: TrainJob) -> TrainingPlan:
    """What `train_run` would do; writes nothing and loads no weights."""
    check_installed()
    from videostep.learn.arguments import check_reporters
    from videostep.learn.loading import base_of
    from videostep.learn.preparation import estimate, prepare

    check_reporters(job.report_to)
    base, data, folder = base_of(job.model), _gather(job), TrainingFolder(job.out)
    done = folder.root.is_dir() and is_done(folder, job, base, data)
    prepared = prepare(base, data.lessons, job.config, skip_long=job.skip_long)
    memory = estimate(base, prepared, job.config)
    found, curriculum = prepared.survey, prepared.curriculum
    return TrainingPlan(
        **sizes_of(prepared),
        unreadable={video: str(error) for video, error in found.unreadable.items()},
        counts=data.counts,
        steps=len(curriculum.windows),
        tokens=found.tokens,
        row_tokens=found.row_tokens,
        longest_row=found.longest_row,
        largest_group=found.largest_group,
        trainable=memory.trainable,
        parameters=memory.parameters,
        memory_gib=memory.total_gib,
        is_done=done,
        steps_done=0 if job.redo else steps_done(folder),
    )


def train_run(job: TrainJob, listener: TrainListener | None = None) -> TrainingResult:
    """Train on a run's samples, or go on with it; what is done already is not done again.

    Raises:
        ConfigError: The model is none, or cannot take videos; or a reporter is none, or is not installed.
        InputError: There is nothing to train on, or samples are too long.
        RunFolderError: The folder holds another training, is in use, or cannot be written.
        TrainingError: Memory is too short, or the loss is no number.
        MissingExtraError: PyTorch or another library is not installed.
    """
    check_installed()
    from videostep.learn.arguments import check_reporters
    from videostep.learn.disk import telling_of_disk
    from videostep.learn.loading import base_of, load_model
    from videostep.learn.preparation import prepare
    from videostep.learn.processes import decided_by_main, processes
    from videostep.learn.training import Ears, is_bf16, train

    check_reporters(job.report_to)
    hearer = listener if listener and processes().is_main_process else SilentTraining()
    base, data, folder = base_of(job.model), _gather(job), TrainingFolder(job.out)
    with _held(folder):
        if decided_by_main(lambda: is_done(folder, job, base, data)):
            hearer.say("the training is done already")
            return read_result(folder)
        prepared = prepare(base, data.lessons, job.config, skip_long=job.skip_long)
        _tell(data, prepared, hearer)
        failures = _Failures(folder, prepared)
        model = load_model(base, job.config, bf16=is_bf16(job.config))
        # Not before: a model that was misspelt must leave the folder to the right one.
        decided_by_main(lambda: open_training(folder, job, base, data))
        hearer.begin(len(prepared.curriculum.windows))
        with telling_of_disk(folder.root):
            trained = train(
                model,
                prepared.curriculum,
                job.config,
                folder,
                start_from=base.adapter,
                report_to=job.report_to,
                loaders=job.loaders,
                ears=Ears(
                    progress=hearer.hear,
                    skipped=failures.hear,
                    level=lambda choice: hearer.say(f"sharing: {choice.level}: {choice.reason}"),
                ),
            )
            decided_by_main(lambda: close_training(folder, job, base, data, trained, sizes_of(prepared)))
    return read_result(folder)


def check_installed() -> None:
    """Raise MissingExtraError for a library that training needs."""
    for library in _LIBRARIES:
        if find_spec(library) is None:
            raise MissingExtraError(f"training needs {library}", remedy="pip install 'videostep[train]'")


def sizes_of(prepared: Preparation) -> Sizes:
    """Count what was prepared."""
    held = sum(lesson.video in prepared.held_out_videos for lesson in prepared.lessons)
    return {
        "samples": len(prepared.lessons) - held,
        "videos": prepared.trained_videos,
        "held_out_samples": held,
        "held_out_videos": len(prepared.held_out_videos),
        "left_out": len(prepared.left_out),
    }


def _gather(job: TrainJob) -> TrainingData:
    run = RunFolder(job.run)
    run.check_exists()
    answers_only = job.config.objective.answers_only
    return gather_data(run, job.data, answers_only=answers_only, seed=job.config.seed)


@contextmanager
def _held(folder: TrainingFolder) -> Iterator[None]:
    """The folder, made if need be, and written by no other training; the main process holds it for all."""
    from videostep.learn.processes import processes

    if not processes().is_main_process:
        yield
        return
    make_folder(folder.root)
    with hold_lock(folder.root):
        yield


def _tell(data: TrainingData, prepared: Preparation, listener: TrainListener) -> None:
    found = prepared.survey
    for name, counts in data.counts.items():
        if "short by" in counts:
            listener.warn(f"{name} has {counts['short by']} samples fewer than its share asks for")
    if prepared.note:
        listener.warn(prepared.note)
    for video, error in found.unreadable.items():
        listener.warn(f"{video} cannot be read, its samples are left out: {error}")
    if prepared.left_out:
        listener.warn(f"{len(prepared.left_out)} samples are too long and are left out")
    if not prepared.held_out_videos:
        listener.warn("no video is held out: training will not stop early, and nothing tells overfitting")
    listener.say(
        f"{found.row_tokens} tokens of each sample once, held out or not; "
        f"{found.tokens} where rows share their beginning"
    )


class _Failures:
    """Makes an error entry of every video that cannot be read, on the process that has met it."""

    def __init__(self, folder: TrainingFolder, prepared: Preparation) -> None:
        self._run, self._lessons = RunFolder(folder.root), prepared.lessons

    def hear(self, skipped: Skipped) -> None:
        lesson: Lesson = self._lessons[skipped.group.samples[0]]
        path = lesson.first.video
        digest = lesson.first.video_sha256 or sha256_of_words({"path": path})
        write_error(
            self._run,
            ErrorEntry(
                video=video_id(Path(path), digest),
                path=path,
                severity="failed",
                stage="train",
                reason=skipped.error.message,
                remedy=skipped.error.remedy,
            ),
        )
