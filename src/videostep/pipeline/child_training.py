"""A training in a process of its own: when it ends, the next round has all of the device's memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from videostep.errors import ConfigError, TrainingError
from videostep.learn.training_folder import TrainingFolder
from videostep.pipeline.claims import plain_settings
from videostep.pipeline.config_file import toml_of
from videostep.pipeline.training_files import TRAIN_FORMAT, read_result
from videostep.pipeline.training_job import TrainingResult, TrainJob

_END_WITH_PARENT = "VIDEOSTEP_ENDS_WITH_PARENT"


def train_in_child(
    job: TrainJob, *, launcher: Sequence[str] = (), flags: Sequence[str] = ()
) -> TrainingResult:
    """Train as `videostep train` does, and read what came out.

    Args:
        job: What is asked for.
        launcher: What starts `-m videostep`, such as `torchrun --nproc-per-node=8`; empty: this Python.
        flags: For the command, such as `-q`.

    Raises:
        ConfigError: The launcher cannot be started.
        TrainingError: The training has failed; it has said why on standard error.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "train.toml"
        settings.write_bytes(toml_of({"format": TRAIN_FORMAT, **plain_settings(job.config)}))
        command = [*(launcher or [sys.executable]), "-m", "videostep", *_arguments(job, settings), *flags]
        try:
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=_environment()
            ) as child:
                # Its standard input stays open as long as we live: it ends when that does.
                code = child.wait()
        except OSError as error:
            raise ConfigError(
                f"{command[0]} cannot be started: {error.strerror}", remedy="mend --launcher"
            ) from error
    if code:
        raise TrainingError(
            f"the training of {job.out} ended with exit code {code}",
            remedy="it has said why; mend that and give the same command again",
        )
    return read_result(TrainingFolder(job.out))


def end_with_parent() -> None:
    """End at once when the process that started this one is gone; does nothing in any other process."""
    if os.environ.get(_END_WITH_PARENT):
        threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    # Not by `sys.stdin`, whose lock a thread that waits would hold when Python ends.
    while os.read(0, 1):
        pass
    os._exit(1)


def _environment() -> dict[str, str]:
    return {**os.environ, _END_WITH_PARENT: "1"}


def _arguments(job: TrainJob, settings: Path) -> list[str]:
    mix = job.data.step_mix
    return [
        *("train", str(job.run), "--model", job.model, "--out", str(job.out), "--config", str(settings)),
        *(["--steps", ",".join(f"{share:g}" for share in mix.shares)] if mix else []),
        *(word for path in job.data.replay for word in ("--replay", str(path))),
        *(["--replay-share", repr(job.data.replay_share)] if job.data.replay else []),
        *(["--skip-long"] if job.skip_long else []),
        *(word for name in job.report_to for word in ("--report-to", name)),
        *("--loaders", str(job.loaders)),
    ]
