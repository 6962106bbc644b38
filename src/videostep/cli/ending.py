"""How every command ends: an exit code, and for an error one line on standard error."""

from __future__ import annotations

import errno
import functools
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from videostep.cli.exit_codes import ExitCode, code_of
from videostep.cli.printing import printable
from videostep.errors import VideostepError

_OF_WHAT_WAS_GIVEN = frozenset({errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP})
"""Faults of a file that is what the user named, or lies in it; others are faults of ours."""


def guarded(command: Callable[..., int]) -> Callable[..., int]:
    """`command` with its errors told as users can use them; the traceback only with -vv."""

    @functools.wraps(command)
    def run(**arguments: object) -> int:
        try:
            return command(**arguments)
        except VideostepError as error:
            return _end(str(error), code_of(error), arguments)
        except KeyboardInterrupt:
            return _end("interrupted; the same command goes on where it was", ExitCode.INTERRUPTED, arguments)
        except BrokenPipeError:
            # Whoever read our output has seen enough; Python must not complain about it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.OK
        except OSError as error:
            text = f"{error.filename} cannot be used: {error.strerror}; check its name, permissions and disk"
            if _is_about_run(error, arguments):
                return _end(text, ExitCode.RUN_FOLDER, arguments)
            if error.filename and error.errno in _OF_WHAT_WAS_GIVEN:
                return _end(text, ExitCode.USAGE, arguments)
            return _end(_defect(error), ExitCode.INTERNAL, arguments)
        except Exception as error:
            return _end(_defect(error), ExitCode.INTERNAL, arguments)

    return run


def _is_about_run(error: OSError, arguments: dict[str, object]) -> bool:
    root = arguments.get("out", arguments.get("run"))
    named = isinstance(error.filename, str) and isinstance(root, Path)
    return named and Path(error.filename).is_relative_to(str(root))


def _defect(error: Exception) -> str:
    return f"{type(error).__name__}: {error}; a defect of videostep: please report what -vv prints"


def _end(text: str, code: ExitCode, arguments: dict[str, object]) -> ExitCode:
    print(printable(f"error: {' '.join(text.split())}"), file=sys.stderr)
    if arguments.get("verbose") in range(2, 10):
        traceback.print_exc()
    return code
