"""One process at a time may write a run folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from videostep.errors import RunFolderError
from videostep.store.atomic import refusal

LOCK_NAME = ".lock"


@contextmanager
def hold_lock(root: Path) -> Iterator[None]:
    """Hold the run folder's lock; the lock file is gone afterwards.

    A killed process loses its lock with its life, so a left-over lock file never blocks a run.

    Raises:
        RunFolderError: Another process holds the lock, or the folder cannot be written.
    """
    path = root / LOCK_NAME
    try:
        descriptor = _acquire(path)
    except BlockingIOError as error:
        raise RunFolderError(
            f"{root} is being written by another videostep process",
            remedy="wait until it ends, or give another --out",
        ) from error
    except OSError as error:
        raise refusal(path, error) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                return descriptor
        except OSError:
            os.close(descriptor)
            raise
        # Its last holder removed the file between our open and our lock: take the new one.
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
