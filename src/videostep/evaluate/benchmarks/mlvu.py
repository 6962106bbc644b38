"""MLVU (dev): long videos, seven tasks with options.

Source: github.com/JUNJIE99/MLVU (evaluation/, `json/N_TASK.json`): an array of `video, duration, question,
candidates[], answer, question_type`. `8_sub_scene` and `9_summary` are answered in free text and scored by a
judge with a prompt of their own; they are not read. The headline (M-Avg) is the mean of the seven
accuracies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear, Skipped
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.rows import Row, files_of, read_rows

TASKS: Final = ("plotQA", "needle", "ego", "count", "order", "anomaly_reco", "topic_reasoning")
_FREE_TEXT = ("sub_scene", "summary")


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in files_of(data, "*.json"):
        task = path.stem.lstrip("0123456789_")
        if task in _FREE_TEXT:
            hear(Skipped(id=path.name, reason="free texts are scored by a judge of their own"))
        if task in TASKS:
            for number, row in enumerate(read_rows(path), start=1):
                yield _item(f"{task}/{number}", task, f"{path.stem}/", row)


def _item(id_: str, task: str, folder: str, row: Row) -> Item:
    choices, answer = row.texts("candidates"), row.text("answer")
    return Item(
        id=id_,
        video=folder + row.text("video"),
        question=row.text("question"),
        answer=answer,
        choices=choices,
        answer_index=choices.index(answer) if answer in choices else None,
        kind="choice",
        type=task,
        groups=(task,),
    )


BENCHMARK = Benchmark(
    name="mlvu",
    title="MLVU (dev, multiple choice)",
    where="https://huggingface.co/datasets/MLVU/MVLU",
    terms="CC BY-NC-SA 4.0; asks for registration",
    files="the folder json with one file a task",
    scorings=("choice",),
    mean_of=TASKS,
    read=_read,
)
