"""`videostep tables`: several evaluations in the paper's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode


def tables(
    evaluations: Annotated[
        list[Path], typer.Argument(metavar="EVALUATION...", readable=False, help="Folders of evaluate.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", readable=False, help="Where tables and plots go.")
    ],
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Lay out evaluations as the paper's Tables 1 to 4, its numbers beside; plots over what was varied."""
    from videostep.cli.printing import print_lines, print_tables
    from videostep.errors import RunFolderError
    from videostep.evaluate.tables.beside import tables_beside
    from videostep.pipeline.comparing import gather_cards
    from videostep.pipeline.marking import write_report

    own = next((one for one in evaluations if one.resolve() == out.resolve()), None)
    if own is not None:
        raise RunFolderError(f"{own} is an evaluation, with a report of its own", remedy="give another --out")
    cards = gather_cards(evaluations)
    write_report(out, cards)
    if not quiet:
        print_tables(tables_beside(cards))
        print_lines([f"everything: {out / 'report.md'}"])
    return ExitCode.OK
