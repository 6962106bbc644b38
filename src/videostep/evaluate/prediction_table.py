"""Predictions as Parquet: one row a prediction, one column a field, marks as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from videostep.errors import FormatError
from videostep.evaluate.predictions import Prediction
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
_OF_ITEM: Final = (
    "id",
    "video",
    "span_s",
    "question",
    "answer",
    "kind",
    "type",
    "groups",
    "choices",
    "answer_index",
    "n_steps",
    "twin_of",
    "outer_candidates",
)


def write_parquet(path: Path, predictions: Iterable[Prediction]) -> None:
    """Write predictions, few in memory at a time; equal ones give equal bytes. Raises RunFolderError."""
    rows = map(_row, predictions)
    with atomic_open(path) as file, pq.ParquetWriter(file, _SCHEMA, compression="zstd") as writer:
        while group := list(islice(rows, _ROWS_A_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=_SCHEMA))


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


def _row(prediction: Prediction) -> dict[str, Any]:
    """The fields of a prediction; the whole question stands as JSON in `item`, too."""
    plain: dict[str, Any] = msgspec.to_builtins(prediction)
    item = plain["item"]
    return {
        **{name: item[name] for name in _OF_ITEM},
        **{name: plain[name] for name in _SCHEMA.names if name in plain},
        **{name: msgspec.json.encode(getattr(prediction, name)).decode() for name in _AS_JSON},
    }
