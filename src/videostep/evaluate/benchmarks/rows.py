"""Rows of the benchmarks' files, whatever they are written in: JSON, JSON lines, CSV, TSV or Parquet.

A field that is missing or of another kind is an error that names the file, the row and the field: benchmarks
are re-published with renamed fields, and a reader that shrugs would score something else.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from videostep.errors import FormatError, InputError
from videostep.plugins import nearest
from videostep.store.json_stream import read_array
from videostep.store.order import natural_key

_REMEDY = "compare the file with docs/benchmarks.md"
_READ_ROWS = 10_000
"""Of a Parquet file, at a time."""


class Row:
    """One row, and where it stands."""

    __slots__ = ("_fields", "source")

    def __init__(self, fields: Any, source: str) -> None:
        """Raise FormatError when `fields` is no JSON object."""
        if not isinstance(fields, dict):
            raise FormatError(f"{source} is no object with fields", remedy=_REMEDY)
        self._fields: dict[str, Any] = fields
        self.source = source

    def __contains__(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def names(self) -> list[str]:
        """Of its fields."""
        return list(self._fields)

    def text(self, name: str) -> str:
        """A text or number, as text without the spaces around it; perhaps empty."""
        value = self.value(name)
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, "no text")
        return str(value)

    def optional_text(self, name: str) -> str:
        """Like `text`, and empty when there is no such field."""
        return self.text(name) if name in self else ""

    def whole(self, name: str) -> int:
        """A whole number, perhaps written as text, as in CSV."""
        value = self._fields.get(name)
        if type(value) is int:
            return value
        try:
            number = float(self.text(name))
        except ValueError:
            raise self._wrong(name, "no number") from None
        if not number.is_integer():
            raise self._wrong(name, "no whole number")
        return int(number)

    def is_set(self, name: str) -> bool:
        """Whether a flag is there and is not 0."""
        return self._fields.get(name) is not None and self.whole(name) != 0

    def seconds(self, name: str) -> float:
        """A time that is not negative."""
        try:
            value = float(self.text(name))
        except ValueError:
            raise self._wrong(name, "no number") from None
        if not 0 <= value < float("inf"):
            raise self._wrong(name, "no time")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts or numbers."""
        values = self.entries(name)
        if all(isinstance(value, str) for value in values):
            return tuple(map(str.strip, values))
        return tuple(Row({name: value}, self.source).text(name) for value in values)

    def entries(self, name: str) -> list[Any]:
        """A list of anything."""
        value = self.value(name)
        if not isinstance(value, list):
            raise self._wrong(name, "no list")
        return value

    def rows(self, name: str) -> list[Row]:
        """A list of objects."""
        return [
            Row(value, f"{self.source}, {name} {place}")
            for place, value in enumerate(self.entries(name), start=1)
        ]

    def row(self, name: str) -> Row:
        """An object."""
        return Row(self.value(name), f"{self.source}, {name}")

    def value(self, name: str) -> Any:
        """Whatever stands there; raises FormatError when nothing does."""
        value = self._fields.get(name)
        if value is None:
            raise FormatError(
                f"{self.source} has no {name!r}", remedy=f"{nearest(name, self._fields)}; {_REMEDY}"
            )
        return value

    def _wrong(self, name: str, what: str) -> FormatError:
        shown = repr(self._fields[name])[:40]
        return FormatError(f"{self.source}: {name!r} is {what}: {shown}", remedy=_REMEDY)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file, one in memory at a time; its suffix says what it is.

    Raises:
        InputError: It cannot be read.
        FormatError: It is not what its suffix says.
    """
    read = {".jsonl": _json_lines, ".csv": _table, ".tsv": _table, ".parquet": _parquet}
    for place, fields in enumerate(read.get(path.suffix, read_array)(path), start=1):
        yield Row(fields, f"{path}, row {place}")


def read_file(path: Path) -> Row:
    """A JSON file that is one object; raises InputError or FormatError."""
    with _open(path) as file:
        return Row(_decoded(file.read(), str(path)), str(path))


def files_of(data: Path, *patterns: str) -> list[Path]:
    """`data` itself if it is a file; else the files in it and below that fit a pattern, in natural order."""
    if data.is_file():
        return [data]
    found = {path for pattern in patterns for path in data.rglob(pattern) if path.is_file()}
    return sorted(found, key=lambda path: natural_key(path.as_posix()))


def first_file_of(data: Path, *names: str) -> list[Path]:
    """`data` itself if it is a file; else the first name under which there is a file: [] or [path]."""
    return next((found[:1] for name in names if (found := files_of(data, name))), [])


def _json_lines(path: Path) -> Iterator[Any]:
    with _open(path) as file:
        for number, line in enumerate(file, start=1):
            yield _decoded(line, f"{path}, line {number}")


def _table(path: Path) -> Iterator[dict[str, Any]]:
    """CSV, or tab-separated whatever the suffix says (TGIF-QA)."""
    with _open(path) as file:
        delimiter = "\t" if b"\t" in file.readline() else ","
        file.seek(0)
        try:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            for fields in csv.DictReader(text, delimiter=delimiter):
                if None in fields:
                    raise FormatError(f"{path} has a row of more columns than its first", remedy=_REMEDY)
                yield fields
        except (csv.Error, UnicodeDecodeError) as error:
            raise FormatError(f"{path} is no table: {error}", remedy=_REMEDY) from error


def _decoded(text: bytes, source: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{source} is not JSON: {error}", remedy=_REMEDY) from error


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error


def _parquet(path: Path) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_READ_ROWS):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise FormatError(f"{path} is no Parquet file: {error}", remedy=_REMEDY) from error
