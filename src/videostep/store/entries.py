"""What did not become a sample, and why: error entries and dropped rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from videostep.errors import RunFolderError
from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write
from videostep.store.run_folder import RunFolder

_QUOTED = re.compile(r"""(?<!\w)(['"]).*?\1(?!\w)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEntry:
    """`errors/VIDEO.json`: a video that failed, or that could be read only in part."""

    video: str
    """Video id; for a file that cannot be read, its name and a digest of its path."""
    path: str
    """As the user gave it."""
    severity: Literal["failed", "warning"]
    """`warning`: the video has a graph all the same."""
    stage: str
    reason: str
    remedy: str

    @property
    def named_reason(self) -> str:
        """The reason, with the path before it unless it names the path itself."""
        return self.reason if self.path in self.reason else f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRow:
    """One line of `dropped/VIDEO.jsonl`: a question that was not kept."""

    video: str
    stage: str
    """Where it was dropped: `ask` or `balance`."""
    reason: str
    """`two things fit 'person'`."""
    question: str
    answer: str
    program: str


def write_error(run: RunFolder, entry: ErrorEntry) -> None:
    """Write the error entry of a video over an older one."""
    atomic_write(
        run.error(entry.video, entry.stage), msgspec.json.format(msgspec.json.encode(to_plain(entry))) + b"\n"
    )


def read_errors(run: RunFolder) -> tuple[ErrorEntry, ...]:
    """All error entries of a run; raises FormatError naming the file."""
    return tuple(map(_read_error, run.error_files()))


def find_error(run: RunFolder, video_id: str, stage: str) -> ErrorEntry | None:
    """The error entry of a video, if there is one; raises FormatError naming the file."""
    path = run.error(video_id, stage)
    return _read_error(path) if path.exists() else None


def _read_error(path: Path) -> ErrorEntry:
    return from_json(path.read_bytes(), ErrorEntry, source=str(path), remedy="delete it")


def remove_error(run: RunFolder, video_id: str, stage: str) -> None:
    """Forget the error entry of a video, if there is one, and the folder with the last one."""
    run.error(video_id, stage).unlink(missing_ok=True)
    if run.errors.is_dir() and not any(run.errors.iterdir()):
        run.errors.rmdir()


def remove_errors_of(run: RunFolder, stage: str) -> None:
    """Forget all error entries of a stage."""
    for entry in read_errors(run):
        if entry.stage == stage:
            remove_error(run, entry.video, stage)


class DroppedFiles:
    """The dropped rows of a run, written video by video; `close` ends with how many for which reason."""

    def __init__(self, run: RunFolder) -> None:
        """What earlier runs left stays until `close`."""
        self._folder = run.dropped
        self._counts: Counter[str] = Counter()
        self._names = {"counts.json"}

    def write(self, video: str, rows: Sequence[DroppedRow]) -> None:
        """Write all rows of a video; raises RunFolderError."""
        if not rows:
            return
        path = self._folder / f"{video}.jsonl"
        atomic_write(path, b"".join(msgspec.json.encode(to_plain(row)) + b"\n" for row in rows))
        self._names.add(path.name)
        self._counts.update(f"{row.stage}: {kind_of_reason(row.reason)}" for row in rows)

    def close(self) -> None:
        """Remove the files of videos that dropped nothing, and write `counts.json`."""
        counts = dict(sorted(self._counts.items(), key=lambda item: (-item[1], item[0])))
        atomic_write(self._folder / "counts.json", msgspec.json.format(msgspec.json.encode(counts)) + b"\n")
        for path in self._folder.iterdir():
            if path.name not in self._names:
                path.unlink()


def write_dropped(run: RunFolder, rows: Iterable[DroppedRow]) -> None:
    """Write all dropped rows, a file per video, and how many for which reason (`counts.json`)."""
    by_video: dict[str, list[DroppedRow]] = {}
    for row in rows:
        by_video.setdefault(row.video, []).append(row)
    files = DroppedFiles(run)
    for video, dropped in by_video.items():
        files.write(video, dropped)
    files.close()


def kind_of_reason(reason: str) -> str:
    """The reason without the words it quotes: reasons that differ only in those are of one kind."""
    return _QUOTED.sub("...", reason)


def read_drop_counts(run: RunFolder) -> dict[str, int]:
    """The counts that `write_dropped` wrote; empty before anything was asked."""
    path = run.dropped / "counts.json"
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except msgspec.MsgspecError as error:
        raise RunFolderError(
            f"{path} is damaged: {error}", remedy="make it anew with videostep ask"
        ) from error
