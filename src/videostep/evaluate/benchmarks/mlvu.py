"""MLVU (dev): long videos, seven tasks with options and two in free text.

Source: github.com/JUNJIE99/MLVU (evaluation/, generation_evaluation/, `json/N_TASK.json`): an array of
`video, duration, question, candidates[], answer, question_type`. The headline (M-Avg) is the mean of the
seven accuracies. `8_sub_scene` and `9_summary` have no options; a judge gives two scores of 1 to 5 and their
sum is reported, for a scene by its `scoring_points`, for a summary by the true one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, Judging
from videostep.evaluate.benchmarks.rows import Row, files_of, read_rows

TASKS: Final = ("plotQA", "needle", "ego", "count", "order", "anomaly_reco", "topic_reasoning")
_FREE_TEXT: Final[dict[str, Judging]] = {"sub_scene": "sub-scene", "summary": "summary"}


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in files_of(data, "*.json"):
        task = path.stem.lstrip("0123456789_")
        if task in TASKS or task in _FREE_TEXT:
            for number, row in enumerate(read_rows(path), start=1):
                make = _free_text if task in _FREE_TEXT else _item
                yield make(f"{task}/{number}", task, f"{path.stem}/", row)


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


def _free_text(id_: str, task: str, folder: str, row: Row) -> Item:
    judging = _FREE_TEXT[task]
    points = row.value("scoring_points") if judging == "sub-scene" else ""
    return Item(
        id=id_,
        video=folder + row.text("video"),
        question=row.text("question"),
        answer=row.text("answer"),
        kind="text",
        judging=judging,
        rubric="; ".join(map(str, points)) if isinstance(points, list) else str(points).strip(),
        type=task,
        groups=(task,),
    )


BENCHMARK = Benchmark(
    name="mlvu",
    title="MLVU (dev)",
    where="https://huggingface.co/datasets/MLVU/MVLU",
    terms="CC BY-NC-SA 4.0",
    files="the folder json with one file a task",
    scorings=("choice", "judge"),
    mean_of=TASKS,
    read=_read,
)
