"""Files of predictions: JSON lines or Parquet, read one prediction at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from videostep.errors import FormatError, InputError
from videostep.evaluate.prediction import Prediction

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
