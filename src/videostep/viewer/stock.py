"""What a run holds as a whole, counted video by video: the head of the page is about all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from videostep.errors import FormatError, RunFolderError
from videostep.graph import VideoGraph, count_graph
from videostep.store.graph_file import read_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import SampleFile


@dataclass(slots=True, kw_only=True)
class Stock:
    """The videos of a run whose graphs are sound, in the run's order."""

    samples: SampleFile
    paths: list[Path] = field(default_factory=list)
    """Their graph files."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """What the page says of each."""
    captions: dict[str, list[str]] = field(default_factory=dict)
    """What happens in each scene of each, by id."""

    @property
    def sizes(self) -> dict[str, int]:
        """How many samples each has, by id."""
        return {row["id"]: row["counts"]["samples"] for row in self.rows}

    def count_within(self, budget_bytes: int) -> int:
        """How many of the first videos have graphs and samples of so many bytes together; one at least."""
        left = budget_bytes
        for number, (path, row) in enumerate(zip(self.paths, self.rows, strict=True)):
            left -= path.stat().st_size + self.samples.size_bytes_of(row["id"])
            if left < 0:
                return max(1, number)
        return len(self.rows)


def take_stock(run: RunFolder, hear: Callable[[FormatError], None]) -> Stock:
    """Look at every graph of a run; a damaged one is left out with its samples, and `hear` is told why.

    Raises:
        RunFolderError: A sample is about a video that has no graph file.
        FormatError: A line of the sample file tells no video.
    """
    stock = Stock(samples=SampleFile(run.samples_jsonl, may_be_missing=True))
    _check_graphs(run, stock.samples)
    for path in run.graph_files():
        try:
            graph = read_graph(path)
        except FormatError as error:
            hear(error)
            continue
        stock.paths.append(path)
        stock.rows.append(_video_row(graph, stock.samples.count_of(graph.video.id)))
        stock.captions[graph.video.id] = [clip.event.description for clip in graph.clips]
    return stock


def _check_graphs(run: RunFolder, samples: SampleFile) -> None:
    names = {path.stem for path in run.graph_files()}
    for video in samples.videos:
        if video not in names:
            raise RunFolderError(
                f"there are samples about {video}, which has no graph in this run",
                remedy="make the samples anew with videostep ask",
            )


def _video_row(graph: VideoGraph, n_samples: int) -> dict[str, Any]:
    video = graph.video
    return {
        "id": video.id,
        "path": video.path,
        "duration_s": video.duration_s,
        "counts": {**count_graph(graph), "samples": n_samples},
    }
