"""`videostep export`: a run's samples -> the files of a trainer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from videostep.formats.training.config import ExportConfig
    from videostep.pipeline.exporting import ExportResult

FORMATS = (
    "jsonl, parquet, hf, llava, qwen-vl, vila, ms-swift, llama-factory, axolotl, trl or videochat2; "
    "or graphs as vidvrd or vidor."
)
DEFAULT_SPLIT = "train=1"
To = Annotated[str, typer.Option(metavar="FORMAT", help=FORMATS)]
Out = Annotated[
    Path,
    typer.Option(
        "--out", "-o", metavar="DIR", readable=False, help="The folder to make; for graphs the file."
    ),
]
Split = Annotated[
    str, typer.Option(metavar="NAME=SHARE,...", help="Splits by video: train=0.8,val=0.1,test=0.1")
]
Seed = Annotated[int, typer.Option(metavar="S", help="Of the splits.")]
MediaMode = Annotated[str, typer.Option(metavar="link|copy|clip|none", help="What to do with the videos.")]
Videos = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where videos lie that are not where the run found them."),
]
SkipMissing = Annotated[
    bool, typer.Option("--skip-missing", help="Leave out samples whose video is missing or has changed.")
]
AnswerInstruction = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What follows the question to ask for the answer.")
]
RationaleInstruction = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What follows the question to ask for the reasoning.")
]
RationaleWeight = Annotated[
    float, typer.Option(metavar="LAMBDA", help="Of a rationale's loss, if FORMAT has a place for it.")
]
Licence = Annotated[
    str, typer.Option("--license", metavar="ID", help="Of the annotations, for the dataset card.")
]


def export(
    run: options.Run,
    to: To,
    out: Out,
    split: Split = DEFAULT_SPLIT,
    seed: Seed = 0,
    media: MediaMode = "link",
    videos: Videos = None,
    skip_missing: SkipMissing = False,
    answer_instruction: AnswerInstruction = None,
    rationale_instruction: RationaleInstruction = None,
    rationale_weight: RationaleWeight = 1.0,
    licence: Licence = "unknown",
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Write a run's samples for a trainer: of each, one record to answer it and one to explain it."""
    from videostep.formats.training.config import ExportConfig
    from videostep.pipeline.predictions import EVALUATORS
    from videostep.store.run_folder import RunFolder

    RunFolder(run).check_exists()
    if to in EVALUATORS:
        _refuse_for_graphs(
            to,
            {
                "--split": split != DEFAULT_SPLIT,
                "--seed": seed != 0,
                "--media": media != "link",
                "--videos": videos is not None,
                "--skip-missing": skip_missing,
                "--answer-instruction": answer_instruction is not None,
                "--rationale-instruction": rationale_instruction is not None,
                "--rationale-weight": rationale_weight != 1.0,
                "--license": licence != "unknown",
            },
        )
        return _export_graphs(run, to, out, dry_run=dry_run, json=json, quiet=quiet, verbose=verbose)
    from videostep.formats.training import find_target
    from videostep.formats.training.media import find_mode
    from videostep.formats.training.split import parse_splits
    from videostep.instruction import make_instructions

    config = ExportConfig(
        target=find_target(to, besides=EVALUATORS),
        splits=parse_splits(split, seed=seed),
        media=find_mode(media),
        videos=videos,
        skip_missing=skip_missing,
        instructions=make_instructions(answer_instruction, rationale_instruction),
        rationale_weight=rationale_weight,
        licence=licence,
    )
    return _export_samples(run, config, out, dry_run=dry_run, json=json, quiet=quiet, verbose=verbose)


def _refuse_for_graphs(to: str, given: dict[str, bool]) -> None:
    """Raise ConfigError if an option was given that says something about samples."""
    from videostep.errors import ConfigError

    names = ", ".join(name for name, is_given in given.items() if is_given)
    if names:
        raise ConfigError(f"--to {to} writes graphs, and {names} is about samples", remedy="leave it out")


def _export_samples(
    run: Path, config: ExportConfig, out: Path, *, dry_run: bool, json: bool, quiet: bool, verbose: int
) -> int:
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.pipeline.exporting import export_run, plan_export
    from videostep.store.run_folder import RunFolder

    with open_listener(quiet=quiet, verbose=verbose) as listener:
        result = (plan_export if dry_run else export_run)(RunFolder(run), out, config, listener)
    if json:
        print_json(_plain(result))
    elif not quiet:
        print_lines(_lines(result, would=dry_run))
    return ExitCode.OK


def _export_graphs(
    run: Path, evaluator: str, out: Path, *, dry_run: bool, json: bool, quiet: bool, verbose: int
) -> int:
    """Write relations for a scene graph evaluator; samples play no part."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.pipeline.predictions import export_predictions
    from videostep.pipeline.progress import in_words
    from videostep.store.run_folder import RunFolder

    with open_listener(quiet=quiet, verbose=verbose) as listener:
        written = export_predictions(RunFolder(run), evaluator, out, listener, dry_run=dry_run)
    held = {"videos": written.videos, "relations": written.relations}
    if json:
        print_json({"out": str(out), **held, "left_out": dict(written.left_out)})
    elif not quiet:
        left_out = (f"left out  {count} {what}" for what, count in sorted(written.left_out.items()))
        print_lines([f"{'would write' if dry_run else 'wrote'}  {out}  {in_words(held)}", *left_out])
    return ExitCode.OK


def _plain(result: ExportResult) -> dict[str, object]:
    splits = {
        split: {
            "file": result.files[split],
            "videos": n.videos,
            "samples": n.samples,
            "records": n.records,
            "cut": n.cut,
        }
        for split, n in result.numbers.items()
    }
    return {"out": str(result.out), "splits": splits, "left_out": result.left_out}


def _lines(result: ExportResult, *, would: bool) -> list[str]:
    from videostep.pipeline.progress import in_words

    verb = "would write" if would else "wrote"
    splits = [
        f"{verb}  {result.out / result.files[split]}  "
        + in_words({"videos": n.videos, "samples": n.samples, "records": n.records})
        for split, n in result.numbers.items()
    ]
    n_cut = sum(numbers.cut for numbers in result.numbers.values())
    cut = [f"cut  {in_words({'samples': n_cut})}: their video stops before what they ask"] if n_cut else []
    left_out = [f"left out  {in_words({'samples': count})}: {why}" for why, count in result.left_out.items()]
    return [*splits, *cut, *left_out]
