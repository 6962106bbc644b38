"""`videostep import`: others' scene graphs -> a run's graphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from videostep.pipeline.importing import ImportResult

_SHOWN_REASONS = 8


def import_(
    format_: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="Whose graphs: action-genome, agqa, clevrer, pvsg, star, vidor or vidvrd (docs/import.md).",
        ),
    ],
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", readable=False, help="The annotation file, or the folder of them."),
    ],
    out: options.Out,
    videos: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", readable=False, help="The video files, for their length and rate."),
    ] = None,
    fps: Annotated[
        float | None, typer.Option(metavar="F", help="Frames a second, where neither file nor video says it.")
    ] = None,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="You vouch that nothing is left out: what is not annotated is not there."
        ),
    ] = False,
    config: options.Config = None,
    redo: options.Redo = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Import scene graphs of Action Genome, AGQA, VidOR and others, with a count of what was lost."""
    from videostep.cli.listening import open_listener
    from videostep.cli.printing import print_json, print_lines
    from videostep.cli.settings import gather_config
    from videostep.formats.graphs.imported import ImportOptions
    from videostep.pipeline.importing import ImportRequest, import_graphs, plan_import

    settings = gather_config(config)
    request = ImportRequest(
        format=format_, path=path, options=ImportOptions(videos=videos, fps=fps, complete=complete)
    )
    with open_listener(quiet=quiet, verbose=verbose) as listener:
        if dry_run:
            result = plan_import(request, out, reporter=listener)
        else:
            result = import_graphs(request, out, settings, redo=redo, reporter=listener)
    if json:
        print_json({"run": str(out), **(result.report.plain() if result.report else {})})
    elif not quiet:
        print_lines(_lines(result, dry_run=dry_run))
    return _code(result, settings.execution.max_failed_share)


def _lines(result: ImportResult, *, dry_run: bool) -> Iterator[str]:
    from videostep.pipeline.import_report import IMPORT_REPORT, ranked
    from videostep.pipeline.progress import in_words

    if result.report is None:
        yield f"the graphs are there already  ->  {result.run.root / 'graphs'}"
        return
    report, account = result.report, result.report.account
    verb = "would give" if dry_run else "imported"
    yield f"{verb:<11} {in_words({'videos': report.videos, **report.graph})}"
    for kind, found in sorted(account.found.items()):
        yield f"  {kind:<14} {found:>7} found, {account.carried[kind]:>7} carried"
        for word, counts in (("repaired", account.repaired), ("lost", account.lost)):
            for reason, count in (
                list(ranked(counts[kind]).items())[:_SHOWN_REASONS] if kind in counts else ()
            ):
                yield f"    {word:<8} {count:>7}  {reason}"
    for reason, count in list(ranked(report.refused).items())[:_SHOWN_REASONS]:
        yield f"  refused  {count:>7}  {reason}"
    if not dry_run:
        yield f"report      {result.run.root / IMPORT_REPORT}"
        yield f"next        videostep ask {result.run.root}"


def _code(result: ImportResult, max_failed_share: float) -> ExitCode:
    import sys

    from videostep.cli.printing import printable

    if result.broken_off:
        print(
            "error: the files could not be read to their end; get whole ones and import again",
            file=sys.stderr,
        )
        return ExitCode.TOO_MANY_FAILED
    if result.failed_share <= max_failed_share:
        return ExitCode.OK
    share = f"{len(result.failed)} of {result.videos} videos were refused"
    allowed = f"more than execution.max_failed_share = {max_failed_share} allows"
    print(printable(f"error: {share}, {allowed}; {result.run.errors} has the reasons"), file=sys.stderr)
    return ExitCode.TOO_MANY_FAILED
