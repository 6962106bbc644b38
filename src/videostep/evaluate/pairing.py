"""Which graph of one run is about the same video as which graph of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple

from videostep.errors import FormatError
from videostep.records import from_json
from videostep.video import Video

By = Literal["id", "sha256", "file name"]
_KEYS: Final[tuple[tuple[By, Callable[[Video], str]], ...]] = (
    ("id", lambda video: video.id),
    ("sha256", lambda video: video.sha256),
    ("file name", lambda video: PurePosixPath(video.path).stem),
)
"""Tried in this order: what is surer comes first."""
_REMEDY: Final = "mend it, or delete it and run again to make it anew"


class GraphFile(NamedTuple):
    """A graph file whose video is known; the graph in it has not been checked yet."""

    path: Path
    video: Video


class VideoPair(NamedTuple):
    """Two graph files of one video."""

    predicted: GraphFile
    true: GraphFile
    by: By


class Pairing(NamedTuple):
    """All graph files of two runs."""

    pairs: tuple[VideoPair, ...]
    """In the order of the predicted run."""
    only_predicted: tuple[Video, ...]
    only_true: tuple[Video, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphHeader:
    """The part of a graph file that names its video."""

    video: Video


def list_graphs(paths: Iterable[Path], hear: Callable[[FormatError], None]) -> Iterator[GraphFile]:
    """The videos of graph files, without the graphs; `hear` is told of files that name no video."""
    for path in paths:
        try:
            yield GraphFile(path, _video_of(path))
        except FormatError as error:
            hear(error)


def _video_of(path: Path) -> Video:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}", remedy=_REMEDY) from error
    return from_json(data, GraphHeader, source=str(path), remedy=_REMEDY).video


def pair_graphs(predicted: Iterable[GraphFile], true: Iterable[GraphFile]) -> Pairing:
    """Pair graph files by video id, else by content, else by file name without folder and ending.

    Only what names one file on each side pairs: an empty digest, or a name that two videos of a side
    share, does not.
    """
    lefts, rights = list(predicted), list(true)
    found: dict[Path, VideoPair] = {}
    taken: set[Path] = set()
    for by, key in _KEYS:
        candidates = _named_once((file for file in rights if file.path not in taken), key)
        for name, file in _named_once((file for file in lefts if file.path not in found), key).items():
            if name in candidates:
                found[file.path] = VideoPair(file, candidates[name], by)
                taken.add(candidates[name].path)
    return Pairing(
        pairs=tuple(found[file.path] for file in lefts if file.path in found),
        only_predicted=tuple(file.video for file in lefts if file.path not in found),
        only_true=tuple(file.video for file in rights if file.path not in taken),
    )


def _named_once(files: Iterable[GraphFile], key: Callable[[Video], str]) -> dict[str, GraphFile]:
    by_name: dict[str, list[GraphFile]] = defaultdict(list)
    for file in files:
        by_name[key(file.video)].append(file)
    return {name: same[0] for name, same in by_name.items() if name and len(same) == 1}
