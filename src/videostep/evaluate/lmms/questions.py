"""Questions as lmms-eval's documents, and the videos that belong to them.

lmms-eval loads a data set by Hugging Face's library and hands its rows around as dicts. Ours come from the
benchmark's own files under `$VIDEOSTEP_BENCHMARKS/NAME`; each row holds a question as JSON.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from videostep.errors import ConfigError, InputError
from videostep.evaluate.answering.words import OptionStyle, words_of_item
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.videos import SUFFIXES, BenchmarkVideos
from videostep.instruction import Instructions

if TYPE_CHECKING:
    import pyarrow

Document = dict[str, Any]
"""A row: `benchmark`, `id`, `video`, `question`, `answer`, and all of the question as JSON under `item`."""
FOLDER_VARIABLE: Final = "VIDEOSTEP_BENCHMARKS"
"""Environment variable: a folder with one folder a benchmark, named as videostep names it."""
_COLUMNS: Final = ("benchmark", "id", "video", "question", "answer", "item")
_ROWS: Final = 10_000
"""Put into columns at a time."""


def questions_of(benchmark: str) -> Any:
    """All questions of a benchmark, as a `datasets.Dataset`.

    Raises:
        ConfigError: `VIDEOSTEP_BENCHMARKS` is not set.
        InputError: There are no files of the benchmark; says where to get them.
        FormatError: A file is not of the benchmark's format.
    """
    import datasets  # type: ignore[import-not-found]  # lmms-eval's, not ours

    return datasets.Dataset(table_of(documents_of(benchmark)))


def documents_of(benchmark: str) -> Iterator[Document]:
    """The rows of a benchmark; raises as `questions_of`."""
    for item in open_benchmark(benchmark).items(folder_of(benchmark)):
        yield {
            "benchmark": benchmark,
            "id": item.id,
            "video": item.video,
            "question": item.question,
            "answer": item.answer,
            "item": msgspec.json.encode(item).decode(),
        }


def table_of(documents: Iterator[Document]) -> pyarrow.Table:
    """Rows in columns; few are held as Python objects at a time."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
    batches = []
    while rows := [row for row, _ in zip(documents, range(_ROWS), strict=False)]:
        batches.append(pa.RecordBatch.from_pylist(rows, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def folder_of(benchmark: str) -> Path:
    """Where a benchmark's files are; raises ConfigError."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        raise ConfigError(
            f"{FOLDER_VARIABLE} is not set",
            remedy=f"set it to the folder that holds {benchmark}/ with the files of the benchmark",
        )
    return Path(folder) / benchmark


def item_of(document: Document) -> Item:
    """The question of a row."""
    return msgspec.json.decode(document["item"], type=Item)


def words_of(document: Document, lmms_eval_specific_kwargs: object = None) -> str:
    """What is asked: the question, its options by letter, and what form the answer must have."""
    style: OptionStyle = "words" if document["benchmark"] == "qra" else "letters"
    return words_of_item(item_of(document), "answer", Instructions(), style, sees=False)


def video_of(document: Document, lmms_eval_specific_kwargs: object = None) -> list[str]:
    """The video file of a question; of a question about a part of a video, the clip that was cut for it.

    Raises:
        InputError: There is no such file, or several.
    """
    item, folder = item_of(document), folder_of(document["benchmark"])
    if item.span_s is None:
        found, name = _videos(_either(folder / "videos", folder)).find(item.video), item.video
        remedy = f"put it into {folder / 'videos'}"
    else:
        clips = folder / "clips"
        found, name = _videos(clips).find(item.id) if clips.is_dir() else None, f"{item.id}.mp4"
        start_s, end_s = item.span_s
        source = item.video if Path(item.video).suffix.lower() in SUFFIXES else f"{item.video}.mp4"
        remedy = f"ffmpeg -ss {start_s} -to {end_s} -i {source} {clips / name}"
    if found is None:
        raise InputError(f"there is no video {name} for question {item.id!r}", remedy=remedy)
    return [str(found)]


def _either(folder: Path, other: Path) -> Path:
    return folder if folder.is_dir() else other


@functools.cache
def _videos(folder: Path) -> BenchmarkVideos:
    return BenchmarkVideos(folder)
