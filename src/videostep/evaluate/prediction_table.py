"""Predictions as Parquet: one row a prediction, one column a field, marks as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from videostep.errors import FormatError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Prediction
from videostep.store.atomic import atomic_open

_ROWS_A_GROUP: Final = 4_096
_TEXT, _TEXTS, _TIMES = pa.string(), pa.list_(pa.string()), pa.list_(pa.float64())
_SCHEMA: Final = pa.schema(
    {
        "format": _TEXT,
        "benchmark": _TEXT,
        "id": _TEXT,
        "video": _TEXT,
        "span_s": _TIMES,
        "question": _TEXT,
        "answer": _TEXT,
        "kind": _TEXT,
        "type": _TEXT,
        "groups": _TEXTS,
        "choices": _TEXTS,
        "answer_index": pa.int64(),
        "n_steps": pa.int64(),
        "twin_of": _TEXT,
        "outer_candidates": pa.int64(),
        "item": _TEXT,
        "model": _TEXT,
        "mode": _TEXT,
        "control": _TEXT,
        "seed": pa.int64(),
        "single_steps": pa.bool_(),
        "reply": _TEXT,
        "error": _TEXT,
        "frames_s": _TIMES,
        "caption": _TEXT,
        "marks": _TEXT,
    }
)
_AS_JSON: Final = ("item", "marks")
_OF_ITEM: Final = frozenset(field.name for field in fields(Item))


class PredictionTable:
    """A Parquet file that is being written."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        """`writer` is open; see `open_table`."""
        self._writer = writer
        self._rows: list[Prediction] = []

    def add(self, prediction: Prediction) -> None:
        """Write a prediction, with others at a time."""
        self._rows.append(prediction)
        if len(self._rows) == _ROWS_A_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what has been added."""
        if self._rows:
            columns = [_column(name, self._rows) for name in _SCHEMA.names]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA))
            self._rows.clear()


@contextmanager
def open_table(path: Path) -> Iterator[PredictionTable]:
    """Write predictions, few in memory at a time; equal ones give equal bytes.

    The file appears when the block ends without an error. Raises RunFolderError.
    """
    with atomic_open(path) as file, pq.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:
        table = PredictionTable(writer)
        yield table
        table.flush()


def _column(name: str, rows: Sequence[Prediction]) -> pa.Array:
    """One field of all rows; those of the question have columns of their own, and stand in `item`, too."""
    if name in _AS_JSON:
        values: list[Any] = [msgspec.json.encode(getattr(row, name)).decode() for row in rows]
    elif name in _OF_ITEM:
        values = [getattr(row.item, name) for row in rows]
    else:
        values = [getattr(row, name) for row in rows]
    return pa.array(values, type=_SCHEMA.field(name).type)


def parquet_lines(path: Path) -> Iterator[bytes]:
    """The rows of a Parquet file as lines of JSON; raises FormatError naming the file."""
    names = [field.name for field in fields(Prediction)]
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS_A_GROUP, columns=names):
                for row in batch.to_pylist():
                    whole = {name: msgspec.Raw(row[name].encode()) for name in _AS_JSON}
                    yield msgspec.json.encode({**row, **whole}) + b"\n"
    except (pa.ArrowException, OSError, AttributeError, KeyError) as error:
        raise FormatError(
            f"{path} is no Parquet file of predictions: {error}",
            remedy="make it anew with videostep evaluate",
        ) from error
