"""The sample file `videostep.qra/1`, as JSON lines and as Parquet with the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from videostep.errors import FormatError, RunFolderError
from videostep.records import from_json, to_plain
from videostep.sample import Sample
from videostep.store.atomic import atomic_open

if TYPE_CHECKING:
    import pyarrow


_REMEDY = "make the samples anew with videostep ask"
ROWS_A_GROUP = 2048
"""Rows that are held in memory before they are written to Parquet."""
_ABSENT = re.compile(rb',"(?:[a-z_]+":null|extra":\{\})')
"""A field that is left out of a line. No text looks like one: the quotation marks in it are escaped."""
_UNKNOWN_FIELD = b'"extra":{"'
_EXTRA = "extra"
"""Parquet column of the fields that have no column of their own, as JSON."""


def write_samples(samples: Iterable[Sample], *, jsonl: Path, parquet: Path) -> None:
    """Write both files, holding few samples at a time; equal samples give equal bytes.

    Raises:
        RunFolderError: A file cannot be written.
        FormatError: A sample does not fit the Parquet columns.
    """
    write_sample_lines(map(encode_sample, samples), jsonl=jsonl, parquet=parquet)


def write_sample_lines(lines: Iterable[bytes], *, jsonl: Path, parquet: Path) -> None:
    """Write both files from the lines of the first, which `encode_sample` made; raises as `write_samples`."""
    with atomic_open(jsonl) as text, atomic_open(parquet) as table, _ParquetRows(table) as rows:
        for line in lines:
            text.write(line)
            rows.add(msgspec.json.decode(line))


def encode_sample(sample: Sample) -> bytes:
    """A sample as one line of JSON: what `to_plain` gives."""
    written = msgspec.json.encode(sample)
    if _UNKNOWN_FIELD in written:  # few samples have any: only they are taken apart in Python
        return msgspec.json.encode(to_plain(sample)) + b"\n"
    return _ABSENT.sub(b"", written) + b"\n"


def decode_sample(line: bytes, *, source: str) -> Sample:
    """A sample from its line; raises FormatError naming `source`."""
    return from_json(line, Sample, source=source, remedy=_REMEDY)


def read_samples(path: Path) -> Iterator[Sample]:
    """The samples of a JSON-lines file, one by one.

    Raises:
        RunFolderError: There is no such file.
        FormatError: A line is not a sample; names the file and the line.
    """
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            yield decode_sample(line, source=f"{path}, line {number}")


class SampleFile:
    """A JSON-lines file of samples and where those of each video stand in it.

    It grows with the videos, not with the samples, as long as those of a video stand together.
    """

    def __init__(self, path: Path, *, may_be_missing: bool = False) -> None:
        """Read the file once; raises as `read_samples` does, unless it may be missing and so holds none."""
        self._path = path
        self._stretches: dict[str, list[_Stretch]] = {}
        if may_be_missing and not path.exists():
            return
        last, start_byte = "", 0
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                video = _video_of(line, path, number)
                stretches = self._stretches.setdefault(video, [])
                if video != last:
                    stretches.append(_Stretch(start_byte, number))
                stretches[-1].lines += 1
                stretches[-1].size_bytes += len(line)
                start_byte, last = start_byte + len(line), video

    @property
    def videos(self) -> tuple[str, ...]:
        """Ids of the videos that samples are about, in the order of their first samples."""
        return tuple(self._stretches)

    def count_of(self, video: str) -> int:
        """How many samples are about a video."""
        return sum(stretch.lines for stretch in self._stretches.get(video, ()))

    def size_bytes_of(self, video: str) -> int:
        """How long the lines about a video are."""
        return sum(stretch.size_bytes for stretch in self._stretches.get(video, ()))

    def samples_of(self, video: str) -> list[Sample]:
        """The samples of a video in the order of the file; raises as `read_samples` does."""
        found: list[Sample] = []
        if video not in self._stretches:
            return found
        with _opened(self._path) as file:
            for stretch in self._stretches[video]:
                file.seek(stretch.start_byte)
                numbers = range(stretch.first_line, stretch.first_line + stretch.lines)
                found += (
                    decode_sample(file.readline(), source=f"{self._path}, line {number}")
                    for number in numbers
                )
        return found


@dataclass(slots=True)
class _Stretch:
    """Lines of one video that follow each other."""

    start_byte: int
    first_line: int
    lines: int = 0
    size_bytes: int = 0


class _VideoHead(msgspec.Struct):
    id: str


class _SampleHead(msgspec.Struct):
    video: _VideoHead


def _video_of(line: bytes, path: Path, number: int) -> str:
    try:
        return msgspec.json.decode(line, type=_SampleHead).video.id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return decode_sample(line, source=f"{path}, line {number}").video.id  # Says what is wrong.


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise RunFolderError(
            f"{path} cannot be read: {error.strerror}", remedy="make samples with videostep ask"
        ) from error


class _ParquetRows:
    """Rows on their way into a Parquet file; columns and their types do not depend on the rows."""

    def __init__(self, file: BinaryIO) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = _schema()
        self._known = pa.struct([field for field in self._schema if field.name != _EXTRA])
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> _ParquetRows:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if self._waiting and kind is None:
                self._flush()
        finally:
            self._writer.close()

    def add(self, row: dict[str, Any]) -> None:
        """Add a row; raises FormatError if one does not fit the columns."""
        self._waiting.append(_in_columns(row, self._known))
        if len(self._waiting) == ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        try:
            table = pa.Table.from_pylist(self._waiting, schema=self._schema)
        except pa.ArrowInvalid as error:
            raise FormatError(f"a sample does not fit the Parquet columns: {error}") from error
        self._writer.write_table(table)
        self._waiting = []


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
        "type": pa.struct({"structure": text, "semantics": text, "temporal": text, "star": text}),
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
        "cut_s": number,
        _EXTRA: text,
    }
    return pa.schema(list(columns.items()))
