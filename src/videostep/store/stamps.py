"""Stamps: what a finished piece of work was made of, so that a later run can tell whether it still holds."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import videostep
from videostep.errors import RunFolderError
from videostep.records import to_plain

_NOUNS = ("video.py", "graph.py", "sample.py", "records.py")


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes in hex, read piece by piece; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_config(config: object) -> str:
    """SHA-256 of a config dataclass or plain settings: equal ones give equal digests whatever their order."""
    plain = config if isinstance(config, Mapping) else to_plain(config)
    return sha256_of_words({"config": json.dumps(plain, sort_keys=True)})


def sha256_of_words(words: Mapping[str, str]) -> str:
    """SHA-256 of named texts; the names are part of it, their order is not."""
    canonical = json.dumps(dict(words), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def sha256_of_outputs(root: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over the names (relative to `root`) and bytes of files; raises RunFolderError."""
    try:
        digests = {path.relative_to(root).as_posix(): sha256_of_file(path) for path in paths}
    except OSError as error:
        raise RunFolderError(f"{error.filename} cannot be read: {error.strerror}") from error
    return sha256_of_words(digests)


@functools.cache
def code_version(*rooms: str) -> str:
    """The package's version and a digest of the code, weights and pages that decide what `rooms` make.

    Args:
        rooms: Folders, files or globs of the package, such as `media` and `induce/*.py`. The nouns always
            count.
    """
    package = Path(videostep.__file__).parent
    sources = [package / name for name in _NOUNS]
    for room in rooms:
        # What is not there is refused below.
        for path in sorted(package.glob(room)) or [package / room]:
            sources += sorted(filter(_is_source, path.rglob("*"))) if path.is_dir() else [path]
    return f"{videostep.__version__}+{sha256_of_outputs(package, sources)[:12]}"


@functools.cache
def library_versions(*names: str) -> str:
    """The installed versions of other packages, `av 18.1.0, numpy 2.4.6`; `none` where there is none."""
    return ", ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
