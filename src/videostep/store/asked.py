"""What asking found in one video, on the disk until all videos are asked: `asking/VIDEO.jsonl`.

So a run holds the samples of one video at a time, and one that is killed asks no video twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from videostep.records import from_json, to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_write
from videostep.store.entries import DroppedRow
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import encode_sample

_REMEDY = "delete it: its video is asked again"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedHead:
    """The first line of the file; its samples follow, one a line, as they stand in a sample file."""

    made_of: str
    """Digest of all that decides them."""
    dropped: tuple[DroppedRow, ...]


def write_asked(run: RunFolder, video: str, head: AskedHead, samples: Iterable[Sample]) -> None:
    """Write what asking found in a video; raises RunFolderError."""
    lines = (msgspec.json.encode(to_plain(head)) + b"\n", *map(encode_sample, samples))
    atomic_write(run.asking / f"{video}.jsonl", b"".join(lines))


def read_asked(run: RunFolder, video: str) -> tuple[AskedHead | None, list[bytes]]:
    """What `write_asked` wrote of a video, its samples as lines; None: nothing. Raises FormatError."""
    path = run.asking / f"{video}.jsonl"
    if not path.exists():
        return None, []
    head, *lines = path.read_bytes().splitlines(keepends=True) or [b""]
    return from_json(head, AskedHead, source=f"{path}, line 1", remedy=_REMEDY), lines


def remove_asked(run: RunFolder) -> None:
    """Forget what was asked of all videos."""
    shutil.rmtree(run.asking, ignore_errors=True)
