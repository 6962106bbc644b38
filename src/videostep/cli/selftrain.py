"""`videostep selftrain`: the model's own graphs teach it, round after round."""

from __future__ import annotations

from videostep.cli import loop_options as of
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


def selftrain(
    videos: options.Videos,
    model: TrainModel,
    out: of.LoopFolder,
    rounds: of.Rounds = None,
    start: of.Start = None,
    replay: of.ReplayOfRounds = None,
    loop_config: of.LoopConfigFile = None,
    parser: of.Parser = None,
    launcher: of.Launcher = "",
    truth: of.Truth = None,
    benchmark: of.BenchmarkName = None,
    data: of.BenchmarkData = None,
    benchmark_videos: of.BenchmarkVideos = None,
    limit: of.BenchmarkLimit = None,
    config: TrainConfigFile = None,
    run_config: of.RunConfigFile = None,
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
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Parse videos with the model, train it on what follows, and again with the better model."""
    given = dict(locals())
    from videostep.cli.looping import carry_out

    return carry_out(given)
