"""A folder belongs to one piece of work: who comes with other settings is told what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import RunFolderError
from videostep.pipeline.config_file import read_toml, toml_of
from videostep.records import to_plain
from videostep.store.atomic import atomic_write
from videostep.store.lock import LOCK_NAME

_SHOWN_CHANGES = 3


def claim(file: Path, settings: Mapping[str, Any], *, what: str, remedy: str) -> None:
    """Write down whose folder it is, unless it is that already.

    Raises:
        RunFolderError: As `check_claim`, whose arguments these are.
    """
    check_claim(file, settings, what=what, remedy=remedy)
    if not file.exists():
        atomic_write(file, toml_of(settings))


def check_claim(file: Path, settings: Mapping[str, Any], *, what: str, remedy: str) -> None:
    """Refuse a folder that cannot be claimed.

    Args:
        file: TOML at the folder's root.
        settings: Everything that decides what comes out.
        what: `training`, as in "holds another training".
        remedy: What to do when it is another's.

    Raises:
        RunFolderError: The folder holds another piece of work, or something else.
    """
    if not file.exists():
        if any(path.name != LOCK_NAME for path in file.parent.iterdir()):
            raise RunFolderError(
                f"{file.parent} is not empty and holds no {what}",
                remedy="give a new or empty folder as --out",
            )
    elif not is_claimed(file, settings):
        changes = _changes(read_toml(file), settings)
        raise RunFolderError(f"{file.parent} holds another {what}: {changes}", remedy=remedy)


def is_claimed(file: Path, settings: Mapping[str, Any]) -> bool:
    """Whether the folder belongs to this very piece of work."""
    return file.exists() and file.read_bytes() == toml_of(settings)


def plain_settings(config: object) -> dict[str, Any]:
    """A config dataclass as TOML has it: tuples are lists, and what is None is left out."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(to_plain(config)))
    return plain


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    was, wanted = dict(_leaves(before, "")), dict(_leaves(now, ""))
    keys = [key for key in sorted(was.keys() | wanted.keys()) if was.get(key) != wanted.get(key)]
    shown = ", ".join(f"{key} {was.get(key)} -> {wanted.get(key)}" for key in keys[:_SHOWN_CHANGES])
    more = f" and {len(keys) - _SHOWN_CHANGES} more" if len(keys) > _SHOWN_CHANGES else ""
    return shown + more


def _leaves(plain: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
