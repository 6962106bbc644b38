"""Which weights are meant, and which they are: known before anything heavy is loaded."""

from __future__ import annotations

import functools
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from videostep.errors import ConfigError, UnavailableError

_HUB_ID = re.compile(r"[\w-][\w.-]*(/[\w.-]+)?")
_CONFIGS = ("config.json", "adapter_config.json")
_DECIDING = frozenset({".bin", ".jinja", ".json", ".model", ".py", ".safetensors", ".txt"})
"""Endings of weights, settings, vocabularies, templates and code; a trainer's state has others."""
_SHOWN_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformersTarget:
    """`ID_OR_PATH[+ADAPTER]`."""

    weights: str
    adapter: str | None

    @property
    def name(self) -> str:
        """The target as it stands; folders by their own name and a digest of what is in them.

        Weights that are trained on where they lie are others afterwards; moved ones are the same.
        """
        parts = (self.weights,) if self.adapter is None else (self.weights, self.adapter)
        return "+".join(map(_named, parts))


def parse_transformers_target(target: str) -> TransformersTarget:
    """Split the target at a plus sign; folders whose own names hold one are taken whole."""
    if "+" not in target or Path(target).is_dir():
        return TransformersTarget(weights=target, adapter=None)
    places = [place for place, character in enumerate(target) if character == "+"]
    place = next((place for place in places if Path(target[place + 1 :]).is_dir()), places[-1])
    weights, adapter = target[:place], target[place + 1 :]
    if not (weights and adapter):
        raise ConfigError(f"transformers:{target} is not transformers:ID_OR_PATH[+ADAPTER]")
    return TransformersTarget(weights=weights, adapter=adapter)


def check_target(target: TransformersTarget) -> None:
    """Raise UnavailableError for a path at which no model lies; ids of the hub are not looked up."""
    for part in filter(None, (target.weights, target.adapter)):
        folder = Path(part)
        if folder.is_dir():
            if not any((folder / name).is_file() for name in _CONFIGS):
                raise _refusal(part, "it holds no config.json")
        elif not _HUB_ID.fullmatch(part):
            raise _refusal(part, "there is no such folder")


def _refusal(part: str, reason: str) -> UnavailableError:
    return UnavailableError(
        f"the model {part!r} cannot be loaded: {reason}",
        remedy="give the folder or the Hugging Face id of a model that reads pictures and text",
    )


def _named(part: str) -> str:
    folder = Path(part).resolve()
    return f"{folder.name}@{_digest(_deciding_files(folder))}" if folder.is_dir() else part


class _File(NamedTuple):
    """A file as it is now: one that is written anew is another."""

    path: Path
    size_bytes: int
    changed_ns: int


def _deciding_files(folder: Path) -> tuple[_File, ...]:
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in _DECIDING)
    stats = [path.stat() for path in paths]
    return tuple(_File(path, stat.st_size, stat.st_mtime_ns) for path, stat in zip(paths, stats, strict=True))


@functools.cache
def _digest(files: tuple[_File, ...]) -> str:
    """Of all files that decide what a model says: their names and bytes."""
    # Hashing lets other threads run: a model of several files is read at the speed of the disk.
    with ThreadPoolExecutor() as pool:
        digests = pool.map(_sha256, [file.path for file in files])
        lines = [f"{file.path.name} {digest}" for file, digest in zip(files, digests, strict=True)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_SHOWN_DIGITS]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
