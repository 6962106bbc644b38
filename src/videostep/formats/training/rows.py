"""Plain rows, for whoever writes a loader: everything that is known of a record, flat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videostep.formats.training.records import Record
from videostep.formats.training.target import Target

if TYPE_CHECKING:
    import pyarrow


def encode_row(record: Record) -> dict[str, Any]:
    """One flat row; the columns are those of `row_schema`."""
    sample = record.sample
    return {
        "id": record.id,
        "sample": sample.id,
        "task": record.task,
        "video": record.media.path,
        "video_id": sample.video.id,
        "video_sha256": sample.video.sha256,
        "start_s": record.media.window_s.start_s,
        "end_s": record.media.window_s.end_s,
        "cut_s": sample.cut_s,
        "question": record.question,
        "instruction": record.instruction,
        "response": record.response,
        "weight": record.weight,
        "answer_kind": sample.answer_kind,
        "choices": None if sample.choices is None else list(sample.choices),
        "n_steps": sample.n_steps,
        "structure": sample.type.structure,
        "semantics": sample.type.semantics,
        "temporal": sample.type.temporal,
        "confidence": sample.confidence,
        "outer_candidates": sample.outer_candidates,
        "twin_of": sample.twin_of,
        "novel_pairs": [list(pair) for pair in record.novel_pairs],
        "program": sample.program,
    }


def row_schema() -> pyarrow.Schema:
    """Columns and types of the rows; they do not depend on the data."""
    import pyarrow as pa

    numbers = dict.fromkeys(("start_s", "end_s", "cut_s", "weight", "confidence"), pa.float64())
    counts = dict.fromkeys(("n_steps", "outer_candidates"), pa.int64())
    texts = pa.list_(pa.string())
    others = {"choices": texts, "novel_pairs": pa.list_(texts)}
    kinds = {**numbers, **counts, **others}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])


COLUMNS = (
    *("id", "sample", "task", "video", "video_id", "video_sha256"),
    *("start_s", "end_s", "cut_s"),
    *("question", "instruction", "response", "weight"),
    *("answer_kind", "choices", "n_steps", "structure", "semantics", "temporal", "confidence"),
    *("outer_candidates", "twin_of", "novel_pairs", "program"),
)

JSONL = Target(
    name="jsonl",
    read_by="your own loader",
    encode=encode_row,
    layout="lines",
    weighted=True,
    says_part=True,
)
PARQUET = Target(
    name="parquet",
    read_by="your own loader",
    encode=encode_row,
    layout="parquet",
    weighted=True,
    says_part=True,
)
HF = Target(
    name="hf",
    read_by="Hugging Face datasets",
    encode=encode_row,
    layout="parquet",
    sharded=True,
    weighted=True,
    says_part=True,
)
