"""MSVD-QA, MSRVTT-QA and ActivityNet-QA: short open questions, each a file of questions and answers.

Two forms are in use. The authors' (github.com/xudejing/video-question-answering): a JSON array of `id,
video_id, question, answer`. And ActivityNet-QA's (github.com/MILVLG/activitynet-qa), in which Video-ChatGPT
re-published all three for its zero-shot protocol: `*_q.json [{video_name, question_id, question}]` and
`*_a.json [{question_id, answer, type}]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.benchmark import Benchmark, Hear, Skipped
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.rows import Row, first_file_of, read_rows

_NAMES: Final = ("test_qa.json", "test_q.json", "*test*qa*.json", "*test*_q.json")
_ACTIVITYNET_TYPES: Final = (
    "motion", "spatial relation", "temporal relation", "yes/no", "colour", "object", "location", "number",
    "other",
)  # fmt: skip
"""By their numbers, from 0."""
_QUESTION_WORDS: Final = frozenset(("what", "who", "how", "when", "where"))
"""MSVD-QA and MSRVTT-QA count by these."""


def _read(data: Path, hear: Hear, *, video_form: str, is_activitynet: bool = False) -> Iterator[Item]:
    """Read either form.

    Args:
        data: A folder, or the file of questions.
        hear: Is told of questions without an answer.
        video_form: How a video's file is called by its number, `{}`.
        is_activitynet: Whether answers have a numbered type, and videos a name with `v_`.
    """
    for path in first_file_of(data, *_NAMES):
        if path.stem.endswith("_q"):
            yield from _read_pair(path, hear, is_activitynet)
        else:
            yield from _read_one(path, video_form)


def _read_one(path: Path, video_form: str) -> Iterator[Item]:
    names = _youtube_names(path.parent)
    for row in read_rows(path):
        number = row.text("video_id")
        video = names.get(f"vid{number}", video_form.format(number))
        yield _item(row.text("id"), video, row, row, _question_word(row))


def _read_pair(path: Path, hear: Hear, is_activitynet: bool) -> Iterator[Item]:
    answers = _answers(path)
    for row in read_rows(path):
        id_ = row.text("question_id")
        answer = answers.get(id_)
        if answer is None:
            hear(Skipped(id=id_, reason="no answer in the file of answers"))
            continue
        type_ = _activitynet_type(answer) if is_activitynet else _question_word(row)
        video = _prefixed(row.text("video_name"), "v_" if is_activitynet else "")
        yield _item(id_, video, row, answer, type_)


def _item(id_: str, video: str, question: Row, answer: Row, type_: str) -> Item:
    return Item(
        id=id_,
        video=video,
        question=question.text("question"),
        answer=answer.text("answer"),
        kind="open",
        type=type_,
        groups=(type_,),
    )


def _answers(questions: Path) -> dict[str, Row]:
    path = questions.with_name(questions.name.removesuffix("_q.json") + "_a.json")
    return {row.text("question_id"): row for row in read_rows(path)}


def _youtube_names(folder: Path) -> dict[str, str]:
    """MSVD's clips are called by their YouTube names where `youtube_mapping.txt` (`NAME vidNUMBER`) lies."""
    path = folder / "youtube_mapping.txt"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    pairs = (line.split() for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _prefixed(name: str, prefix: str) -> str:
    return name if name.startswith(prefix) else prefix + name


def _question_word(row: Row) -> str:
    word = row.text("question").partition(" ")[0].lower()
    return word if word in _QUESTION_WORDS else "other"


def _activitynet_type(answer: Row) -> str:
    number = answer.whole("type")
    if not 0 <= number < len(_ACTIVITYNET_TYPES):
        raise FormatError(f"{answer.source}: there is no type {number}", remedy="types are 0 to 8")
    return _ACTIVITYNET_TYPES[number]


_FILES = "test_qa.json, or test_q.json and test_a.json"

MSVD = Benchmark(
    name="msvd-qa",
    title="MSVD-QA",
    where="https://github.com/xudejing/video-question-answering (questions) and "
    "http://www.cs.utexas.edu/users/ml/clamp/videoDescription (videos)",
    terms="questions MIT; the clips are from YouTube, their terms are not stated",
    files=_FILES,
    scorings=("judge", "exact"),
    read=partial(_read, video_form="vid{}"),
)
MSRVTT = Benchmark(
    name="msrvtt-qa",
    title="MSRVTT-QA",
    where="https://github.com/xudejing/video-question-answering (questions) and MSR-VTT (videos)",
    terms="questions MIT; the clips are from YouTube, their terms are not stated",
    files=_FILES,
    scorings=("judge", "exact"),
    read=partial(_read, video_form="video{}"),
)
ACTIVITYNET = Benchmark(
    name="activitynet-qa",
    title="ActivityNet-QA",
    where="https://github.com/MILVLG/activitynet-qa (questions) and http://activity-net.org (videos)",
    terms="questions MIT; the videos are from YouTube, their terms are not stated",
    files="test_q.json and test_a.json",
    scorings=("judge", "exact"),
    read=partial(_read, video_form="{}", is_activitynet=True),
)
