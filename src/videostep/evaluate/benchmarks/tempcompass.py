"""TempCompass: action, direction, speed, event order and attribute change, asked in several ways.

Source: github.com/llyx97/TempCompass (`questions/TASK.json`, `eval_TASK.py`). An object `{video_id:
{dimension: [{question, answer}]}}`; the options are the last lines of the question. In its fourth task the
model writes a caption, and a judge who sees nothing else answers the first multiple-choice question of that
video and dimension: the caption is right if that answer is.
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
CAPTIONING: Final = "captioning"
_YES_NO: tuple[str, ...] = ("yes", "no")


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for task in TASKS:
        for path in files_of(data, f"{task}.json"):
            if path.stem == task:
                for video, fields in read_object(path):
                    yield from _items(task, video, Row({"dimensions": fields}, f"{path}, video {video}"))
    yield from _captions(data, hear)


def _items(task: str, video: str, row: Row) -> Iterator[Item]:
    dimensions = row.row("dimensions")
    for dimension in _asked(dimensions):
        for number, asked in enumerate(dimensions.rows(dimension), start=1):
            yield _item(f"{task}/{video}/{dimension}/{number}", task, video, dimension, asked)


def _asked(dimensions: Row) -> list[str]:
    """Those of which a video is asked; the others may be null."""
    return [dimension for dimension in dimensions.names() if dimension in dimensions]


def _captions(data: Path, hear: Hear) -> Iterator[Item]:
    for path in files_of(data, f"{CAPTIONING}.json"):
        if path.stem != CAPTIONING:
            continue
        choices = path.with_name("multi-choice.json")
        asked_of = dict(read_object(choices)) if choices.is_file() else {}
        for video, fields in read_object(path):
            dimensions = Row({"dimensions": fields}, f"{path}, video {video}").row("dimensions")
            questions = Row(asked_of.get(video, {}), f"{choices}, video {video}")
            yield from _captions_of(video, dimensions, questions, hear)


def _captions_of(video: str, dimensions: Row, questions: Row, hear: Hear) -> Iterator[Item]:
    for dimension in _asked(dimensions):
        judged = questions.rows(dimension)[:1] if dimension in questions else []
        for number, asked in enumerate(dimensions.rows(dimension), start=1):
            id_ = f"{CAPTIONING}/{video}/{dimension}/{number}"
            if judged:
                yield _caption(id_, video, dimension, asked, judged[0])
            else:
                hear(Skipped(id=id_, reason="multi-choice.json has no question to judge it by"))


def _caption(id_: str, video: str, dimension: str, asked: Row, judged: Row) -> Item:
    rubric = judged.text("question")
    return Item(
        id=id_,
        video=f"{video}.mp4",
        question=asked.text("question"),
        answer=choice_answer(split_options(rubric)[1], letter_place(judged.text("answer"))),
        kind="text",
        judging="caption",
        rubric=rubric,
        type=f"{CAPTIONING}/{dimension}",
        groups=(CAPTIONING, f"{CAPTIONING}/{dimension}"),
    )


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
    terms="not stated; the videos are downloaded from ShutterStock",
    files="multi-choice.json, yes_no.json, caption_matching.json and captioning.json, any of them",
    scorings=("choice", "judge"),
    read=_read,
)
