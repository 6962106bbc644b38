"""Checkpoints: which of them are whole, and which one a training goes on from."""

from __future__ import annotations

import shutil
from pathlib import Path

from videostep.store.atomic import atomic_write

_WHOLE = "whole"
"""The file that is written last: a checkpoint without it was being written when the process was killed."""


def mark_whole(checkpoint: Path) -> None:
    """Say that every file of a checkpoint is there."""
    atomic_write(checkpoint / _WHOLE, b"")


def find_checkpoint(folder: Path) -> Path | None:
    """The last whole checkpoint in a folder; None without one."""
    whole = [path for path in _checkpoints(folder) if (path / _WHOLE).exists()]
    return max(whole, key=step_of, default=None)


def remove_broken(folder: Path) -> None:
    """Remove checkpoints that a killed process left unfinished."""
    for path in _checkpoints(folder):
        if not (path / _WHOLE).exists():
            shutil.rmtree(path)


def step_of(checkpoint: Path) -> int:
    """The optimizer steps after which a checkpoint was written."""
    return int(checkpoint.name.rpartition("-")[2])


def _checkpoints(folder: Path) -> list[Path]:
    return [path for path in folder.glob("checkpoint-*") if path.name.rpartition("-")[2].isdecimal()]
