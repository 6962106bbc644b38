"""Writes the report: reads a run folder, puts it into one self-contained page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostep.errors import FormatError, RunFolderError
from videostep.graph import VideoGraph, count_graph
from videostep.records import to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_write
from videostep.store.entries import read_errors
from videostep.store.graph_file import read_sound_graphs
from videostep.store.refinement import read_refinement
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples
from videostep.viewer.controls_file import write_controls
from videostep.viewer.drops import group_drops, read_drops
from videostep.viewer.page import Block, render_page
from videostep.viewer.pictures import Thumbnailer
from videostep.viewer.totals import count_samples, sum_counts

REPORT_FORMAT = "videostep.report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConfig:
    """How the page is made. Not part of STEP."""

    thumbnail_px: int = 512
    """Longer side of a keyframe inside the page, pixels: enough to recognise a person in a street scene."""
    thumbnail_quality: int = 72
    """JPEG quality of those that had to be shrunk, 1..95."""
    pictures_bytes: int = 32_000_000
    """Total of all pictures inside the page, about 1,000; later ones are linked to `../keyframes`."""
    examples_per_reason: int = 8
    """Dropped questions shown for each reason; the counts are always complete."""


def write_report(
    run: Path, config: ReportConfig | None = None, *, hear: Callable[[FormatError], None] | None = None
) -> Path:
    """Write RUN/report/index.html, and controls.json beside it, from the other files of the run folder.

    The bytes depend on those files alone. Videos stand in the order of their graph files' names. A video
    whose graph file is damaged is left out.

    Args:
        run: The run folder.
        config: How the page is made.
        hear: Is told of every damaged graph file.

    Returns:
        The page's path.

    Raises:
        RunFolderError: `run` is no run folder, the page cannot be written, or samples name a video
            that has no graph.
        FormatError: Another file of the run is not what its format says.
    """
    folder = RunFolder(run)
    folder.check_exists()
    graphs = tuple(read_sound_graphs(folder.graph_files(), hear or (lambda error: None)))
    atomic_write(folder.report, render_page(_read_blocks(folder, graphs, config or ReportConfig())))
    return folder.report


def _read_blocks(run: RunFolder, graphs: Sequence[VideoGraph], config: ReportConfig) -> Iterator[Block]:
    """The page's data: the summary first, then each video's.

    A video's graph, pictures and samples are blocks of their own, so that the browser reads only
    those it shows.
    """
    samples = _by_video(run, graphs)
    yield Block(
        "run", {**_summary(run, graphs, samples, config), "controls": _controls(run, graphs, samples)}
    )
    thumbnailer = Thumbnailer(run.root, config.thumbnail_px, config.thumbnail_quality, config.pictures_bytes)
    for number, graph in enumerate(graphs):
        yield Block(f"graph-{number}", to_plain(graph))
        yield Block(f"pictures-{number}", thumbnailer.pictures_of(graph))
        yield Block(f"samples-{number}", [_card(sample) for sample in samples[graph.video.id]])


def _by_video(run: RunFolder, graphs: Sequence[VideoGraph]) -> dict[str, list[Sample]]:
    """The samples of each graph; those of a damaged one, which its file's name tells, are left out."""
    by_video: dict[str, list[Sample]] = {graph.video.id: [] for graph in graphs}
    names = {path.stem for path in run.graph_files()}
    for sample in read_samples(run.samples_jsonl) if run.samples_jsonl.exists() else ():
        if sample.video.id not in by_video and sample.video.id in names:
            continue
        if sample.video.id not in by_video:
            raise RunFolderError(
                f"sample {sample.id} is about {sample.video.id}, which has no graph in this run",
                remedy="make the samples anew with videostep ask",
            )
        by_video[sample.video.id].append(sample)
    return by_video


def _summary(
    run: RunFolder, graphs: Sequence[VideoGraph], samples: dict[str, list[Sample]], config: ReportConfig
) -> dict[str, Any]:
    videos = [_video_row(graph, samples[graph.video.id]) for graph in graphs]
    return {
        "format": REPORT_FORMAT,
        "totals": {"videos": len(videos), **sum_counts(row["counts"] for row in videos)},
        "samples": count_samples([sample for rows in samples.values() for sample in rows]),
        "drops": group_drops(read_drops(run), config.examples_per_reason),
        "refinement": to_plain(read_refinement(run)),
        "errors": [to_plain(error) for error in read_errors(run)],
        "settings": run.config.read_text(encoding="utf-8", errors="replace"),
        "videos": videos,
    }


def _controls(
    run: RunFolder, graphs: Sequence[VideoGraph], samples: dict[str, list[Sample]]
) -> dict[str, Any]:
    """How well the samples are answered blind; the events of a graph are what a caption would say."""
    captions = {graph.video.id: [clip.event.description for clip in graph.clips] for graph in graphs}
    plain: dict[str, Any] = to_plain(
        write_controls(run, [s for rows in samples.values() for s in rows], captions)
    )
    return plain


def _video_row(graph: VideoGraph, samples: Sequence[Sample]) -> dict[str, Any]:
    video = graph.video
    return {
        "id": video.id,
        "path": video.path,
        "duration_s": video.duration_s,
        "counts": {**count_graph(graph), "samples": len(samples)},
    }


def _card(sample: Sample) -> dict[str, Any]:
    """What a card shows; the video, and what made the sample, stand elsewhere in the page."""
    left_out = {"format", "video", "provenance", "template", "extra"}
    return {key: value for key, value in to_plain(sample).items() if key not in left_out}
