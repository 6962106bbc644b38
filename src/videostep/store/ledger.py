"""The ledger: one line per finished stage and video. What stands in it is done and need not be done again.

Lines are added as work finishes; when a run ends they are written anew in a fixed order, so that the
file does not tell in which order the work was done, or how often it was interrupted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write, refusal
from videostep.store.order import natural_key
from videostep.store.stamps import sha256_of_words

STAGE_ORDER = ("graph", "ask", "refine", "report")
"""Stages that leave files, in the order in which they are done."""
_REMEDY = "remove that line, or make the whole run anew with --redo"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One finished piece of work."""

    stage: str
    """One of `STAGE_ORDER`."""
    video: str
    """Video id; `*` when the stage works on the whole run."""
    made_of: dict[str, str]
    """What went in, by name: `source`, `config`, `parser`, `code` ..."""
    files: int
    """How many files came out."""
    files_sha256: str
    """Digest of their names and bytes."""
    stamp: str
    """Digest of `made_of`; empty in a line that takes the earlier ones of its stage and video back."""


def entry_of(
    stage: str, video: str, made_of: dict[str, str], *, files: int, files_sha256: str
) -> LedgerEntry:
    """An entry with its stamp."""
    return LedgerEntry(
        stage=stage,
        video=video,
        made_of=made_of,
        files=files,
        files_sha256=files_sha256,
        stamp=sha256_of_words(made_of),
    )


class Ledger:
    """The ledger file of a run folder, read once and added to."""

    def __init__(self, path: Path) -> None:
        """Read `path`; a last line that a killed process left half-written is dropped."""
        self._path = path
        *lines, cut_off = path.read_bytes().split(b"\n") if path.exists() else [b""]
        self._is_torn = bool(cut_off)
        entries = {(entry.stage, entry.video): entry for entry in _entries_of(lines, path)}
        self._entries = {key: entry for key, entry in entries.items() if entry.stamp}

    def find(self, stage: str, video: str = "*") -> LedgerEntry | None:
        """What is known of `stage` for `video`."""
        return self._entries.get((stage, video))

    def add(self, entry: LedgerEntry) -> None:
        """Append one line at once; raises RunFolderError when the disk refuses."""
        if self._is_torn:
            # A line added behind half a line would be lost with it.
            self.settle()
        self._entries[entry.stage, entry.video] = entry
        self._append(entry)

    def withdraw(self, stage: str, video: str) -> None:
        """Forget an entry at once, in the file too; raises RunFolderError when the disk refuses."""
        if self._is_torn:
            self.settle()
        self.remove(stage, video)
        self._append(LedgerEntry(stage=stage, video=video, made_of={}, files=0, files_sha256="", stamp=""))

    def keep_graphs(self, videos: Collection[str]) -> None:
        """Forget the graphs of all other videos; the file follows with `settle`."""
        for stage, video in list(self._entries):
            if stage == "graph" and video not in videos:
                self.remove(stage, video)

    def remove(self, stage: str, video: str = "*") -> None:
        """Forget an entry; the file follows with `settle`."""
        self._entries.pop((stage, video), None)

    def _append(self, entry: LedgerEntry) -> None:
        try:
            with self._path.open("ab") as file:
                file.write(_line(entry))
        except OSError as error:
            raise refusal(self._path, error) from error

    def settle(self) -> None:
        """Write all entries in the run's order: by stage, then by video."""
        atomic_write(self._path, b"".join(_line(entry) for entry in self._sorted()))
        self._is_torn = False

    def _sorted(self) -> list[LedgerEntry]:
        return sorted(
            self._entries.values(), key=lambda entry: (_stage_rank(entry.stage), natural_key(entry.video))
        )


def _stage_rank(stage: str) -> int:
    return STAGE_ORDER.index(stage) if stage in STAGE_ORDER else len(STAGE_ORDER)


def _line(entry: LedgerEntry) -> bytes:
    return msgspec.json.encode(to_plain(entry)) + b"\n"


def _entries_of(lines: Sequence[bytes], path: Path) -> Iterator[LedgerEntry]:
    for number, line in enumerate(lines, start=1):
        if line:
            yield from_json(line, LedgerEntry, source=f"{path}, line {number}", remedy=_REMEDY)
