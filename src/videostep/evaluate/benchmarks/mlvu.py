"""MLVU (dev): long videos, seven tasks with options and two in free text.

Source: github.com/JUNJIE99/MLVU (evaluation/, generation_evaluation/, `json/N_TASK.json`): an array of
`video, duration, question, candidates[], answer, question_type`. The headline (M-Avg) is the mean of the
seven accuracies. `8_sub_scene` and `9_summary` have no options; a judge gives two scores of 1 to 5 and their
sum is reported, for a summary by the true one, for a scene by its `scoring_points`, which stand in its row or
with the question in a file of their own (`subPlot_scorepoint.json`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear, Skipped
from videostep.evaluate.benchmarks.item import Item, Judging
from videostep.evaluate.benchmarks.rows import Row, files_of, read_rows

TASKS: Final = ("plotQA", "needle", "ego", "count", "order", "anomaly_reco", "topic_reasoning")
_FREE_TEXT: Final[dict[str, Judging]] = {"sub_scene": "sub-scene", "summary": "summary"}


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    points = _scoring_points(data)
    for path in files_of(data, "*.json"):
        task = path.stem.lstrip("0123456789_")
        for number, row in enumerate(read_rows(path) if task in (*TASKS, *_FREE_TEXT) else (), start=1):
            id_, folder = f"{task}/{number}", f"{path.stem}/"
            if task in TASKS:
                yield _item(id_, task, folder, row)
            elif task == "sub_scene" and not _rubric(row, points):
                hear(Skipped(id=id_, reason="it has no scoring points to judge it by"))
            else:
                yield _free_text(id_, task, folder, row, points)


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


def _scoring_points(data: Path) -> dict[str, str]:
    """The points of the file of their own, by question."""
    rows = (row for path in files_of(data, "*scorepoint*.json") if data.is_dir() for row in read_rows(path))
    return {row.text("question"): _told(row) for row in rows}


def _rubric(row: Row, points: Mapping[str, str]) -> str:
    return _told(row) or points.get(row.text("question"), "")


def _told(row: Row) -> str:
    if "scoring_points" not in row:
        return ""
    told = row.value("scoring_points")
    return "; ".join(map(str, told)) if isinstance(told, list) else str(told).strip()


def _free_text(id_: str, task: str, folder: str, row: Row, points: Mapping[str, str]) -> Item:
    judging = _FREE_TEXT[task]
    return Item(
        id=id_,
        video=folder + row.text("video"),
        question=row.text("question"),
        answer=row.text("answer"),
        kind="text",
        judging=judging,
        rubric=_rubric(row, points) if judging == "sub-scene" else "",
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
