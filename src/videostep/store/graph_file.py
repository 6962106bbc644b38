"""The graph file, `videostep.stsg/1`: written whole, checked for meaning each time it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import FormatError
from videostep.graph import VideoGraph
from videostep.records import from_json, to_plain
from videostep.sample import VideoRef
from videostep.store.atomic import atomic_write
from videostep.store.graph_rules import find_breaches

_REMEDY = "mend it (docs/formats.md), or delete it and run again to make it anew"


def write_graph(graph: VideoGraph, path: Path) -> bytes:
    """Write the graph; the bytes written, for `graph_sha256`.

    Raises:
        FormatError: The graph breaks a rule of its format; nothing is written.
        RunFolderError: The file cannot be written.
    """
    check_graph(graph, source=str(path))
    data = encode_graph(graph)
    atomic_write(path, data)
    return data


def read_graph(path: Path) -> VideoGraph:
    """Read a graph and check it; unknown fields are kept in `extra`.

    Raises:
        FormatError: The file is missing, is not JSON, has a field of a wrong type, or breaks a rule.
    """
    return read_graph_and_sha256(path)[0]


def read_graph_and_sha256(path: Path) -> tuple[VideoGraph, str]:
    """A graph and the digest by which samples refer to it; raises FormatError as `read_graph` does."""
    data = _bytes_of(path)
    return decode_graph(data, source=str(path)), graph_sha256(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    video: VideoRef


def read_video(path: Path) -> VideoRef:
    """Which video a graph is of, the rest of the file unread; raises FormatError."""
    try:
        return msgspec.json.decode(_bytes_of(path), type=_Head).video
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path} names no video: {error}", remedy=_REMEDY) from error


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror}", remedy=_REMEDY) from error


def read_sound_graphs(paths: Iterable[Path], hear: Callable[[FormatError], None]) -> Iterator[VideoGraph]:
    """Read graphs one by one; a file that `read_graph` refuses is left out, and `hear` is told why."""
    for path in paths:
        try:
            yield read_graph(path)
        except FormatError as error:
            hear(error)


def decode_graph(data: bytes, *, source: str) -> VideoGraph:
    """A graph from the bytes of a graph file; FormatError names `source`, the element and the rule."""
    graph = from_json(data, VideoGraph, source=source, remedy=_REMEDY)
    check_graph(graph, source=source)
    return graph


def check_graph(graph: VideoGraph, *, source: str) -> None:
    """Raise FormatError with the first rule that the graph breaks, and how many more there are."""
    breaches = list(find_breaches(graph))
    if breaches:
        more = f" (and {len(breaches) - 1} more)" if len(breaches) > 1 else ""
        raise FormatError(
            f"{source}: {breaches[0].element}: {breaches[0].rule}{more}",
            remedy="docs/formats.md has the rules",
        )


def encode_graph(graph: VideoGraph) -> bytes:
    """The graph as JSON with one clip, node or edge a line: equal graphs give equal bytes."""
    lines = [f"  {_line(key)}: {_block(value)}" for key, value in to_plain(graph).items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _block(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    return "[\n" + ",\n".join(f"    {_line(item)}" for item in value) + "\n  ]"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def graph_sha256(data: bytes) -> str:
    """The name by which samples refer to the graph file they were made from."""
    return hashlib.sha256(data).hexdigest()
