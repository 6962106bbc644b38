"""`videostep`: the commands."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Annotated

import typer

import videostep
from videostep.cli import (
    ask,
    compare,
    evaluate,
    exit_codes,
    export,
    graph,
    import_,
    refine,
    report,
    run,
    score_graphs,
    selftrain,
    show,
    tables,
    train,
    verify,
)
from videostep.cli.ending import guarded
from videostep.cli.exit_codes import ExitCode
from videostep.cli.printing import printable

_QUIET = {
    "TRANSFORMERS_VERBOSITY": "error",
    "HF_HUB_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}

_EPILOG = f"Exit codes:\n{exit_codes.table()}"

app = typer.Typer(
    name="videostep",
    help="Raw videos in; scene graphs and verified question-rationale-answer data out.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    run.run,
    graph.graph,
    ask.ask,
    verify.verify,
    refine.refine,
    show.show,
    report.report,
    export.export,
    score_graphs.score_graphs,
    evaluate.evaluate,
    compare.compare,
    tables.tables,
    train.train,
    selftrain.selftrain,
):
    app.command()(guarded(command))
app.command("import")(guarded(import_.import_))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"videostep {videostep.__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _hush_libraries()
    sys.exit(_run(arguments))


def _hush_libraries() -> None:
    """What transformers tells and warns of is about its own insides; our own lines say what matters.

    By the environment: it is not loaded yet, mostly never, and worker processes are to keep quiet, too.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, standalone_mode=False) or ExitCode.OK)
    except typer.TyperException as error:
        print(printable(f"error: {_wrong_usage(error)}"), file=sys.stderr)
        return ExitCode.USAGE


def _wrong_usage(error: typer.TyperException) -> str:
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "videostep"
    return f"{message.rstrip('.')}; see {command} --help"
