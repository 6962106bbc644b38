"""Options of `videostep evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[
    str, typer.Argument(metavar="BENCHMARK", help="Such as agqa2, star or qra; a wrong name lists them all.")
]
Asked = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="SPEC[+ADAPTER]",
        help="The Video-LLM that is asked, as BACKEND:TARGET.  [default: none, with --predictions]",
    ),
]
Data = Annotated[
    Path | None, typer.Option(metavar="DIR", readable=False, help="Where the benchmark's files lie.")
]
VideosFolder = Annotated[
    Path | None,
    typer.Option("--videos", metavar="DIR", readable=False, help="Where its videos lie.  [default: --data]"),
]
Predictions = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", readable=False, help="Score these again; no model is asked. May be repeated."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="DIR", readable=False, help="The evaluation's folder, to make or go on with."
    ),
]
Limit = Annotated[int | None, typer.Option(metavar="N", help="Only the first N questions.")]
Modes = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        metavar="answer|rationale-then-answer",
        help="How the model answers; may be given twice.  [default: answer]",
    ),
]
Blind = Annotated[
    list[str] | None,
    typer.Option(metavar="question|one-frame|shuffled|caption", help="A blind control; may be repeated."),
]
OptionStyleName = Annotated[
    str | None,
    typer.Option(
        "--options",
        metavar="letters|words|none",
        help="How choices are put; none asks openly.  [default: letters; qra: words]",
    ),
]
Judges = Annotated[
    list[str] | None,
    typer.Option("--judge", metavar="SPEC", help="A language model that judges; may be given twice."),
]
WordNetFolder = Annotated[
    Path | None,
    typer.Option(
        "--wordnet",
        metavar="DIR",
        readable=False,
        help="WordNet's files, for NExT-QA's WUPS, such as /usr/share/wordnet.",
    ),
]
AsTrained = Annotated[
    bool,
    typer.Option(
        "--as-trained",
        help="Show videos as training does, by the model's own video input; for transformers:ID+CKPT.",
    ),
]
ShownAs = Annotated[
    Path | None,
    typer.Option(
        metavar="TRAIN.toml",
        readable=False,
        help="With --as-trained: the frames and sizes of this training, such as for the untrained model.",
    ),
]
Diagnose = Annotated[bool, typer.Option("--diagnose", help="Ask the true steps singly, too.")]
Seeds = Annotated[int, typer.Option(metavar="N", help="Ask N times, with N seeds; needs --temperature.")]
Temperature = Annotated[float, typer.Option(metavar="T", help="Of the replies, 0 to 2; 0 is greedy.")]
Frames = Annotated[
    int | None,
    typer.Option(metavar="N", help="Frames shown of each question's part of the video.  [default: 16]"),
]
Side = Annotated[
    int | None, typer.Option(metavar="PX", help="Longer side of a frame, at most.  [default: 448]")
]
MaxTokens = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Of a reply; a model that thinks aloud needs more.  [default: 512, explanations 1024]",
    ),
]
Label = Annotated[str, typer.Option(metavar="TEXT", help="What the model is called in tables.")]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="KEY=VALUE", help="What was varied, such as lambda=0.5; may be repeated."),
]
Submission = Annotated[
    Path | None, typer.Option(metavar="FILE", readable=False, help="Also write the file for STAR's server.")
]
MaxFailed = Annotated[
    float, typer.Option("--max-failed-share", metavar="SHARE", help="Of questions that may go unanswered.")
]
