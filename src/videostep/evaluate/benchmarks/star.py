"""STAR: situated reasoning on Charades videos, four options.

Source: github.com/csbobby/STAR_Benchmark (README, code/generation_tools). `STAR_{train,val,test}.json` is a
JSON array of `question_id, video_id, start, end, question, choices[{choice_id, choice}]`, and, but for the
test, `answer`: the text of the right option.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.rows import Row, first_file_of, read_rows
from videostep.evaluate.benchmarks.star_steps import STEPS
from videostep.video import TimeSpan

TYPES: Final = ("Interaction", "Sequence", "Prediction", "Feasibility")
"""In the order of the authors' tables; their mean is STAR's headline."""


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "STAR_val.json", "STAR_test.json"):
        yield from map(_item, read_rows(path))


def _item(row: Row) -> Item:
    id_ = row.text("question_id")
    template = "_".join(id_.split("_")[:2])
    if template not in STEPS:
        raise FormatError(
            f"{row.source}: {id_!r} is of no template of STAR",
            remedy="ids read Type_Tn_index: take the authors' file",
        )
    choices = _choices(row)
    answer = row.optional_text("answer")
    return Item(
        id=id_,
        video=row.text("video_id"),
        span_s=TimeSpan(row.seconds("start"), row.seconds("end")),
        question=row.text("question"),
        answer=answer,
        choices=choices,
        answer_index=choices.index(answer) if answer in choices else None,
        is_hidden=not answer,
        kind="choice",
        type=template.split("_")[0],
        groups=(template.split("_")[0], template),
        n_steps=STEPS[template].n_steps,
    )


def _choices(row: Row) -> tuple[str, ...]:
    """The options by their own numbers, which are 0, 1, 2, 3 in any order: a submission names them."""
    by_number = {choice.whole("choice_id"): choice.text("choice") for choice in row.rows("choices")}
    if sorted(by_number) != list(range(len(row.entries("choices")))):
        raise FormatError(
            f"{row.source}: its options are not numbered from 0", remedy="take the authors' file"
        )
    return tuple(by_number[number] for number in sorted(by_number))


BENCHMARK = Benchmark(
    name="star",
    title="STAR",
    where="https://github.com/csbobby/STAR_Benchmark (questions) and "
    "https://prior.allenai.org/projects/charades (videos)",
    terms="the questions' licence is not stated; Charades: non-commercial research",
    files="STAR_val.json (STAR_test.json has no answers and gives a submission)",
    scorings=("choice", "judge"),
    mean_of=TYPES,
    read=_read,
)
