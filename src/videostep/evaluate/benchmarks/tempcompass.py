"""TempCompass: action, direction, speed, event order and attribute change, asked in several ways.

Source: github.com/llyx97/TempCompass (`questions/TASK.json`, `eval_TASK.py`). An object `{video_id:
{dimension: [{question, answer}]}}`; the options are the last lines of the question. Its fourth task,
captioning, is scored by a language model with a prompt of its own and is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear, Skipped
from videostep.evaluate.benchmarks.item import Item, choice_answer
from videostep.evaluate.benchmarks.lettered import letter_place, split_options
from videostep.evaluate.benchmarks.rows import Row, files_of
from videostep.store.json_stream import read_object

TASKS: Final = ("multi-choice", "yes_no", "caption_matching")
_YES_NO: tuple[str, ...] = ("yes", "no")


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for task in TASKS:
        for path in files_of(data, f"{task}.json"):
            if path.stem == task:
                for video, fields in read_object(path):
                    yield from _items(task, video, Row({"dimensions": fields}, f"{path}, video {video}"))
    for path in files_of(data, "captioning.json"):
        if path.stem == "captioning":
            hear(Skipped(id=path.name, reason="captions are scored by a judge of their own"))


def _items(task: str, video: str, row: Row) -> Iterator[Item]:
    dimensions = row.row("dimensions")
    for dimension in dimensions.names():
        for number, asked in enumerate(dimensions.rows(dimension), start=1):
            yield _item(f"{task}/{video}/{dimension}/{number}", task, video, dimension, asked)


def _item(id_: str, task: str, video: str, dimension: str, row: Row) -> Item:
    question, answer = row.text("question"), row.text("answer")
    if task == "yes_no":
        choices, place = _YES_NO, _YES_NO.index(answer.lower()) if answer.lower() in _YES_NO else None
    else:
        question, choices = split_options(question)
        place = letter_place(answer)
    is_there = place is not None and place in range(len(choices))
    return Item(
        id=id_,
        video=f"{video}.mp4",
        question=question,
        answer=choice_answer(choices, place),
        choices=choices,
        answer_index=place if is_there else None,
        kind="binary" if task == "yes_no" else "choice",
        type=f"{task}/{dimension}",
        groups=(task, f"{task}/{dimension}"),
    )


BENCHMARK = Benchmark(
    name="tempcompass",
    title="TempCompass",
    where="https://huggingface.co/datasets/lmms-lab/TempCompass (videos) and "
    "https://github.com/llyx97/TempCompass (questions)",
    terms="videos from ShutterStock, for research",
    files="multi-choice.json, yes_no.json and caption_matching.json, any of them",
    scorings=("choice",),
    read=_read,
)
