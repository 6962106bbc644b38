"""Printing results: to standard output, nothing else goes there."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from videostep.errors import VideostepError

if TYPE_CHECKING:
    from videostep.evaluate.tables.table import Table


def print_lines(lines: Iterable[str]) -> None:
    """Print text as it is: markup characters in it mean nothing."""
    for line in lines:
        sys.stdout.write(printable(line) + "\n")
    sys.stdout.flush()


def print_tables(tables: Iterable[Table]) -> None:
    """Print tables as Markdown, a blank line behind each."""
    from videostep.evaluate.tables.table import markdown_of

    for table in tables:
        print_lines([*markdown_of(table).splitlines(), ""])


def print_warning(error: VideostepError) -> None:
    """Print what is wrong, though the command goes on, to standard error."""
    print(printable(f"warning: {' '.join(str(error).split())}"), file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """Print one JSON document."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")
    sys.stdout.flush()


def printable(words: str) -> str:
    """`words` without characters that would steer the terminal: they may come from videos and models."""
    return "".join(char if char.isprintable() else "\ufffd" for char in words)
