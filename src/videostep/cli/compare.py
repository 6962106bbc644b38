"""`videostep compare`: is the second model better than the first, and is that more than luck?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from videostep.cli import options
from videostep.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from videostep.evaluate.tables.table import Table
    from videostep.pipeline.comparing import Compared

Before = Annotated[
    Path,
    typer.Argument(
        metavar="BEFORE", readable=False, help="Of the first model: a folder of evaluate, or its predictions."
    ),
]
After = Annotated[
    Path, typer.Argument(metavar="AFTER", readable=False, help="Of the second: what it gained is told.")
]


def compare(
    before: Before,
    after: After,
    protocol: Annotated[
        str | None, typer.Option(metavar="NAME", help="Such as exact.  [default: all that scored both]")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Compare two models on the same questions: difference, interval by video, McNemar's test."""
    from videostep.cli.printing import print_json, print_tables
    from videostep.pipeline.comparing import compare_predictions
    from videostep.records import to_plain

    compared = compare_predictions(before, after, protocol)
    if json:
        print_json([to_plain(one) for one in compared])
    elif not quiet:
        print_tables(map(_table, compared))
    return ExitCode.OK


def _table(compared: Compared) -> Table:
    from dataclasses import replace

    from videostep.evaluate.tables.of_comparison import table_of_comparisons

    title = f"{compared.second} (second) against {compared.first} (first), scored by {compared.protocol}"
    table = table_of_comparisons(title, compared.comparisons, compared.protocol)
    left_out = f"Left out: {compared.only_in_first} questions of the first alone, {compared.only_in_second} "
    return replace(table, notes=(*table.notes, f"{left_out}of the second alone."))
