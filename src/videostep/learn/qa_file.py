"""Question-answer files of any make, read as examples: plain rows, and what `videostep export` writes.

| keys of a record | make |
|---|---|
| `video`, `question`, `answer` | plain: also `rationale`, `id`, `choices`, `start_s`, `end_s`, `n_steps` |
| `video`, `question`, `instruction`, `response` | `jsonl`, `parquet`, `hf`: also `task`, `sample` |
| `video`, `conversations` | LLaVA, Qwen-VL, VILA |
| `video`, `QA` | VideoChat2 |
| `messages`, `videos` | ms-swift, LLaMA-Factory |
| `messages` with typed content | Axolotl |
| `prompt`, `completion` with typed content | TRL |
| `format`: `videostep.qra/1` | videostep's own samples |
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from videostep.errors import FormatError, InputError
from videostep.instruction import Instructions, Task, neutral
from videostep.learn.examples import Example, examples_of
from videostep.records import from_plain
from videostep.sample import SAMPLE_FORMAT, Sample
from videostep.video import TimeSpan

Record = Mapping[str, Any]
_VIDEO_TAG = re.compile(r"<\s*video\s*>\n?")
_REMEDY = "docs/families.md lists the keys of question-answer files"


def read_qa(
    path: Path, *, instructions: Instructions | None = None, answers_only: bool = False
) -> list[Example]:
    """The examples of a JSON array, JSON lines or Parquet file.

    Paths of videos that lie beside the file are taken from there; other ones are kept as they are.

    Raises:
        InputError: The file cannot be read, or holds nothing.
        FormatError: It is none of the makes above; names the record.
    """
    say = instructions or Instructions()
    examples = [
        example
        for number, record in enumerate(_records(path), start=1)
        for example in _read(record, _Place(source=f"{path}, record {number}", folder=path.parent, say=say))
        if not (answers_only and example.task == "rationale")
    ]
    if not examples:
        raise InputError(f"{path} holds no question", remedy=_REMEDY)
    return _told_apart(examples)


def _told_apart(examples: list[Example]) -> list[Example]:
    """Where one name stands for several questions, as where each video counts from 0, it is made longer."""
    asked: dict[str, set[tuple[str, str]]] = {}
    for example in examples:
        asked.setdefault(example.sample_id, set()).add((example.video, example.question))
    return [
        example
        if len(asked[example.sample_id]) == 1
        else dataclasses.replace(
            example, sample_id=f"{example.sample_id}-{_digest(example.video, example.question)[:8]}"
        )
        for example in examples
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a record stands, and what is said where it brings no instruction."""

    source: str
    folder: Path
    say: Instructions

    def text(self, record: Record, key: str) -> str:
        """A text that is there and says something."""
        value = record.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"its {key!r} is {value!r}, not words")
        return value

    def error(self, reason: str) -> FormatError:
        """What is wrong here."""
        return FormatError(f"{self.source}: {reason}", remedy=_REMEDY)

    def video(self, path: str) -> str:
        """Where the video lies."""
        beside = self.folder / path
        return beside.as_posix() if beside.exists() else path

    def example(
        self,
        *,
        video: str,
        question: str,
        reply: str,
        task: Task | None = None,
        sample_id: str | None = None,
        instruction: str | None = None,
        span_s: TimeSpan | None = None,
        n_steps: int | None = None,
    ) -> Example:
        """An example; an instruction of ours at the question's end tells the task."""
        question, own, said = self._without_instruction(question)
        task = task or said or "answer"
        default = self.say.answer if task == "answer" else self.say.rationale
        return Example(
            video=self.video(video),
            span_s=span_s,
            question=neutral(question).strip(),
            instruction=neutral(instruction or "").strip() or own or default,
            text=neutral(reply).strip(),
            task=task,
            sample_id=sample_id or _digest(video, question),
            n_steps=n_steps,
        )

    def _without_instruction(self, question: str) -> tuple[str, str | None, Task | None]:
        said: tuple[tuple[Task, str], ...] = (("answer", self.say.answer), ("rationale", self.say.rationale))
        for task, instruction in said:
            if question.rstrip().endswith(instruction):
                return question.rstrip().removesuffix(instruction).rstrip(), instruction, task
        return question, None, None


_Reader = Callable[[Record, _Place], Iterator[Example]]


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def _read(record: Any, place: _Place) -> Iterator[Example]:
    if not isinstance(record, dict):
        raise place.error("it is no object with keys")
    reader = _reader_of(record)
    if reader is None:
        raise place.error(f"its keys are {', '.join(sorted(record)) or 'none'}")
    try:
        yield from reader(record, place)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise place.error(f"it is not what its keys promise ({error})") from error


def _reader_of(record: Record) -> _Reader | None:
    if str(record.get("format", "")).startswith("videostep."):
        return _sample
    return next((reader for keys, reader in _READERS if all(key in record for key in keys)), None)


def _sample(record: Record, place: _Place) -> Iterator[Example]:
    if record["format"] != SAMPLE_FORMAT:
        raise place.error(f"its format is {record['format']!r}, not {SAMPLE_FORMAT}")
    yield from examples_of([from_plain(record, Sample, source=place.source)], instructions=place.say)


def _plain(record: Record, place: _Place) -> Iterator[Example]:
    """`{video, question, answer}`; a rationale gives a second example."""
    question = place.text(record, "question")
    if choices := record.get("choices"):
        question = "\n".join([question, "Options:", *(f"- {choice}" for choice in choices)])
    sample_id = str(record["id"]) if record.get("id") is not None else None
    replies: dict[Task, str] = {"answer": place.text(record, "answer")}
    if record.get("rationale"):
        replies["rationale"] = place.text(record, "rationale")
    for task, reply in replies.items():
        yield place.example(
            video=place.text(record, "video"),
            question=question,
            reply=reply,
            task=task,
            sample_id=sample_id,
            span_s=_span(record, place),
            n_steps=_n_steps(record, place),
        )


def _row(record: Record, place: _Place) -> Iterator[Example]:
    """A row of `export --to jsonl`: its span is what the question needs; all up to a cut is shown."""
    task = record.get("task", "answer")
    if task not in ("answer", "rationale"):
        raise place.error(f"its task is {task!r}, not answer or rationale")
    yield place.example(
        video=place.text(record, "video"),
        question=place.text(record, "question"),
        reply=place.text(record, "response"),
        task=task,
        sample_id=record.get("sample") or record.get("id"),
        instruction=place.text(record, "instruction"),
        span_s=_span({"end_s": record.get("cut_s")}, place),
        n_steps=_n_steps(record, place),
    )


def _n_steps(record: Record, place: _Place) -> int | None:
    n_steps = record.get("n_steps")
    if n_steps is not None and not (isinstance(n_steps, int) and n_steps >= 1):
        raise place.error(f"its n_steps is {n_steps!r}, not 1 or more")
    return n_steps


def _span(record: Record, place: _Place) -> TimeSpan | None:
    if record.get("start_s") is None and record.get("end_s") is None:
        return None
    try:
        span_s = TimeSpan(float(record.get("start_s") or 0.0), float(record["end_s"]))
    except (KeyError, TypeError, ValueError) as error:
        raise place.error("its start_s and end_s are no two times, seconds") from error
    if not 0 <= span_s.start_s < span_s.end_s:
        raise place.error(f"nothing lies between {span_s.start_s} s and {span_s.end_s} s")
    return span_s


def _conversations(record: Record, place: _Place) -> Iterator[Example]:
    turns = [(turn.get("from"), turn.get("value")) for turn in record["conversations"]]
    yield _one_pair(turns, ("human", "gpt"), record["video"], place, record.get("id"))


def _messages(record: Record, place: _Place) -> Iterator[Example]:
    turns = [(turn.get("role"), _words(turn)) for turn in record["messages"] if turn.get("role") != "system"]
    videos = record.get("videos") or [_video_in(record["messages"])]
    yield _one_pair(turns, ("user", "assistant"), videos[0], place, record.get("id"))


def _completion(record: Record, place: _Place) -> Iterator[Example]:
    yield from _messages({"messages": [*record["prompt"], *record["completion"]]}, place)


def _one_pair(
    turns: list[tuple[Any, Any]], roles: tuple[str, str], video: Any, place: _Place, name: Any
) -> Example:
    """Later turns of a conversation may lean on earlier ones, so that there may be no more than two."""
    if tuple(role for role, _ in turns) != roles or not all(isinstance(words, str) for _, words in turns):
        said = ", ".join(str(role) for role, _ in turns)
        raise place.error(f"its turns are of {said or 'nobody'}, not one of {roles[0]} and one of {roles[1]}")
    if not isinstance(video, str):
        raise place.error("it names no video")
    question, reply = (words for _, words in turns)
    return place.example(
        video=video,
        question=_VIDEO_TAG.sub("", question),
        reply=reply,
        sample_id=re.sub(r"-(answer|rationale)$", "", str(name)) if name is not None else None,
    )


def _words(turn: Record) -> Any:
    content = turn.get("content")
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if part.get("type") == "text")
    return content


def _video_in(messages: list[Record]) -> Any:
    parts = [part for turn in messages if isinstance(turn.get("content"), list) for part in turn["content"]]
    return next(
        (part.get("path") or part.get("video") for part in parts if part.get("type") == "video"), None
    )


def _videochat2(record: Record, place: _Place) -> Iterator[Example]:
    """Each question stands alone. `start` and `end` are what it needs; the whole video is shown."""
    for pair in record["QA"]:
        question, instruction = place.text(pair, "q"), str(pair.get("i") or "").strip()
        yield place.example(
            video=place.text(record, "video"),
            question=f"{question}\n{instruction}",
            reply=place.text(pair, "a"),
            sample_id=_digest(str(record["video"]), question),
        )


_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("video", "question", "instruction", "response"), _row),
    (("video", "question", "answer"), _plain),
    (("video", "conversations"), _conversations),
    (("video", "QA"), _videochat2),
    (("messages",), _messages),
    (("prompt", "completion"), _completion),
)


def _records(path: Path) -> Iterator[Any]:
    if path.suffix == ".parquet":
        yield from _parquet(path)
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error
    try:
        yield from msgspec.json.decode(data, type=list) if data.lstrip()[:1] == b"[" else _lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is neither JSON nor JSON lines: {error}", remedy=_REMEDY) from error


def _lines(data: bytes) -> Iterator[Any]:
    yield from (msgspec.json.decode(line) for line in data.splitlines() if line.strip())


def _parquet(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}", remedy="check the file") from error
