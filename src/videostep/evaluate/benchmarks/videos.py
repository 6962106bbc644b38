"""Where the videos of a benchmark lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from videostep.errors import InputError
from videostep.media.numbered_pictures import PICTURE_SUFFIXES

SUFFIXES: Final = frozenset((".avi", ".gif", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".mpeg", ".webm"))
"""Of the files in which the benchmarks' videos come."""


class BenchmarkVideos:
    """The video files of a folder and all below it, by the names that benchmarks give them.

    A folder of numbered pictures is a video, too.
    """

    def __init__(self, folder: Path) -> None:
        """Look through `folder`; raises InputError when there is none."""
        if not folder.is_dir():
            raise InputError(f"there is no folder {folder}", remedy="name the folder of the video files")
        self._by_stem: dict[str, list[Path]] = {}
        for path in _video_files(folder):
            self._by_stem.setdefault(_stem(path.name), []).append(path)

    def find(self, name: str) -> Path | None:
        """The file of a video, or None.

        Downloads differ in suffix, in the capitals of names and in the folders around them, so a file is
        found by its stem. Where several have it, the one whose folders agree with the name's is taken.

        Args:
            name: As `Item.video` has it: an id, a file name, or a path under the folder.

        Raises:
            InputError: Several files could be meant.
        """
        stem = _stem(name)
        # ActivityNet's videos go around with and without the prefix of their ids.
        paths = self._by_stem.get(stem) or self._by_stem.get(stem.removeprefix("v_"), [])
        if len(paths) > 1:
            agreeing = [path for path in paths if _folders_agree(path, name)]
            paths = agreeing or paths
        if len(paths) > 1:
            raise InputError(
                f"{name!r} may be {paths[0]} or {paths[1]}",
                remedy="keep one of them, or name a narrower folder",
            )
        return paths[0] if paths else None


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    return (path.stem if path.suffix.lower() in SUFFIXES else path.name).casefold()


def _folders_agree(path: Path, name: str) -> bool:
    folders = PurePosixPath(name).parent.parts
    return bool(folders) and path.parent.parts[-len(folders) :] == folders


def _video_files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        if any(_is_numbered_picture(name) for name in names):
            yield Path(root)
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(root, name)


def _is_numbered_picture(name: str) -> bool:
    path = PurePosixPath(name)
    return path.stem.isdecimal() and path.suffix.lower() in PICTURE_SUFFIXES
