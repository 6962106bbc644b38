"""`videostep score-graphs`: a run's graphs measured by another's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from videostep.evaluate.run_score import RunScore


def score_graphs(
    run: options.Run,
    truth: Annotated[
        Path,
        typer.Option(metavar="RUN2", readable=False, help="The run whose graphs are taken for the truth."),
    ],
    unit: Annotated[
        Literal["object", "thing"],
        typer.Option(help="What is matched: things of one clip, or of the whole video."),
    ] = "object",
    min_time_iou: Annotated[float, typer.Option(help="Overlap in time that counts as right, 0 to 1.")] = 0.5,
    min_box_iou: Annotated[float, typer.Option(help="Overlap of boxes that counts as right, 0 to 1.")] = 0.5,
    synonyms: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Words that count as the same, as TOML."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", readable=False, help="Also write the result as JSON."),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Measure a run's graphs by those of another run of the same videos."""
    from videostep.cli.printing import print_json, print_warning
    from videostep.cli.score_table import print_score
    from videostep.evaluate.config import ScoreConfig
    from videostep.evaluate.run_score import score_runs
    from videostep.evaluate.words import Synonyms, read_synonyms
    from videostep.store.run_folder import RunFolder

    config = ScoreConfig(
        min_time_iou=min_time_iou,
        min_box_iou=min_box_iou,
        unit=unit,
        synonyms=read_synonyms(synonyms) if synonyms is not None else Synonyms(),
    )
    score = score_runs(RunFolder(run), RunFolder(truth), config, hear=print_warning)
    if out is not None:
        _write(score, out)
    if json:
        print_json(score.plain())
    elif not quiet:
        print_score(score)
    return ExitCode.OK


def _write(score: RunScore, path: Path) -> None:
    import msgspec

    from videostep.store.atomic import atomic_write

    atomic_write(path, msgspec.json.format(msgspec.json.encode(score.plain())) + b"\n")
