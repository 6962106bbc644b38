"""Writes the report: reads a run folder, puts it into one self-contained page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from videostep.errors import FormatError
from videostep.reason.controls.draw import draw_videos
from videostep.records import to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_open
from videostep.store.entries import read_errors
from videostep.store.graph_drops import count_graph_drops
from videostep.store.graph_file import read_graph
from videostep.store.refinement import read_refinement
from videostep.store.run_folder import RunFolder
from videostep.viewer.controls_file import write_controls
from videostep.viewer.drops import group_drops, read_drops
from videostep.viewer.page import Block, render_page
from videostep.viewer.pictures import Thumbnailer
from videostep.viewer.stock import Stock, take_stock
from videostep.viewer.totals import SampleTally, sum_counts

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
    videos_bytes: int = 64_000_000
    """Total of all graphs and samples inside the page, as they lie in the run: some 400 videos of a minute.
    Later videos are counted and not shown; a browser would not open a page of thousands."""
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
    pieces = render_page(_read_blocks(folder, hear or (lambda error: None), config or ReportConfig()))
    with atomic_open(folder.report) as file:
        file.writelines(pieces)
    return folder.report


def _read_blocks(
    run: RunFolder, hear: Callable[[FormatError], None], config: ReportConfig
) -> Iterator[Block]:
    """The page's data: the summary first, then each video's.

    A video's graph, pictures and samples are blocks of their own, so that the browser reads only
    those it shows, and that one video at a time is held here.
    """
    stock = take_stock(run, hear)
    n_shown = stock.count_within(config.videos_bytes)
    yield Block("run", _summary(run, stock, n_shown, config))
    thumbnailer = Thumbnailer(run.root, config.thumbnail_px, config.thumbnail_quality, config.pictures_bytes)
    for number, path in enumerate(stock.paths[:n_shown]):
        graph = read_graph(path)
        yield Block(f"graph-{number}", to_plain(graph))
        yield Block(f"pictures-{number}", thumbnailer.pictures_of(graph))
        cards = [_card(sample) for sample in stock.samples.samples_of(graph.video.id)]
        yield Block(f"samples-{number}", cards)


def _summary(run: RunFolder, stock: Stock, n_shown: int, config: ReportConfig) -> dict[str, Any]:
    tally = SampleTally()
    controls = _controls(run, stock, tally)
    return {
        "format": REPORT_FORMAT,
        "totals": {"videos": len(stock.rows), **sum_counts(row["counts"] for row in stock.rows)},
        "samples": tally.ranked(),
        "not_confirmed": to_plain(count_graph_drops(run)),
        "drops": group_drops(read_drops(run), config.examples_per_reason),
        "refinement": to_plain(read_refinement(run)),
        "errors": [to_plain(error) for error in read_errors(run)],
        "settings": run.config.read_text(encoding="utf-8", errors="replace"),
        "videos": stock.rows[:n_shown],
        "controls": controls,
    }


def _controls(run: RunFolder, stock: Stock, tally: SampleTally) -> dict[str, Any]:
    """How well the samples are answered blind; the events of a graph are what a caption would say.

    All samples pass `tally` on the way.
    """
    drawn = draw_videos(stock.sizes)
    controls = write_controls(
        run,
        _drawn_samples(stock, drawn, tally),
        {video: stock.captions[video] for video in sorted(drawn)},
        of_samples=sum(stock.sizes.values()),
    )
    plain: dict[str, Any] = to_plain(controls)
    return plain


def _drawn_samples(stock: Stock, drawn: Collection[str], tally: SampleTally) -> Iterator[Sample]:
    for row in stock.rows:
        for sample in stock.samples.samples_of(row["id"]):
            tally.count(sample)
            if sample.video.id in drawn:
                yield sample


def _card(sample: Sample) -> dict[str, Any]:
    """What a card shows; the video, and what made the sample, stand elsewhere in the page."""
    left_out = {"format", "video", "provenance", "template", "extra"}
    return {key: value for key, value in to_plain(sample).items() if key not in left_out}
