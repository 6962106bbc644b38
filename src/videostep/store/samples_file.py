"""The sample file `videostep.qra/1`, as JSON lines and as Parquet with the same rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from videostep.errors import FormatError, RunFolderError
from videostep.records import from_json, to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_write

if TYPE_CHECKING:
    import pyarrow


_REMEDY = "make the samples anew with videostep ask"
_EXTRA = "extra"
"""Parquet column of the fields that have no column of their own, as JSON."""


def write_samples(samples: Sequence[Sample], *, jsonl: Path, parquet: Path) -> None:
    """Write both files; equal samples give equal bytes. Raises RunFolderError."""
    rows = [to_plain(sample) for sample in samples]
    atomic_write(jsonl, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    atomic_write(parquet, parquet_of(rows))


def read_samples(path: Path) -> Iterator[Sample]:
    """The samples of a JSON-lines file, one by one.

    Raises:
        RunFolderError: There is no such file.
        FormatError: A line is not a sample; names the file and the line.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise RunFolderError(
            f"{path} cannot be read: {error.strerror}", remedy="make samples with videostep ask"
        ) from error
    with file:
        for number, line in enumerate(file, start=1):
            yield from_json(line, Sample, source=f"{path}, line {number}", remedy=_REMEDY)


def parquet_of(rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as a Parquet file; columns and their types do not depend on the rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink, schema = io.BytesIO(), _schema()
    known = pa.struct([field for field in schema if field.name != _EXTRA])
    try:
        table = pa.Table.from_pylist([_in_columns(row, known) for row in rows], schema=schema)
    except pa.ArrowInvalid as error:
        raise FormatError(f"a sample does not fit the Parquet columns: {error}") from error
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _in_columns(row: dict[str, Any], known: pyarrow.StructType) -> dict[str, Any]:
    """The row with its unknown fields as text; Arrow takes a map as pairs."""
    extra = _unknown(row, known)
    text = msgspec.json.encode(extra).decode() if extra else None
    return {**row, "checks": sorted(row["checks"].items()), _EXTRA: text}


def _unknown(value: Any, kind: pyarrow.DataType) -> Any:
    """What of a value has no column, in the value's own shape; empty if all has."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        kinds = {field.name: field.type for field in kind}
        parts = {key: _unknown(item, kinds[key]) for key, item in value.items() if key in kinds}
        return {
            **{key: part for key, part in parts.items() if part},
            **{key: item for key, item in value.items() if key not in kinds},
        }
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        items = [_unknown(item, kind.value_type) for item in value]
        return items if any(items) else []
    return None


def _schema() -> pyarrow.Schema:
    import pyarrow as pa

    text, number, span = pa.string(), pa.float64(), pa.list_(pa.float64(), 2)
    texts, spans, integer = pa.list_(text), pa.list_(span), pa.int64()
    step = {
        "sub_question": text,
        "sub_answer": text,
        "text": text,
        "program": text,
        "evidence": texts,
        "spans_s": spans,
    }
    columns = {
        "format": text,
        "id": text,
        "video": pa.struct({"id": text, "path": text, "sha256": text}),
        "span_s": span,
        "question": text,
        "answer": text,
        "rationale": text,
        "n_steps": integer,
        "steps": pa.list_(pa.struct(step)),
        "program": text,
        "type": pa.struct({"structure": text, "semantics": text, "temporal": text}),
        "answer_kind": text,
        "outer_candidates": integer,
        "confidence": number,
        "template": pa.struct({"question": text, "rationale": text}),
        "refined_by": text,
        "checks": pa.map_(text, text),
        "provenance": pa.struct({"graph_sha256": text, "generator": text, "version": text, "seed": integer}),
        "choices": texts,
        "distractor_kinds": texts,
        "twin_of": text,
        _EXTRA: text,
    }
    return pa.schema(list(columns.items()))
