"""A whole run: videos in, a run folder out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from videostep.errors import InputError
from videostep.pipeline.config import RunConfig
from videostep.pipeline.inputs import FIND_STAGE, Inputs, find_videos
from videostep.pipeline.local import Executor, in_processes
from videostep.pipeline.opening import check_same_settings, open_run
from videostep.pipeline.progress import Reporter, Silent
from videostep.pipeline.reuse import Plan, plan_graphs
from videostep.pipeline.stages import (
    Questioned,
    WatchStage,
    ask_and_verify,
    name_of_parser,
    report,
    warn_if_stale,
)
from videostep.pipeline.verifying import Verification
from videostep.store.entries import ErrorEntry, remove_errors_of, write_error
from videostep.store.ledger import Ledger
from videostep.store.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended."""

    run: RunFolder
    videos: int
    """How many were to be worked on, each content once; unusable ones included, and those of earlier runs
    whose graphs could not be asked."""
    failed: tuple[ErrorEntry, ...]
    verification: Verification | None
    """None: nothing was asked, or the samples were there already."""

    @property
    def failed_share(self) -> float:
        """Share of the videos that failed, 0..1."""
        return len(self.failed) / self.videos if self.videos else 0.0


def run_videos(
    names: Sequence[str],
    out: Path,
    config: RunConfig | None = None,
    *,
    only_graphs: bool = False,
    redo: bool = False,
    reporter: Reporter | None = None,
    execute: Executor | None = None,
) -> RunResult:
    """Make the graphs, samples and report of videos; what is done already is reused.

    Args:
        names: Video files, folders, globs, and `.txt` files that list those.
        out: The run folder.
        config: All settings; None: the defaults.
        only_graphs: Stop after the graphs.
        redo: Throw away what the folder holds and make everything anew.
        reporter: Hears how the run goes.
        execute: Where videos are watched; None: in processes on this machine.

    Raises:
        InputError: Nothing that was named can be used.
        ParserError: The scene parser is unknown.
        ConfigError: The scene parser refuses its settings, or there are some of one that is not installed.
        RunFolderError: The folder is another run's, is in use, or cannot be written.
        BudgetError: The budget is spent; what is finished stays, and a larger one goes on from there.
        UnavailableError: The Video-LLM answers no request; what is finished stays.
    """
    config, reporter = config or RunConfig(), reporter or Silent()
    inputs = _find(names, reporter)
    execute = execute or in_processes(count_workers(config, len(inputs.videos)))
    parser_name = name_of_parser(config)  # A wrong one must leave no folder behind.
    with open_run(out, config, redo=redo) as run:
        ledger = Ledger(run.ledger)
        ledger.settle()
        stage = WatchStage(run, ledger, config, parser_name, reporter)
        _report_unusable(run, inputs, reporter)
        stage.watch(inputs.videos, execute)
        questioned = Questioned() if only_graphs else _question(run, ledger, config, reporter)
        ledger.settle()
    return RunResult(
        run=run,
        videos=len({*(video.id for video in inputs.videos), *(entry.video for entry in questioned.failed)})
        + len(inputs.unusable),
        failed=(*inputs.unusable, *stage.failed, *questioned.failed),
        verification=questioned.verification,
    )


def ask_again(out: Path, config: RunConfig, *, reporter: Reporter | None = None) -> RunResult:
    """Make samples and report from the graphs that lie in a run folder, as they are.

    Raises:
        RunFolderError: It is no run folder, its graphs were made with other settings, it is in use, or it
            cannot be written.
        InputError: No graph lies in it.
    """
    RunFolder(out).check_exists()
    if not RunFolder(out).graph_files():
        raise InputError(
            f"{out} holds no graph to ask about", remedy="make graphs with videostep graph, or import"
        )
    with open_run(out, config) as run:
        ledger = Ledger(run.ledger)
        questioned = _question(run, ledger, config, reporter or Silent())
        ledger.settle()
    return RunResult(
        run=run,
        videos=len(run.graph_files()),
        failed=questioned.failed,
        verification=questioned.verification,
    )


def report_again(out: Path, config: RunConfig, *, reporter: Reporter | None = None) -> Path:
    """Write the report of a run folder as it is, without damaged graphs; the page's path."""
    RunFolder(out).check_exists()
    with open_run(out, config) as run:
        ledger = Ledger(run.ledger)
        hearer = reporter or Silent()
        warn_if_stale(run, ledger, config, hearer)
        report(run, ledger, hearer, lambda error: hearer.warn(str(error)))
        ledger.settle()
    return run.report


def plan_run(
    names: Sequence[str], out: Path, config: RunConfig, *, redo: bool = False
) -> tuple[Inputs, Plan]:
    """What `run_videos` would do; writes nothing."""
    inputs, parser_name = find_videos(names), name_of_parser(config)
    run = RunFolder(out)
    if redo or not run.config.exists():
        run.check_free()
        return inputs, Plan(todo=inputs.videos, reused=())
    check_same_settings(run, config)
    return inputs, plan_graphs(run, Ledger(run.ledger), inputs.videos, config, parser_name)


def _find(names: Sequence[str], reporter: Reporter) -> Inputs:
    inputs = find_videos(names, reporter)
    for path, first in inputs.duplicates:
        reporter.warn(f"{path} holds the same video as {first}: it is watched once")
    return inputs


def _report_unusable(run: RunFolder, inputs: Inputs, reporter: Reporter) -> None:
    remove_errors_of(run, FIND_STAGE)
    for entry in inputs.unusable:
        write_error(run, entry)
        reporter.fail(entry, "")


def _question(run: RunFolder, ledger: Ledger, config: RunConfig, reporter: Reporter) -> Questioned:
    questioned = ask_and_verify(run, ledger, config, reporter)
    report(run, ledger, reporter)
    return questioned


def count_workers(config: RunConfig, videos: int) -> int:
    """How many processes watch so many videos."""
    if config.execution.workers is None and config.model.startswith("transformers:"):
        return 1  # Every process loads the weights.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(config.execution.workers or cores, videos))
