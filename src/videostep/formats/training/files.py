"""Files of records, written row by row so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import msgspec

from videostep.formats.training.rows import row_schema
from videostep.formats.training.target import Layout, Target
from videostep.store.atomic import refusal

ROWS_A_SHARD = 100_000
"""Of a sharded Parquet file: some tens of megabytes."""
ROWS_A_GROUP = 4096
"""Rows held in memory before they are written to Parquet."""


_SUFFIXES: dict[Layout, str] = {"lines": ".jsonl", "array": ".json", "parquet": ".parquet"}


class RowFile(Protocol):
    """One split's records."""

    def write(self, row: dict[str, Any]) -> None:
        """Add a row."""

    def close(self) -> None:
        """Finish the file."""


@contextmanager
def open_rows(target: Target, folder: Path, split: str, n_rows: int) -> Iterator[RowFile]:
    """Open the file, or files, of one split for as many rows; raises RunFolderError."""
    paths = [folder / name for name in file_names(target, split, n_rows)]
    with _refused(paths[0]):
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        rows = _rows(target, paths)
        with closing(rows):
            yield rows


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """A disk that is full or may not be written is told of as such."""
    try:
        yield
    except OSError as error:
        raise refusal(path, error) from error


def file_names(target: Target, split: str, n_rows: int) -> list[str]:
    """The files of a split, relative to the export's folder."""
    if not target.sharded:
        return [f"{split}{_SUFFIXES[target.layout]}"]
    n_shards = max(1, -(-n_rows // ROWS_A_SHARD))
    return [f"data/{split}-{shard:05d}-of-{n_shards:05d}.parquet" for shard in range(n_shards)]


def file_pattern(target: Target, split: str) -> str:
    """One name for all files of a split: a glob where there may be several."""
    return f"data/{split}-*.parquet" if target.sharded else file_names(target, split, 0)[0]


def _rows(target: Target, paths: list[Path]) -> RowFile:
    if target.layout == "parquet":
        return ParquetRows(paths)
    file = paths[0].open("wb")
    return ArrayRows(file) if target.layout == "array" else LineRows(file)


@dataclass(slots=True)
class LineRows:
    """JSON lines."""

    file: BinaryIO

    def write(self, row: dict[str, Any]) -> None:
        """Add a line."""
        self.file.write(msgspec.json.encode(row) + b"\n")

    def close(self) -> None:
        """Close the file."""
        self.file.close()


@dataclass(slots=True)
class ArrayRows:
    """One JSON array, an item a line."""

    file: BinaryIO
    _before: bytes = b"[\n"

    def write(self, row: dict[str, Any]) -> None:
        """Add an item."""
        self.file.write(self._before + msgspec.json.encode(row))
        self._before = b",\n"

    def close(self) -> None:
        """Close the array and the file."""
        self.file.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")
        self.file.close()


@dataclass(slots=True)
class ParquetRows:
    """Parquet files of `ROWS_A_SHARD` rows each; the last takes the rest."""

    paths: list[Path]
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _writer: Any = None
    _written: int = 0
    """Rows in the open file."""

    def write(self, row: dict[str, Any]) -> None:
        """Add a row."""
        self._waiting.append(row)
        if len(self._waiting) == ROWS_A_GROUP or self._written + len(self._waiting) == ROWS_A_SHARD:
            self._flush()

    def close(self) -> None:
        """Write what waits and close the file; a file without rows has columns."""
        if self._waiting or self.paths:
            self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._writer = pq.ParquetWriter(self.paths.pop(0), row_schema(), compression="zstd")
        self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=row_schema()))
        self._written += len(self._waiting)
        self._waiting = []
        if self._written == ROWS_A_SHARD and self.paths:
            self._writer.close()
            self._writer, self._written = None, 0
