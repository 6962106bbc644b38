"""`videostep selftrain`: the model's own graphs teach it, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from videostep.cli import options
from videostep.cli.training_options import (
    AnswersOnly,
    Full,
    Lambda,
    Loaders,
    MaxFrames,
    MaxPixels,
    Normalise,
    ReportTo,
    SkipLong,
    StepShares,
    TrainConfigFile,
    TrainModel,
)

_LOOP, _EVALUATION = "Loop", "Evaluation"


def selftrain(
    videos: options.Videos,
    model: TrainModel,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", readable=False, help="The folder of all rounds.")
    ],
    rounds: Annotated[
        int | None,
        typer.Option(
            metavar="R", help="Times that the videos are parsed.  [default: 3]", rich_help_panel=_LOOP
        ),
    ] = None,
    start: Annotated[
        Literal["initial", "previous"] | None,
        typer.Option(
            "--from", help="What each training begins with.  [default: initial]", rich_help_panel=_LOOP
        ),
    ] = None,
    replay: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Of earlier rounds among the samples.  [default: 0]", rich_help_panel=_LOOP
        ),
    ] = None,
    loop_config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", readable=False, help="Settings of loop and guards as TOML.", rich_help_panel=_LOOP
        ),
    ] = None,
    parser: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Who parses in the model's place, for trials.", rich_help_panel=_LOOP
        ),
    ] = None,
    launcher: Annotated[
        str,
        typer.Option(
            metavar="COMMAND",
            help="Starts each training, as 'torchrun --nproc-per-node=8'.",
            rich_help_panel=_LOOP,
        ),
    ] = "",
    truth: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN2", readable=False, help="A run with true graphs.", rich_help_panel=_EVALUATION
        ),
    ] = None,
    benchmark: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Asked after every round, as by evaluate.", rich_help_panel=_EVALUATION
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", readable=False, help="Files of the benchmark.", rich_help_panel=_EVALUATION
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", help="Questions of the benchmark.", rich_help_panel=_EVALUATION),
    ] = None,
    config: TrainConfigFile = None,
    run_config: Annotated[
        Path | None,
        typer.Option("--run-config", metavar="FILE", readable=False, help="Settings of run, as a run.toml."),
    ] = None,
    answers_only: AnswersOnly = False,
    steps: StepShares = None,
    lambda_: Lambda = None,
    normalise: Normalise = None,
    full: Full = False,
    max_frames: MaxFrames = None,
    max_pixels: MaxPixels = None,
    skip_long: SkipLong = False,
    report_to: ReportTo = None,
    loaders: Loaders = 0,
    workers: options.Workers = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Parse videos with the model, train it on what follows, and again with the better model."""
    given = dict(locals())
    from videostep.cli.looping import carry_out

    return carry_out(given)
