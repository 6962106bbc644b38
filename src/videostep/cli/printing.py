"""Printing results: to standard output, nothing else goes there."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import msgspec


def print_lines(lines: Iterable[str]) -> None:
    """Print text as it is: markup characters in it mean nothing."""
    for line in lines:
        sys.stdout.write(_printable(line) + "\n")
    sys.stdout.flush()


def print_json(value: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value)).decode() + "\n")
    sys.stdout.flush()


def _printable(line: str) -> str:
    """Words of videos and models must not steer the terminal."""
    return "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in line)
