"""Relations of graphs as a prediction file that the public evaluator of VidVRD and VidOR reads.

Source of the form: the evaluator's description. Frames are counted from 0 at the video's own rate, the end of
a duration is exclusive, and boxes are `[left, top, right, bottom]` in pixels, all four inclusive.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from videostep.formats.graphs.source_video import VIDEO_SUFFIXES
from videostep.formats.graphs.vidvrd_words import VIDVRD, Vocabulary
from videostep.graph import Box, ObjectNode, RelationEdge, VideoGraph, count_graph
from videostep.store.atomic import refusal
from videostep.video import TimeSpan, Video

VERSION: Final = "VERSION 1.0"
"""The only version that the evaluator takes."""
PIXEL_DIGITS: Final = 1

Corners = list[float]
Path2D = list[tuple[float, Box]]
"""Times and boxes of an object, in time order."""


@dataclass(slots=True)
class VidvrdExport:
    """What was written, and what of the graphs the file cannot hold."""

    videos: int = 0
    relations: int = 0
    """Relation instances: a relation that holds twice counts twice."""
    left_out: Counter[str] = field(default_factory=Counter)
    """By kind, with the reason: `relations of a thing without boxes`."""


def write_vidvrd(
    graphs: Iterable[VideoGraph], path: Path, *, vocabulary: Vocabulary = VIDVRD
) -> VidvrdExport:
    """Write the relations of graphs as one prediction file; memory holds one video at a time.

    Args:
        graphs: Videos are named by their file's name without its suffix, as the data sets name them.
        path: The file to write; it appears whole or not at all.
        vocabulary: Of the ground truth, by whose terms labels and predicates are written. Words that it does
            not know are written with `_` for blanks, and score nothing.

    Raises:
        RunFolderError: The file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            export = _write(graphs, file, vocabulary)
        os.replace(part, path)
    except OSError as error:
        raise refusal(path, error) from error
    finally:
        # Where the folder itself is the trouble, nothing was written.
        with suppress(OSError):
            part.unlink()
    return export


def _write(graphs: Iterable[VideoGraph], file: BinaryIO, vocabulary: Vocabulary) -> VidvrdExport:
    export, names = VidvrdExport(), set[str]()
    file.write(f'{{"version": "{VERSION}", "results": {{'.encode())
    for graph in graphs:
        name = video_name(graph.video)
        if name in names:
            export.left_out["videos of a name that came before"] += 1
            continue
        file.write(b",\n" if names else b"\n")
        file.write(
            msgspec.json.encode(name) + b": " + msgspec.json.encode(_instances(graph, vocabulary, export))
        )
        names.add(name)
        export.videos += 1
    file.write(b"\n}}\n")
    return export


def video_name(video: Video) -> str:
    """The video's id in its data set: its file's name without folders and suffix."""
    path = Path(video.path)
    return path.stem if path.suffix.lower() in VIDEO_SUFFIXES else path.name


def _instances(graph: VideoGraph, vocabulary: Vocabulary, export: VidvrdExport) -> list[dict[str, Any]]:
    counts = count_graph(graph)
    export.left_out.update(
        {kind: counts[kind] for kind in ("attributes", "motions", "references") if counts[kind]}
    )
    if not graph.video.width_px or not graph.video.height_px:
        export.left_out["relations in a video of unknown size"] += len(graph.relations)
        return []
    tracks = _Tracks(graph)
    found = [instance for edge in graph.relations for instance in tracks.instances(edge, vocabulary, export)]
    export.relations += len(found)
    return found


class _Tracks:
    """Where the objects of a graph are in each frame."""

    def __init__(self, graph: VideoGraph) -> None:
        times_s = {frame.id: frame.time_s for clip in graph.clips for frame in clip.keyframes}
        self._video = graph.video
        self._nodes: dict[str, ObjectNode] = {node.id: node for node in graph.objects}
        self._paths: dict[str, Path2D] = {
            node.id: sorted((times_s[box.keyframe], box.xyxy) for box in node.boxes) for node in graph.objects
        }

    def instances(
        self, edge: RelationEdge, vocabulary: Vocabulary, export: VidvrdExport
    ) -> Iterator[dict[str, Any]]:
        """One entry for each span of a relation."""
        subject, object_ = self._paths[edge.subject], self._paths[edge.object]
        if not subject or not object_:
            export.left_out["relations of a thing without boxes"] += 1
            return
        triplet = [
            vocabulary.category(self._nodes[edge.subject].label),
            vocabulary.term(edge.predicate),
            vocabulary.category(self._nodes[edge.object].label),
        ]
        for span_s in edge.spans_s:
            begin, end = self._frames(span_s)
            yield {
                "triplet": triplet,
                "score": edge.confidence,
                "duration": [begin, end],
                "sub_traj": self._corners(subject, begin, end),
                "obj_traj": self._corners(object_, begin, end),
            }

    def _frames(self, span_s: TimeSpan) -> tuple[int, int]:
        begin = round(span_s.start_s * self._video.fps)
        return begin, max(begin + 1, round(span_s.end_s * self._video.fps))

    def _corners(self, path: Path2D, begin: int, end: int) -> list[Corners]:
        boxes = between(path, [frame / self._video.fps for frame in range(begin, end)])
        width_px, height_px = self._video.width_px, self._video.height_px
        return [
            [
                round(box.x1 * width_px, PIXEL_DIGITS),
                round(box.y1 * height_px, PIXEL_DIGITS),
                # The evaluator's boxes hold their last row and column.
                round(box.x2 * width_px - 1, PIXEL_DIGITS),
                round(box.y2 * height_px - 1, PIXEL_DIGITS),
            ]
            for box in boxes
        ]


def between(path: Path2D, times_s: Sequence[float]) -> list[Box]:
    """Boxes at rising times: on a straight line between two that are known, and still before and after all.

    Args:
        path: At least one box.
        times_s: In order.
    """
    boxes, after = [], 0
    for time_s in times_s:
        while after < len(path) and path[after][0] <= time_s:
            after += 1
        if after in (0, len(path)):
            boxes.append(path[min(after, len(path) - 1)][1])
            continue
        (start_s, start), (end_s, end) = path[after - 1], path[after]
        share = (time_s - start_s) / (end_s - start_s)
        boxes.append(Box(*(a + share * (b - a) for a, b in zip(start, end, strict=True))))
    return boxes
