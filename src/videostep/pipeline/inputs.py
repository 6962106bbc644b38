"""What the user named -> the videos of a run: files, folders, globs and lists of those."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from videostep.errors import InputError
from videostep.media.decode import video_id
from videostep.pipeline.progress import Reporter, Silent
from videostep.store.entries import ErrorEntry
from videostep.store.names import name_in_utf8
from videostep.store.order import natural_key
from videostep.store.stamps import sha256_of_file

_SUFFIXES = (
    ".3gp .asf .avi .divx .f4v .flv .gif .m2ts .m2v .m4v .mjpeg .mjpg .mkv .mov .mp4 .mpeg .mpg .mts "
    ".mxf .ogm .ogv .qt .rm .rmvb .ts .vob .webm .wmv .y4m"
)
VIDEO_SUFFIXES = frozenset(_SUFFIXES.split())
"""What a file in a folder must end in to be taken; a file that is named itself may end in anything."""

FIND_STAGE = "find"
"""The stage that error entries of unusable inputs name."""
MUCH_BYTES = 1 << 30
"""From so much on, reading everything once takes a while: its progress is told."""
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputVideo:
    """One video to watch."""

    path: str
    """As the user gave it, POSIX separators."""
    id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that the user's words stand for."""

    videos: tuple[InputVideo, ...]
    """Each content once, in the order given; a folder's in natural order."""
    duplicates: tuple[tuple[str, str], ...]
    """(path, path of the video with the same content that is taken instead)."""
    unusable: tuple[ErrorEntry, ...]
    """What names nothing, or cannot be read."""


def find_videos(names: Sequence[str], reporter: Reporter | None = None) -> Inputs:
    """Find the videos that files, folders, globs and `.txt` lists stand for, and fingerprint them.

    Args:
        names: As the user gave them.
        reporter: Hears how many files have been read.

    Raises:
        InputError: Nothing that was named can be used; the first reason is given.
    """
    videos: dict[str, InputVideo] = {}
    duplicates: list[tuple[str, str]] = []
    unusable: list[ErrorEntry] = []
    paths = dict.fromkeys(_expand_all(names, unusable))
    reporter = reporter if reporter and _size_bytes(paths) >= MUCH_BYTES else Silent()
    reporter.begin("read", len(paths), "files")
    for done, path in enumerate(paths):
        reporter.advance("read", done, {})
        try:
            digest = _fingerprint(path)
        except (InputError, OSError) as error:
            unusable.append(_entry(path.as_posix(), error))
            continue
        name = path.as_posix()
        first = videos.setdefault(digest, InputVideo(path=name, id=video_id(path, digest), sha256=digest))
        if first.path != name:
            duplicates.append((name, first.path))
    reporter.advance("read", len(paths), {})
    reporter.end("read")
    if not videos:
        raise _nothing_usable(unusable)
    return Inputs(videos=tuple(videos.values()), duplicates=tuple(duplicates), unusable=tuple(unusable))


def _size_bytes(paths: Iterable[Path]) -> int:
    return sum(os.path.getsize(path) for path in paths if os.path.isfile(path))


def _nothing_usable(unusable: Sequence[ErrorEntry]) -> InputError:
    if not unusable:
        return InputError("no video was named", remedy="name a video, a folder, a glob or a list.txt")
    more = f" (and {len(unusable) - 1} more)" if len(unusable) > 1 else ""
    return InputError(f"{unusable[0].reason}{more}", remedy=unusable[0].remedy)


def _expand_all(names: Sequence[str], unusable: list[ErrorEntry]) -> Iterator[Path]:
    for name in names:
        try:
            yield from _expand(name)
        except (InputError, OSError) as error:
            unusable.append(_entry(name, error))


def _expand(name: str) -> Iterator[Path]:
    if not name:
        # Most often a variable of a script that was never set: the current folder is not meant.
        raise InputError("the name of a video is empty", remedy="write . for the current folder")
    path = Path(name)
    if path.is_dir():
        yield from _videos_in(path)
    elif path.suffix.lower() == ".txt" and path.is_file():
        yield from _listed_in(path)
    elif path.exists() or not _GLOB.search(name):
        yield _existing(path)
    else:
        yield from _matching(name)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise InputError(f"there is no file {path}", remedy="check the path")
    return path


def _videos_in(folder: Path) -> Iterator[Path]:
    """The videos of a folder and of those in it, hidden ones aside (macOS leaves `._clip.mp4` beside clips).

    A folder that may not be looked into is given itself.
    """
    found: list[Path] = []
    for root, _, names in os.walk(folder, onerror=lambda error: found.append(Path(error.filename))):
        shown = (name for name in names if not name.startswith("."))
        videos = (Path(root, name) for name in shown if Path(name).suffix.lower() in VIDEO_SUFFIXES)
        found.extend(filter(os.path.isfile, videos))
    if not found:
        raise InputError(
            f"the folder {folder} holds no video",
            remedy="name files themselves if they end in something unusual",
        )
    yield from sorted(found, key=lambda path: natural_key(path.as_posix()))


def _matching(pattern: str) -> Iterator[Path]:
    found = sorted(glob.glob(pattern, recursive=True), key=natural_key)
    if not found:
        raise InputError(f"nothing matches {pattern}", remedy="check the pattern")
    for name in found:
        yield from _videos_in(Path(name)) if Path(name).is_dir() else [Path(name)]


def _listed_in(path: Path) -> Iterator[Path]:
    """A list names one video a line, relative to its own folder; blank lines and `#` lines are skipped."""
    try:
        # Some editors begin a file with a byte order mark: -sig takes it away.
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"the list {path} is not UTF-8 text", remedy="save it as UTF-8 text") from error
    names = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    if not names:
        raise InputError(f"the list {path} names no video", remedy="write one path a line")
    for name in names:
        yield path.parent / name


def _fingerprint(path: Path) -> str:
    """SHA-256 of a video's bytes; raises InputError or OSError."""
    if name_in_utf8(path.as_posix()) != path.as_posix():
        raise InputError(f"the name of {path} is not UTF-8", remedy="rename it")
    if stat.S_IFMT(path.stat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
        # It could be read once at most; some never end.
        raise InputError(f"{path} is a pipe or a device", remedy="save the video as a file first")
    return sha256_of_file(path)


def _entry(name: str, error: InputError | OSError) -> ErrorEntry:
    path = name_in_utf8(Path(name).as_posix())
    reason, remedy = _words(Path(name), error)
    return ErrorEntry(
        video=video_id(Path(name), sha256(path.encode()).hexdigest()),
        path=path,
        severity="failed",
        stage=FIND_STAGE,
        reason=name_in_utf8(reason),
        remedy=remedy,
    )


def _words(path: Path, error: InputError | OSError) -> tuple[str, str]:
    if isinstance(error, InputError):
        return error.message, error.remedy
    if isinstance(error, FileNotFoundError):
        return f"there is no file {path}", "check the path"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder", "name the video files in it"
    if isinstance(error, PermissionError):
        return f"{path} may not be read", "allow it with chmod +r, or leave it out"
    return f"{path} cannot be read: {error.strerror}", "check the file and its disk"
