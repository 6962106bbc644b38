"""MovieChat-1K: questions on whole films, and on the moment that has just passed.

Source: github.com/rese1f/MovieChat and its Hugging Face page. One JSON file a video: `info{video_path, fps}`,
`global[{question, answer}]`, `breakpoint[{time (frame), question, answer}]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.rows import Row, files_of, read_file
from videostep.video import TimeSpan


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in files_of(data, "*.json"):
        yield from _items(read_file(path))


def _items(row: Row) -> Iterator[Item]:
    info = row.row("info")
    video = info.text("video_path")
    name = PurePosixPath(video).stem
    for number, asked in enumerate(row.rows("global"), start=1):
        yield _item(f"{name}/global/{number}", video, "global", asked, None)
    if "breakpoint" in row:
        for number, asked in enumerate(row.rows("breakpoint"), start=1):
            yield _item(f"{name}/breakpoint/{number}", video, "breakpoint", asked, _until(asked, info))


def _item(id_: str, video: str, mode: str, row: Row, span_s: TimeSpan | None) -> Item:
    return Item(
        id=id_,
        video=video,
        span_s=span_s,
        question=row.text("question"),
        answer=row.text("answer"),
        kind="open",
        type=mode,
        groups=(mode,),
    )


def _until(asked: Row, info: Row) -> TimeSpan:
    """A question at a breakpoint is about what was seen until then."""
    fps = info.seconds("fps")
    if fps <= 0:
        raise FormatError(f"{info.source}: fps is 0", remedy="take the authors' file")
    return TimeSpan(0.0, round(asked.whole("time") / fps, 3))


BENCHMARK = Benchmark(
    name="moviechat-1k",
    title="MovieChat-1K",
    where="https://huggingface.co/datasets/Enxin/MovieChat-1K-test",
    terms="not stated there; the code is BSD-3-Clause",
    files="a folder with one JSON file a video",
    scorings=("judge", "exact"),
    read=_read,
)
