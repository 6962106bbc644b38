"""From the arguments of `train` to a training, and what is printed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from videostep.cli.exit_codes import ExitCode
from videostep.cli.printing import print_json, print_lines
from videostep.cli.training_listener import open_training_listener
from videostep.errors import ConfigError
from videostep.learn.config import TrainConfig
from videostep.learn.mixing import STEPS, parse_step_mix
from videostep.learn.training_folder import TrainingFolder
from videostep.pipeline.child_training import end_with_parent
from videostep.pipeline.progress import in_words
from videostep.pipeline.training import check_installed, plan_training, train_run
from videostep.pipeline.training_data import DataConfig
from videostep.pipeline.training_files import read_train_config
from videostep.pipeline.training_job import TrainingPlan, TrainingResult, TrainJob
from videostep.records import to_plain


def carry_out(given: Mapping[str, Any]) -> int:
    """Train as the arguments say, and print what came out; exit code."""
    job = TrainJob(
        run=given["run"],
        model=given["model"],
        out=given["out"],
        config=train_config(given),
        data=data_config(given),
        skip_long=given["skip_long"],
        merge=given["merge"],
        report_to=tuple(given["report_to"] or ()),
        loaders=given["loaders"],
        redo=given["redo"],
    )
    check_installed()
    end_with_parent()
    from videostep.learn.processes import leave_processes

    if given["dry_run"]:
        plan = plan_training(job)
        leave_processes()
        _print(plan, plan_lines(plan), given)
        return ExitCode.OK
    with open_training_listener(quiet=given["quiet"], verbose=given["verbose"]) as listener:
        result = train_run(job, listener)
    leave_processes()
    if listener.is_main:
        _print(result, result_lines(result, TrainingFolder(job.out)), given)
    return ExitCode.OK


def train_config(given: Mapping[str, Any]) -> TrainConfig:
    """The config file, or the defaults, with what the flags say over it; raises ConfigError."""
    file: Path | None = given["config"]
    config = read_train_config(file) if file is not None else TrainConfig()
    if given["answers_only"] and given["lambda_"]:
        raise ConfigError("--answers-only means --lambda 0", remedy="leave one of them out")
    weight = 0.0 if given["answers_only"] else given["lambda_"]
    flags = {"rationale_weight": weight, "normalise": given["normalise"]}
    objective = replace(config.objective, **_said(flags))
    names = ("seed", "epochs", "batch", "learning_rate", "max_frames", "max_pixels")
    flags = {name: given[name] for name in names} | {"full": given["full"] or None}
    return replace(config, objective=objective, **_said(flags))


def data_config(given: Mapping[str, Any]) -> DataConfig:
    """Which samples the flags ask for; raises ConfigError."""
    return DataConfig(
        step_mix=parse_step_mix(given["steps"]) if given["steps"] else None,
        instruct=given["instruct"],
        distill=given["distill"],
        instead=given["instead"],
        replay=tuple(given["replay"] or ()),
        replay_share=given["replay_share"],
        videos=given["videos"],
    )


def _said(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _print(found: TrainingPlan | TrainingResult, lines: Iterator[str], given: Mapping[str, Any]) -> None:
    if given["json"]:
        print_json(to_plain(found))
    elif not given["quiet"]:
        print_lines(lines)


def plan_lines(plan: TrainingPlan) -> Iterator[str]:
    """What a training would do, for the terminal."""
    if plan.is_done:
        yield "nothing: the training is done already"
        return
    steps = in_words({"optimizer steps": plan.steps})
    yield f"would train    {_samples_of_videos(plan.samples, plan.videos)} in {steps}"
    if plan.steps_done:
        yield f"would go on    after step {plan.steps_done}, from the last checkpoint"
    yield f"would hold out {_samples_of_videos(plan.held_out_samples, plan.held_out_videos)}"
    if plan.left_out:
        yield f"would leave out {in_words({'samples': plan.left_out})} too long for the model"
    yield from (f"cannot read     {video}: {reason}" for video, reason in plan.unreadable.items())
    yield from (f"from {name}: {_counted(counts)}" for name, counts in plan.counts.items())
    saved = 1 - plan.tokens / plan.row_tokens
    yield f"tokens         {plan.tokens} of each sample once, held out or not, where rows share their video"
    yield f"               ({saved:.0%} of {plan.row_tokens} saved); longest row {plan.longest_row}"
    share = plan.trainable / plan.parameters
    yield f"weights        {plan.trainable:,} of {plan.parameters:,} learn ({share:.2%})"
    yield f"memory         about {plan.memory_gib:.1f} GiB on one device (an estimate, docs/training.md)"


def _samples_of_videos(samples: int, videos: int) -> str:
    return f"{in_words({'samples': samples})} of {in_words({'videos': videos})}"


def result_lines(result: TrainingResult, folder: TrainingFolder) -> Iterator[str]:
    """What came out, for the terminal."""
    yield f"{in_words({'steps': result.steps})} on {_samples_of_videos(result.samples, result.videos)}"
    yield f"loss a token: answers {_number(result.answer)}, rationales {_number(result.rationale)}"
    if result.held_out is not None:
        look = result.held_out
        by_steps = ", ".join(f"{kind}: {share:.0%}" for kind, share in look.exact_by_steps.items())
        early = "; stopped early" if result.stopped_early else ""
        yield f"held out: loss {look.loss:.4g} after step {look.step}, the best{early}"
        if look.exact is not None:
            yield f"held-out answers exact, teacher-forced: {look.exact:.0%} (by steps: {by_steps})"
    yield f"sharing {result.sharing}; {result.saved:.0%} of the tokens saved"
    if result.unreadable:
        unread = in_words({"videos": len(result.unreadable)})
        yield f"{unread} could not be read: see {folder.root / 'errors'}"
    yield f"weights and model card: {folder.root}"


def _counted(counts: Mapping[str, int]) -> str:
    """What was drawn, then in brackets how many steps its samples have."""
    kinds = (*STEPS, "unknown")
    steps = [f"{kind}: {counts[kind]}" for kind in kinds if counts.get(kind)]
    rest = [f"{name} {count}" for name, count in counts.items() if count and name not in kinds]
    return ", ".join(rest) + (f" (by steps: {', '.join(steps)})" if steps else "")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
