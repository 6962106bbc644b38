"""What a model replied to the questions of a benchmark: the file `videostep.prediction/1`.

A row holds its question with the true answer and the reply word for word, so that it can be scored again by
anybody, at any time, without the model and without the benchmark's files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

import msgspec

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark

PREDICTION_FORMAT: Final = "videostep.prediction/1"
Mode = Literal["answer", "rationale-then-answer"]
"""`answer`: the reply is the answer. `rationale-then-answer`: it explains first."""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
Control = Literal["none", "question", "one-frame", "shuffled", "caption"]
"""What a model is shown. `none`: the video. The others are blind controls: the question only, the middle
frame, the frames in another order, or the model's own caption of the video instead of the video."""
CONTROLS: Final[tuple[Control, ...]] = get_args(Control)


class Condition(NamedTuple):
    """How a question was asked: what must be the same within one column of numbers."""

    mode: Mode = "answer"
    control: Control = "none"
    seed: int = 0
    single_steps: bool = False
    """The true sub-questions were asked singly, not the question."""

    @property
    def name(self) -> str:
        """Of its file: `answer`, `answer.blind-question`, `answer.steps.seed-2`."""
        parts: list[str] = [self.mode]
        if self.single_steps:
            parts.append("steps")
        if self.control != "none":
            parts.append(f"blind-{self.control}")
        if self.seed:
            parts.append(f"seed-{self.seed}")
        return ".".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One reply to one question."""

    format: Literal["videostep.prediction/1"] = PREDICTION_FORMAT
    benchmark: str
    item: Item
    model: str
    """As its backend names it; whatever decides its replies."""
    mode: Mode = "answer"
    control: Control = "none"
    seed: int = 0
    single_steps: bool = False
    reply: str | None
    """Word for word. None: there is none, and `error` says why."""
    error: str = ""
    frames_s: tuple[float, ...] = ()
    """Times of the frames that were shown, in the order in which they were shown."""
    caption: str = ""
    """What was shown in place of frames, under the control `caption`."""
    marks: dict[str, Mark] = field(default_factory=dict)
    """By protocol, such as `exact` or `judge openai:gpt-4o-mini`."""

    @property
    def condition(self) -> Condition:
        """How it was asked."""
        return Condition(self.mode, self.control, self.seed, self.single_steps)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Prediction).decode


def line_of(prediction: Prediction) -> bytes:
    """A prediction as one line of its file."""
    return _encode(prediction) + b"\n"


def read_predictions(path: Path, *, benchmark: str | None = None) -> Iterator[Prediction]:
    """The predictions of a file, one by one.

    Args:
        path: JSON lines, or Parquet.
        benchmark: Refuse those of another one.

    Raises:
        InputError: The file cannot be read, is empty, or its predictions are of another benchmark.
        FormatError: A line is no prediction, or two are of one question; names file and line.
    """
    seen = set[str]()
    for number, line in enumerate(_lines(path), start=1):
        prediction = _read_line(line, path, number)
        if benchmark is not None and prediction.benchmark != benchmark:
            raise InputError(
                f"{path}, line {number}: a prediction of {prediction.benchmark!r}, not of {benchmark!r}",
                remedy=f"score it with videostep evaluate {prediction.benchmark}",
            )
        if prediction.item.id in seen:
            raise FormatError(
                f"{path}, line {number}: a second prediction of question {prediction.item.id!r}",
                remedy="take one of the two out",
            )
        seen.add(prediction.item.id)
        yield prediction
    if not seen:
        raise InputError(f"{path} holds no prediction", remedy="make some with videostep evaluate --model")


def read_whole_lines(path: Path) -> Iterator[Prediction]:
    """The predictions of a file that a killed process left: a last line that was cut off is left out."""
    if path.exists():
        for number, line in enumerate(_lines(path), start=1):
            if line.endswith(b"\n"):
                yield _read_line(line, path, number)


def _lines(path: Path) -> Iterator[bytes]:
    if path.suffix == ".parquet" and path.exists():
        from videostep.evaluate.prediction_table import parquet_lines

        yield from parquet_lines(path)
        return
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", remedy="name a file of predictions"
        ) from error


def _read_line(line: bytes, path: Path, number: int) -> Prediction:
    try:
        return _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormatError(
            f"{path}, line {number} is no prediction: {error}",
            remedy="docs/evaluate.md says what a prediction holds",
        ) from error
