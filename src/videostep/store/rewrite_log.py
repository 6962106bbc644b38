"""The rewrite log: what rewriters wrote, a text a line: a run that was broken off asks nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

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
    """The log of a run folder, read once and added to."""

    def __init__(self, path: Path) -> None:
        """Read `path`; a last line that a killed process left half-written is left out."""
        self._path = path
        *lines, cut_off = path.read_bytes().split(b"\n") if path.exists() else [b""]
        self._torn_bytes = len(cut_off)
        rows = (_row(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line)
        self._texts = {row.key: row.text for row in rows}

    def find(self, key: str) -> str | None:
        """What was written for `key`."""
        return self._texts.get(key)

    def add(self, written: Iterable[tuple[str, str]]) -> None:
        """Append keys with texts at once; raises RunFolderError when the disk refuses."""
        rows = [WrittenRow(key=key, text=text) for key, text in written]
        self._texts.update((row.key, row.text) for row in rows)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                # What is added behind half a line would be lost with it.
                file.truncate(file.tell() - self._torn_bytes)
                self._torn_bytes = 0
                file.write(b"".join(msgspec.json.encode(to_plain(row)) + b"\n" for row in rows))
        except OSError as error:
            raise refusal(self._path, error) from error


def _row(line: bytes, source: str) -> WrittenRow:
    return from_json(line, WrittenRow, source=source, remedy="delete the file: the rewriter is asked again")
