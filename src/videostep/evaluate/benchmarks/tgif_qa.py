"""TGIF-QA: what is repeated, what follows, how often, and what a frame shows, in animated GIFs.

Source: github.com/YunseokJANG/tgif-qa (dataset/README.md).
`Test_{action,transition,count,frameqa}_question.csv`, which are separated by tabs: `gif_name, question,
a1..a5, answer (place from 0), vid_id, key` for the first two, the answer in words without options for the
others. `vid_id` is the question's own id. Counts are whole numbers, scored by their squared error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, choice_answer
from videostep.evaluate.benchmarks.rows import Row, files_of, read_rows

TASKS: Final = ("action", "transition", "frameqa", "count")
_OPTIONS = ("a1", "a2", "a3", "a4", "a5")


def _read(data: Path, hear: Hear) -> Iterator[Item]:
    for task in TASKS:
        for path in files_of(data, f"Test_{task}_question.csv", f"Test_{task}_question.tsv"):
            if task in path.name:
                yield from (_item(task, row) for row in read_rows(path))


def _item(task: str, row: Row) -> Item:
    is_choice = task in ("action", "transition")
    choices = tuple(text for text in map(row.optional_text, _OPTIONS) if text) if is_choice else None
    is_count = task == "count"
    place = row.whole("answer") if choices is not None else None
    words = str(row.whole("answer")) if is_count else row.text("answer")
    return Item(
        id=row.text("vid_id"),
        video=row.text("gif_name"),
        question=row.text("question"),
        answer=words if choices is None else choice_answer(choices, place),
        choices=choices,
        answer_index=place if choices is not None and place in range(len(choices)) else None,
        kind="choice" if choices is not None else "count" if is_count else "open",
        type=task,
        groups=(task,),
    )


BENCHMARK = Benchmark(
    name="tgif-qa",
    title="TGIF-QA",
    where="https://github.com/YunseokJANG/tgif-qa (questions) and "
    "https://github.com/raingo/TGIF-Release (GIFs)",
    terms="academic purposes only; the GIFs are from Tumblr, their terms are not stated",
    files="Test_action_question.csv, Test_transition_question.csv, Test_frameqa_question.csv, "
    "Test_count_question.csv, any of them",
    scorings=("choice", "exact", "count", "judge"),
    read=_read,
)
