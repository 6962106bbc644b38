"""The file of one condition: written line by line as replies come in, put in order at the end.

What a killed process leaves is gone on with; what failed is asked again. Neither order nor interruption shows
in the finished file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from videostep.evaluate.prediction import Prediction
from videostep.evaluate.predictions import line_of, read_whole_lines
from videostep.store.atomic import atomic_open, refusal


class _Place(NamedTuple):
    """Where a line stands."""

    path: Path
    start_byte: int
    length: int


class _ItemId(msgspec.Struct):
    id: str


class _Head(msgspec.Struct):
    """As much of a line as is needed to know whose it is."""

    item: _ItemId


_head_of = msgspec.json.Decoder(_Head).decode


class PredictionFile:
    """`NAME.jsonl`, and beside it `NAME.part.jsonl` until the condition is finished."""

    def __init__(self, path: Path) -> None:
        """`path` is the finished file; nothing is opened yet."""
        self.path = path
        self.part = path.with_suffix(".part.jsonl")

    def faults(self) -> dict[str, str]:
        """The questions that were asked, and why they have no reply: "" for those that have one.

        Raises:
            FormatError: A line of the file is no prediction.
        """
        return {
            one.item.id: "" if one.reply is not None else one.error or "no reason is known"
            for path in (self.path, self.part)
            for one in read_whole_lines(path)
        }

    @contextmanager
    def appending(self) -> Iterator[Callable[[Prediction], None]]:
        """Add predictions; each is safe from a kill as soon as it is added."""
        _drop_torn_line(self.part)
        try:
            self.part.parent.mkdir(parents=True, exist_ok=True)
            with self.part.open("ab", buffering=0) as file:
                yield lambda prediction: _write_all(file.write, line_of(prediction))
        except OSError as error:
            raise refusal(self.part, error) from error

    def finish(self, order: Sequence[str]) -> None:
        """Write the finished file: the last prediction of each question, in the order of these ids."""
        places = self._places()
        with atomic_open(self.path) as out:
            for id_ in order:
                if id_ in places:
                    out.write(_read(places[id_]))
        self.part.unlink(missing_ok=True)

    def _places(self) -> dict[str, _Place]:
        places: dict[str, _Place] = {}
        for path in (self.path, self.part):
            if not path.exists():
                continue
            start_byte = 0
            with path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        places[_head_of(line).item.id] = _Place(path, start_byte, len(line))
                    start_byte += len(line)
        return places


def _read(place: _Place) -> bytes:
    with place.path.open("rb") as file:
        file.seek(place.start_byte)
        return file.read(place.length)


def _drop_torn_line(path: Path) -> None:
    """Cut off what a killed process had begun to write: the next line would be joined to it."""
    if path.exists():
        data = path.read_bytes()
        if not data.endswith(b"\n"):
            path.write_bytes(data[: data.rfind(b"\n") + 1])


def _write_all(write: Callable[[bytes], int | None], line: bytes) -> None:
    while line:
        line = line[write(line) or 0 :]
