"""`videostep train`: a run's samples -> a better model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from videostep.cli import options
from videostep.cli.training_options import (
    AnswersOnly,
    Distill,
    Full,
    Instead,
    Instruct,
    Lambda,
    Loaders,
    MaxFrames,
    MaxPixels,
    Merge,
    Normalise,
    Redo,
    Replay,
    ReplayShare,
    ReportTo,
    SkipLong,
    StepShares,
    TrainConfigFile,
    TrainModel,
    TrainVideos,
)


def train(
    run: options.Run,
    model: TrainModel,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="CKPT", readable=False, help="The folder to train into."),
    ],
    config: TrainConfigFile = None,
    answers_only: AnswersOnly = False,
    steps: StepShares = None,
    instruct: Instruct = None,
    distill: Distill = None,
    instead: Instead = False,
    replay: Replay = None,
    replay_share: ReplayShare = 0.0,
    lambda_: Lambda = None,
    normalise: Normalise = None,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", help="Times that every sample is seen.  [default: 1]")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(metavar="N", help="Samples in an optimizer step.  [default: 16]")
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(metavar="RATE", help="At its height.  [default: 1e-4, 1e-5 with --full]"),
    ] = None,
    full: Full = False,
    max_frames: MaxFrames = None,
    max_pixels: MaxPixels = None,
    videos: TrainVideos = None,
    skip_long: SkipLong = False,
    merge: Merge = False,
    report_to: ReportTo = None,
    loaders: Loaders = 0,
    seed: options.Seed = None,
    redo: Redo = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Train a Video-LLM on a run's questions: answers and rationales, sharing each video's tokens."""
    given = dict(locals())
    from videostep.cli.training import carry_out

    return carry_out(given)
