"""The video that annotations are about: from its file where the user has it, else as they describe it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import videostep
from videostep.errors import InputError
from videostep.formats.graphs.digest import sha256_of_plain
from videostep.graph import Provenance
from videostep.media.decode import open_video, video_id
from videostep.store.stamps import sha256_of_words
from videostep.video import Video

VIDEO_SUFFIXES: Final = frozenset((".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"))
"""Of the files in which the data sets' videos come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """What a reader knows, or assumes, of a video without its file."""

    duration_s: float
    fps: float
    width_px: int = 0
    """0: not known."""
    height_px: int = 0
    assumed: tuple[str, ...] = ()
    """Names of the fields that are assumed, not read; they stand in the graph's `video.assumed`."""


class VideoFolder:
    """The user's video files by name, looked up without their suffix."""

    def __init__(self, folder: Path | None) -> None:
        """Look through `folder`; None: there are no files. Raises InputError when it is no folder."""
        if folder is not None and not folder.is_dir():
            raise InputError(f"there is no folder {folder}", remedy="name the folder of the video files")
        self._paths: dict[str, Path] = {}
        for path in _video_files(folder) if folder is not None else ():
            self._paths.setdefault(_stem(path.name), path)

    def find(self, name: str) -> Path | None:
        """The file of the video `name` (suffix or none), or None."""
        return self._paths.get(_stem(name))

    def read(self, name: str) -> Video | None:
        """The video `name` as its file says; None without one; raises MediaError when it cannot be decoded.

        Only the first frame is decoded, so the length is the declared one.
        """
        path = self.find(name)
        return _read_video(path) if path is not None else None


def described_video(name: str, facts: VideoFacts, record: Any) -> Video:
    """A video that is known from annotations only.

    Args:
        name: As the data set calls it, with its suffix if it has one.
        facts: Length, rate and size.
        record: What the annotations say, plain data; its digest stands in for that of the file, so that
            other annotations give another id.
    """
    sha256 = sha256_of_plain(record)
    return Video(
        id=video_id(Path(name), sha256),
        path=name,
        sha256=sha256,
        duration_s=facts.duration_s,
        fps=facts.fps,
        width_px=facts.width_px,
        height_px=facts.height_px,
        extra={"sha256_of": "annotations", **({"assumed": list(facts.assumed)} if facts.assumed else {})},
    )


def import_provenance(format_name: str, **settings: str) -> Provenance:
    """What made an imported graph: `videostep import FORMAT`, and the options that decided how."""
    return Provenance(
        generator=f"videostep import {format_name}",
        version=videostep.__version__,
        model=f"annotations/{format_name}",
        config_sha256=sha256_of_words(settings),
        seed=0,
        extra={"settings": dict(settings)} if settings else {},
    )


@functools.lru_cache(maxsize=256)
def _read_video(path: Path) -> Video:
    with open_video(path) as reader:
        return reader.video


def _video_files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in VIDEO_SUFFIXES and not name.startswith("."):
                yield Path(root, name)


def _stem(name: str) -> str:
    path = Path(name)
    return path.stem if path.suffix.lower() in VIDEO_SUFFIXES else path.name
