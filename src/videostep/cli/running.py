"""What `run` and `graph` have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from videostep.cli.exit_codes import ExitCode, code_of_result
from videostep.cli.listening import open_listener
from videostep.cli.model_flags import ModelFlags
from videostep.cli.printing import print_json, print_lines, print_warning, printable
from videostep.cli.settings import gather_config
from videostep.cli.spending_text import estimate_lines
from videostep.cli.summary_text import summary_lines, summary_plain
from videostep.errors import BudgetError, FormatError, UnavailableError
from videostep.models import is_model_spec
from videostep.pipeline.config import RunConfig
from videostep.pipeline.estimating import estimate_cost
from videostep.pipeline.inputs import InputVideo
from videostep.pipeline.reuse import Plan
from videostep.pipeline.run import RunResult, plan_run, run_videos
from videostep.pipeline.summary import summarise
from videostep.records import to_plain
from videostep.store.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The arguments of `run` and `graph`."""

    videos: tuple[str, ...]
    out: Path
    model: str | None
    grounding: str | None
    config: Path | None
    workers: int | None
    seed: int | None
    flags: ModelFlags
    redo: bool
    dry_run: bool
    json: bool
    quiet: bool
    verbose: int
    only_graphs: bool = False


def carry_out(request: Request) -> int:
    """Run, print what came out, and say by the exit code whether it is good."""
    config = gather_config(
        request.config,
        model=request.model,
        grounding=request.grounding,
        workers=request.workers,
        seed=request.seed,
        flags=request.flags,
    )
    if request.dry_run:
        return _say_plan(request, config)
    try:
        result = _run(request, config)
    except (BudgetError, UnavailableError):
        _print_result(request, RunFolder(request.out), print_warning)
        raise
    hear = print_warning if request.only_graphs else None  # Asking has told already.
    _print_result(request, result.run, hear)
    return say_code(result, config)


def _run(request: Request, config: RunConfig) -> RunResult:
    with open_listener(quiet=request.quiet, verbose=request.verbose) as listener:
        return run_videos(
            request.videos,
            request.out,
            config,
            only_graphs=request.only_graphs,
            redo=request.redo,
            reporter=listener,
        )


def say_code(result: RunResult, config: RunConfig) -> ExitCode:
    """The exit code of a run; if too many videos failed, that is printed as an error."""
    code = code_of_result(result, config.execution.max_failed_share)
    if code == ExitCode.TOO_MANY_FAILED:
        print(f"error: {_too_many_failed(result, config)}", file=sys.stderr)
    return code


def _too_many_failed(result: RunResult, config: RunConfig) -> str:
    what = f"{len(result.failed)} of {result.videos} videos failed"
    allowed = f"more than execution.max_failed_share = {config.execution.max_failed_share} allows"
    return printable(f"{what}, {allowed}; mend what {result.run.errors} names, or set a larger share")


def _print_result(request: Request, run: RunFolder, hear: Callable[[FormatError], None] | None) -> None:
    if request.json:
        print_json(summary_plain(run, summarise(run, hear)))
    elif not request.quiet:
        print_lines(summary_lines(run, summarise(run, hear)))


def _say_plan(request: Request, config: RunConfig) -> int:
    inputs, plan = plan_run(request.videos, request.out, config, redo=request.redo)
    cost = estimate_cost(plan.todo, config) if is_model_spec(config.model) and plan.todo else None
    if request.json:
        print_json(
            {
                "watch": [video.path for video in plan.todo],
                "reuse": [video.path for video in plan.reused],
                "unusable": [entry.reason for entry in inputs.unusable],
                "duplicates": [path for path, _ in inputs.duplicates],
                **({"estimate": to_plain(cost)} if cost else {}),
            }
        )
        return ExitCode.OK
    print_lines(
        [
            *(f"would watch    {video.path}" for video in plan.todo),
            *(f"would reuse    {video.path}{_once(video, plan)}" for video in plan.reused),
            *(f"would skip     {path} (same as {first})" for path, first in inputs.duplicates),
            *(f"cannot use     {entry.path}: {entry.reason}" for entry in inputs.unusable),
            f"would write    {request.out}",
            *(estimate_lines(cost, config.models.budget) if cost else ()),
        ]
    )
    return ExitCode.OK


def _once(video: InputVideo, plan: Plan) -> str:
    """What the video was called when it was watched, if it was not called as now."""
    return next((f" (watched as {move.was.path})" for move in plan.moves if move.video == video), "")
