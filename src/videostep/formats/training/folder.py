"""The export's folder: it appears whole or not at all, and never takes the place of something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import RunFolderError
from videostep.store.atomic import refusal
from videostep.store.lock import LOCK_NAME, hold_lock

EXPORT_FILE = "export.json"
"""Says what the export was made of; a folder that holds it is an export."""
EXPORT_FORMAT = "videostep.export/1"


@contextmanager
def new_export(out: Path) -> Iterator[Path]:
    """A folder beside `out` to fill; it takes `out`'s place when all went well, and is gone otherwise.

    Raises:
        RunFolderError: `out` holds something that is no export, or cannot be written, or is being written.
    """
    check_replaceable(out)
    part = out.with_name(f".{out.name}.part")
    try:
        part.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(part, error) from error
    with hold_lock(part):
        _clear(part)
        try:
            yield part
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    _take_place(part, out)


def check_replaceable(out: Path) -> None:
    """Raise RunFolderError unless `out` is missing, empty, or an export to which nothing was added."""
    if out.name in {"", ".."}:
        raise RunFolderError(f"{out} cannot be replaced by an export", remedy="name a new folder in it")
    try:
        held = sorted(path.name for path in out.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise refusal(out, error) from error
    foreign = [name for name in held if name not in _own_names(out)]
    if foreign:
        raise RunFolderError(
            f"{out} holds {foreign[0]}, which no export put there",
            remedy="give a new or empty folder as --out",
        )


def _own_names(out: Path) -> frozenset[str]:
    """What the export in `out` says it wrote there; nothing if there is none."""
    try:
        said: Any = msgspec.json.decode((out / EXPORT_FILE).read_bytes())
    except (OSError, msgspec.DecodeError):
        return frozenset()
    if not isinstance(said, dict) or said.get("format") != EXPORT_FORMAT:
        return frozenset()
    return frozenset(name for name in said.get("holds", []) if isinstance(name, str))


def _clear(folder: Path) -> None:
    """Remove what a killed export left; the lock stays."""
    for path in folder.iterdir():
        if path.name == LOCK_NAME:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _take_place(part: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.old")
    try:
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
            os.replace(out, old)
        os.replace(part, out)
    except OSError as error:
        raise refusal(out, error) from error
    shutil.rmtree(old, ignore_errors=True)
