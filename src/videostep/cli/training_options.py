"""Options of `train`, and of `selftrain` as far as it trains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_DATA, _LOSS, _WEIGHTS = "Data", "Loss", "Weights"

TrainModel = Annotated[
    str,
    typer.Option(
        metavar="ID_OR_PATH[+ADAPTER]", help="The Video-LLM: a folder, or an id of the Hugging Face hub."
    ),
]
TrainConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", readable=False, help="Settings as TOML (a train.toml, too)."),
]
StepShares = Annotated[
    str | None,
    typer.Option(
        "--steps",
        metavar="A,B,C",
        help="Shares of questions of 1, 2 and 3+ steps, as 25,50,25; or classes alone, as 1 or 2,3+.",
        rich_help_panel=_DATA,
    ),
]
Instruct = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Questions and answers besides, such as people's.", rich_help_panel=_DATA
    ),
]
Distill = Annotated[
    Path | None,
    typer.Option(metavar="RUN2", help="Samples of a run that another model made.", rich_help_panel=_DATA),
]
Instead = Annotated[
    bool,
    typer.Option(
        "--instead",
        help="Train on --instruct and --distill alone: the paper's controls.",
        rich_help_panel=_DATA,
    ),
]
Replay = Annotated[
    list[Path] | None,
    typer.Option(metavar="RUN", help="Runs of earlier rounds, again.", rich_help_panel=_DATA),
]
ReplayShare = Annotated[
    float, typer.Option(metavar="SHARE", help="Of --replay among all samples.", rich_help_panel=_DATA)
]
TrainVideos = Annotated[
    Path | None,
    typer.Option("--videos", metavar="FOLDER", help="Where the videos lie now.", rich_help_panel=_DATA),
]
MaxFrames = Annotated[
    int | None,
    typer.Option(metavar="N", help="Frames of a video.  [default: the family's]", rich_help_panel=_DATA),
]
MaxPixels = Annotated[
    int | None,
    typer.Option(metavar="N", help="Pixels of a frame.  [default: the family's]", rich_help_panel=_DATA),
]
SkipLong = Annotated[
    bool,
    typer.Option("--skip-long", help="Leave out samples that do not fit.", rich_help_panel=_DATA),
]
AnswersOnly = Annotated[
    bool, typer.Option("--answers-only", help="No rationales: lambda 0.", rich_help_panel=_LOSS)
]
Lambda = Annotated[
    float | None,
    typer.Option(
        "--lambda", metavar="L", help="Weight of the rationales' loss.  [default: 1]", rich_help_panel=_LOSS
    ),
]
Normalise = Annotated[
    str | None,
    typer.Option(
        metavar="HOW",
        help="What the loss is a mean over: task_token, sample or pooled.  [default: task_token]",
        rich_help_panel=_LOSS,
    ),
]
Full = Annotated[
    bool, typer.Option("--full", help="Train all weights, not an adapter.", rich_help_panel=_WEIGHTS)
]
Merge = Annotated[
    bool,
    typer.Option("--merge", help="Leave the whole model, too, in CKPT/merged.", rich_help_panel=_WEIGHTS),
]
Redo = Annotated[bool, typer.Option("--redo", help="Throw away what CKPT holds and train anew.")]
ReportTo = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="tensorboard or wandb, as transformers knows them.")
]
Loaders = Annotated[
    int, typer.Option(metavar="N", help="Processes that decode videos ahead of the training one.")
]
