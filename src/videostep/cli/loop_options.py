"""Options of `selftrain` alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

_LOOP, _EVALUATION = "Loop", "Evaluation"

Rounds = Annotated[
    int | None,
    typer.Option(metavar="R", help="Times that the videos are parsed.  [default: 3]", rich_help_panel=_LOOP),
]
Start = Annotated[
    Literal["initial", "previous"] | None,
    typer.Option("--from", help="What each training begins with.  [default: initial]", rich_help_panel=_LOOP),
]
ReplayOfRounds = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE", help="Of earlier rounds among the samples.  [default: 0]", rich_help_panel=_LOOP
    ),
]
LoopConfigFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", readable=False, help="Settings of loop and guards as TOML.", rich_help_panel=_LOOP
    ),
]
Parser = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Who parses in the model's place, for trials.", rich_help_panel=_LOOP),
]
Launcher = Annotated[
    str,
    typer.Option(
        metavar="COMMAND",
        help="Starts each training, as 'torchrun --nproc-per-node=8'.",
        rich_help_panel=_LOOP,
    ),
]
Truth = Annotated[
    Path | None,
    typer.Option(metavar="RUN2", readable=False, help="A run with true graphs.", rich_help_panel=_EVALUATION),
]
BenchmarkName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Asked after every round, as by evaluate.", rich_help_panel=_EVALUATION
    ),
]
BenchmarkData = Annotated[
    Path | None,
    typer.Option(metavar="DIR", readable=False, help="Files of the benchmark.", rich_help_panel=_EVALUATION),
]
BenchmarkVideos = Annotated[
    Path | None,
    typer.Option(
        "--benchmark-videos",
        metavar="DIR",
        readable=False,
        help="Its videos.  [default: --data]",
        rich_help_panel=_EVALUATION,
    ),
]
BenchmarkLimit = Annotated[
    int | None,
    typer.Option(metavar="N", help="Questions of the benchmark.", rich_help_panel=_EVALUATION),
]
RunConfigFile = Annotated[
    Path | None,
    typer.Option("--run-config", metavar="FILE", readable=False, help="Settings of run, as a run.toml."),
]
LoopFolder = Annotated[
    Path, typer.Option("--out", "-o", metavar="DIR", readable=False, help="The folder of all rounds.")
]
