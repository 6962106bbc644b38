"""The rewrite log: what rewriters wrote, a text a line: a run that was broken off asks nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from videostep.records import from_json, to_plain
from videostep.store.atomic import refusal
from videostep.store.stamps import sha256_of_words


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRow:
    """One line of `cache/rewrites.jsonl`."""

    key: str
    """Digest of who wrote it and of what was asked (`key_of`)."""
    text: str


def key_of(rewriter: str, part: str, text: str) -> str:
    """The key under which the words of a rewriter for a text are kept."""
    return sha256_of_words({"rewriter": rewriter, "part": part, "text": text})


class RewriteLog:
    """The log of a run folder, read through once and added to; texts stay on the disk until asked for."""

    def __init__(self, path: Path) -> None:
        """Read `path`; a last line that a killed process left half-written is left out."""
        self._path = path
        self._starts: dict[str, int] = {}
        """Where in the file the line of a key begins, bytes."""
        self._end = 0
        """Where the last whole line ends, bytes."""
        if path.exists():
            with path.open("rb") as file:
                self._read(file)

    def find(self, key: str) -> str | None:
        """What was written for `key`."""
        start = self._starts.get(key)
        if start is None:
            return None
        with self._path.open("rb") as file:
            file.seek(start)
            return _row(file.readline(), str(self._path)).text

    def add(self, written: Iterable[tuple[str, str]]) -> None:
        """Append keys with texts at once; raises RunFolderError when the disk refuses."""
        rows = [WrittenRow(key=key, text=text) for key, text in written]
        lines = [msgspec.json.encode(to_plain(row)) + b"\n" for row in rows]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                # What is added behind half a line would be lost with it.
                file.truncate(self._end)
                file.write(b"".join(lines))
        except OSError as error:
            raise refusal(self._path, error) from error
        for row, line in zip(rows, lines, strict=True):
            self._starts[row.key] = self._end
            self._end += len(line)

    def _read(self, file: BinaryIO) -> None:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            if line != b"\n":
                self._starts[_row(line, f"{self._path}, line {number}").key] = self._end
            self._end += len(line)


def _row(line: bytes, source: str) -> WrittenRow:
    return from_json(line, WrittenRow, source=source, remedy="delete the file: the rewriter is asked again")
