"""From the arguments of `selftrain` to the loop, and what is printed of it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from videostep.cli.exit_codes import ExitCode
from videostep.cli.listening import open_listener
from videostep.cli.printing import print_json, print_lines, printable
from videostep.cli.settings import gather_config
from videostep.cli.spending_text import estimate_lines
from videostep.cli.training import train_config
from videostep.errors import ConfigError
from videostep.learn.mixing import parse_step_mix
from videostep.pipeline.child_training import train_in_child
from videostep.pipeline.evaluating import Evaluation
from videostep.pipeline.loop_score import score_on_benchmark
from videostep.pipeline.progress import Reporter, in_words
from videostep.pipeline.round_table import rounds_markdown
from videostep.pipeline.rounds import ScoreHook
from videostep.pipeline.selftrain import (
    LoopConfig,
    LoopJob,
    LoopPlan,
    LoopResult,
    plan_loop,
    read_loop_config,
    self_train,
)
from videostep.pipeline.training import check_installed
from videostep.records import to_plain


def carry_out(given: Mapping[str, Any]) -> int:
    """Go through the rounds as the arguments say, and print the table; exit code."""
    check_installed()
    job = _job(given)
    _check_reporters(job)
    if given["dry_run"]:
        _say_plan(plan_loop(job), job, given)
        return ExitCode.OK
    train = partial(train_in_child, launcher=shlex.split(given["launcher"]), flags=_flags(given))
    with open_listener(quiet=given["quiet"], verbose=given["verbose"]) as listener:
        result = self_train(job, train=train, score=_hook(given, listener), reporter=listener)
    _print(result, given)
    if result.stopped:
        text = f"error: round {len(result.rounds)} is not learnt from: {result.stopped}; "
        remedy = f"look at {job.out}/round-{len(result.rounds)}/run; the best model so far is {result.model}"
        print(printable(text + remedy), file=sys.stderr)
        return ExitCode.TRAINING
    return ExitCode.OK


def _job(given: Mapping[str, Any]) -> LoopJob:
    run = gather_config(given["run_config"], workers=given["workers"], seed=given["seed"])
    return LoopJob(
        videos=tuple(given["videos"]),
        model=given["model"],
        out=given["out"],
        loop=_loop_config(given),
        run=run,
        train=train_config({**given, "epochs": None, "batch": None, "learning_rate": None}),
        step_mix=parse_step_mix(given["steps"]) if given["steps"] else None,
        parser=given["parser"],
        truth=given["truth"],
        skip_long=given["skip_long"],
        report_to=tuple(given["report_to"] or ()),
        loaders=given["loaders"],
    )


def _check_reporters(job: LoopJob) -> None:
    """A wrong name would only come to light when the first round is parsed."""
    if job.report_to:
        from videostep.learn.arguments import check_reporters

        check_reporters(job.report_to)


def _loop_config(given: Mapping[str, Any]) -> LoopConfig:
    file = given["loop_config"]
    config = read_loop_config(file) if file is not None else LoopConfig()
    flags = {name: given[name] for name in ("rounds", "start", "replay")}
    return replace(config, **{name: value for name, value in flags.items() if value is not None})


def _hook(given: Mapping[str, Any], reporter: Reporter) -> ScoreHook | None:
    if given["benchmark"] is None:
        return None
    if given["data"] is None:
        raise ConfigError("--benchmark asks questions from files", remedy="give --data DIR, where they lie")
    evaluation = Evaluation(
        benchmark=given["benchmark"],
        data=given["data"],
        videos=given["benchmark_videos"],
        model="",
        limit=given["limit"],
    )
    return score_on_benchmark(evaluation, reporter)


def _flags(given: Mapping[str, Any]) -> list[str]:
    return ["-q"] if given["quiet"] else ["-v"] * given["verbose"]


def _say_plan(plan: LoopPlan, job: LoopJob, given: Mapping[str, Any]) -> None:
    if given["json"]:
        print_json(to_plain(plan))
    elif not given["quiet"]:
        print_lines(_plan_lines(plan, job))


def _plan_lines(plan: LoopPlan, job: LoopJob) -> Iterator[str]:
    if not plan.rounds_left:
        yield f"nothing: the loop is over after {in_words({'rounds': plan.rounds_done})}"
        return
    yield f"rounds         {plan.rounds_done} done, {plan.rounds_left} to go"
    yield f"would learn    from {in_words({'videos': plan.videos - plan.held_out_videos})} in each round"
    yield f"would hold out {in_words({'videos': plan.held_out_videos})} of all rounds"
    yield f"next parser    {plan.parser}"
    yield from (f"would watch    {path}" for path in plan.watch)
    if plan.cost:
        yield from estimate_lines(plan.cost, job.run.models.budget)
    yield f"would write    {job.out}"


def _print(result: LoopResult, given: Mapping[str, Any]) -> None:
    if given["json"]:
        print_json(
            {
                "model": result.model,
                "stopped": result.stopped,
                "rounds": [to_plain(each) for each in result.rounds],
            }
        )
    elif not given["quiet"]:
        print_lines([*rounds_markdown(result.rounds).splitlines(), f"model: {result.model}"])
