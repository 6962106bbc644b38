"""Video-MME: short, medium and long videos of six domains, four options.

Source: huggingface.co/datasets/lmms-lab/Video-MME (`test-00000-of-00001.parquet`): `video_id, videoID,
duration, domain, sub_category, task_type, question_id, question, options["A. ..."], answer (a letter)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, choice_answer
from videostep.evaluate.benchmarks.lettered import letter_place, without_letter
from videostep.evaluate.benchmarks.rows import Row, first_file_of, read_rows


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "test-*.parquet", "*.parquet", "test.jsonl", "test.json"):
        yield from map(_item, read_rows(path))


def _item(row: Row) -> Item:
    choices = tuple(without_letter(option) for option in row.texts("options"))
    place = letter_place(row.text("answer"))
    task = row.text("task_type")
    return Item(
        id=row.text("question_id"),
        video=row.text("videoID"),
        question=row.text("question"),
        answer=choice_answer(choices, place),
        choices=choices,
        answer_index=place if place is not None and place < len(choices) else None,
        kind="choice",
        type=task,
        groups=(f"duration/{row.text('duration')}", f"domain/{row.text('domain')}", f"task/{task}"),
    )


BENCHMARK = Benchmark(
    name="video-mme",
    title="Video-MME (without subtitles)",
    where="https://huggingface.co/datasets/lmms-lab/Video-MME (copy) and "
    "https://github.com/MME-Benchmarks/Video-MME (authors)",
    terms="academic research only, no passing on; the videos belong to their owners",
    files="test-00000-of-00001.parquet",
    scorings=("choice",),
    read=_read,
)
