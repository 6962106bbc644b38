"""Files appear whole or not at all: written beside, then renamed over the old one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from videostep.errors import RunFolderError

_REMEDY = {
    errno.ENOSPC: "free some disk space and run the same command again: finished work is reused",
    errno.EDQUOT: "raise the disk quota or free space, then run the same command again",
    errno.EACCES: "choose a folder you may write to",
    errno.EPERM: "choose a folder you may write to",
    errno.EROFS: "choose a folder on a writable disk",
    errno.ENOTDIR: "a part of the path is a file: choose another folder",
    errno.EEXIST: "a part of the path is a file: choose another folder",
}


def atomic_write(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never a part.

    Missing parent folders are made. A process killed half-way leaves a `.NAME.PID.part` beside
    the target, never a broken target.

    Args:
        path: The file to write.
        data: All of its bytes.
        sync: Also wait until the disk has the bytes, for files that must survive a power cut.

    Raises:
        RunFolderError: The file cannot be written; the remedy depends on why.
    """
    with atomic_open(path) as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def atomic_open(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write piece by piece; it appears under its name when the block ends without an error.

    Raises:
        RunFolderError: The file cannot be written, as `atomic_write` says.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
        os.replace(part, path)
    except OSError as error:
        raise refusal(path, error) from error
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        # The folder itself is the trouble; the first error says so.
        return


def refusal(path: Path, error: OSError) -> RunFolderError:
    """The error to raise when `path` cannot be written; the remedy depends on why."""
    reason = error.strerror or str(error)
    remedy = _REMEDY.get(error.errno or 0, "check that the folder exists and can be written")
    return RunFolderError(f"{path} cannot be written: {reason[:1].lower()}{reason[1:]}", remedy=remedy)
