"""NExT-QA: why, how, when and what, with five options or in the model's own words.

Source: github.com/doc-doc/NExT-QA (`eval_mc.py`, dataset/nextqa) and NExT-OE. CSV with `video, frame_count,
width, height, question, answer, qid, type`, and `a0` to `a4`: `answer` is the place of the right one. The
open-ended files have the answer in words instead, and perhaps another: in the authors'
`add_reference_answer_test.json`, `{video: {qid: answer}}`, beside test.csv, or in a column
`additional_ref_answer` of a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear
from videostep.evaluate.benchmarks.item import Item, choice_answer
from videostep.evaluate.benchmarks.rows import Row, first_file_of, read_file, read_rows

_TYPES = ("CW", "CH", "TN", "TC", "TP", "DC", "DL", "DO", "DB")
_OPTIONS = ("a0", "a1", "a2", "a3", "a4")


def _read_choices(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "test.csv", "val.csv", "test*.parquet"):
        yield from map(_choice_item, read_rows(path))


def _read_open(data: Path, hear: Hear) -> Iterator[Item]:
    for path in first_file_of(data, "test.csv", "val.csv", "test*.parquet"):
        others = _other_answers(path.with_name(f"add_reference_answer_{path.stem}.json"))
        yield from (_open_item(row, others) for row in read_rows(path))


def _other_answers(path: Path) -> dict[str, str]:
    """The second answers of a file, by question id; none without the file."""
    if not path.is_file():
        return {}
    videos = read_file(path)
    rows = ((video, videos.row(video)) for video in videos.names())
    return {f"{video}_{qid}": row.text(qid) for video, row in rows for qid in row.names()}


def _choice_item(row: Row) -> Item:
    # A question with fewer options leaves the last ones empty.
    choices = tuple(text for text in map(row.optional_text, _OPTIONS) if text)
    answer_index = row.whole("answer")
    return Item(
        id=_id(row),
        video=row.text("video"),
        question=row.text("question"),
        answer=choice_answer(choices, answer_index),
        choices=choices,
        answer_index=answer_index if 0 <= answer_index < len(choices) else None,
        kind="choice",
        type=row.text("type"),
        groups=_groups(row),
    )


def _open_item(row: Row, others: Mapping[str, str]) -> Item:
    if "a0" in row:
        raise FormatError(f"{row.source} has options", remedy="this is a file of nextqa, not of nextqa-open")
    other = others.get(_id(row)) or row.optional_text("additional_ref_answer")
    return Item(
        id=_id(row),
        video=row.text("video"),
        question=row.text("question"),
        answer=row.text("answer"),
        also_right=(other,) if other else (),
        kind="open",
        type=row.text("type"),
        groups=_groups(row),
    )


def _id(row: Row) -> str:
    return f"{row.text('video')}_{row.text('qid')}"


def _groups(row: Row) -> tuple[str, ...]:
    """Causal, temporal or descriptive, and the type: before (TP) counts as before-or-after (TN)."""
    type_ = row.text("type")
    if type_ not in _TYPES:
        raise FormatError(f"{row.source}: there is no type {type_!r}", remedy=f"known: {', '.join(_TYPES)}")
    return (type_[0], "TN" if type_ == "TP" else type_)


_VIDEO_TERMS = "the videos are VidOR's, from Flickr under Creative Commons"
CHOICES = Benchmark(
    name="nextqa",
    title="NExT-QA (multi-choice)",
    where="https://github.com/doc-doc/NExT-QA (questions) and "
    "https://xdshang.github.io/docs/vidor.html (videos)",
    terms=f"MIT; {_VIDEO_TERMS}",
    files="test.csv or val.csv",
    scorings=("choice",),
    read=_read_choices,
)
OPEN = Benchmark(
    name="nextqa-open",
    title="NExT-QA (open-ended)",
    where="https://github.com/doc-doc/NExT-OE (questions) and "
    "https://xdshang.github.io/docs/vidor.html (videos)",
    terms=f"the questions' licence is not stated; {_VIDEO_TERMS}",
    files="test.csv or val.csv, with add_reference_answer_test.json for the test's second answers",
    scorings=("wups", "judge", "exact"),
    read=_read_open,
)
