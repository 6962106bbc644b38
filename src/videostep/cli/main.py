"""`videostep`: the commands, and how every error ends: one line on standard error and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import typer

import videostep
from videostep.cli import ask, exit_codes, graph, report, run, show, verify
from videostep.cli.exit_codes import ExitCode
from videostep.errors import VideostepError

_EPILOG = "Exit codes:\n\n" + "\n\n".join(exit_codes.table().splitlines())

app = typer.Typer(
    name="videostep",
    help="Raw videos in; scene graphs and verified question-rationale-answer data out.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run.run, graph.graph, ask.ask, verify.verify, show.show, report.report):
    app.command()(command)


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
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, standalone_mode=False) or ExitCode.OK)
    except typer.TyperException as error:
        return _usage(error)
    except VideostepError as error:
        return _say(str(error), exit_codes.code_of(error), arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted; the same command goes on where it was", ExitCode.INTERRUPTED, arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:
        text = f"{type(error).__name__}: {error}; a defect of videostep: please report what -vv prints"
        return _say(text, ExitCode.INTERNAL, arguments)


def _usage(error: typer.TyperException) -> int:
    message = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "videostep"
    print(f"error: {message.rstrip('.')}; see {command} --help", file=sys.stderr)
    return ExitCode.USAGE


def _say(text: str, code: ExitCode, arguments: list[str]) -> int:
    print(f"error: {' '.join(text.split())}", file=sys.stderr)
    if _wants_traceback(arguments):
        traceback.print_exc()
    return code


def _wants_traceback(arguments: list[str]) -> bool:
    return any(word.startswith("-v") and word.count("v") >= 2 for word in arguments) or (
        sum(word in ("-v", "--verbose") for word in arguments) >= 2
    )
