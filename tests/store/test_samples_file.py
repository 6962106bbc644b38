import io
import json

import pyarrow.parquet as pq
import pytest

from videostep.errors import FormatError, RunFolderError
from videostep.reason.ask import AskConfig, ask_graph
from videostep.records import from_plain, to_plain
from videostep.sample import Sample
from videostep.store.samples_file import parquet_of, read_samples, write_samples
from videostep.testing.graphs import street_graph


@pytest.fixture(scope="module")
def samples():
    return ask_graph(
        street_graph(), graph_sha256="0" * 64, config=AskConfig(samples_per_video=12), seed=1
    ).samples


@pytest.fixture
def files(tmp_path):
    return {"jsonl": tmp_path / "samples.jsonl", "parquet": tmp_path / "samples.parquet"}


def test_samples_come_back_as_they_were(samples, files):
    assert len(samples) == 12
    write_samples(samples, **files)
    assert tuple(read_samples(files["jsonl"])) == samples


def test_parquet_holds_the_same_rows(samples, files):
    write_samples(samples, **files)
    rows = pq.read_table(files["parquet"]).to_pylist()
    for row, sample in zip(rows, samples, strict=True):
        row["checks"] = dict(row["checks"])
        assert {key: value for key, value in row.items() if value is not None} == to_plain(sample)


def merged(row, extra):
    """A row with the unknown fields of its `extra` column where they stood."""
    if isinstance(extra, list):
        return [merged(item, part) for item, part in zip(row, extra, strict=True)]
    if isinstance(extra, dict) and isinstance(row, dict):
        return {**row, **{key: merged(row.get(key), part) for key, part in extra.items()}}
    return extra


def test_unknown_fields_stand_in_the_extra_column(samples, files):
    plain = to_plain(next(sample for sample in samples if sample.n_steps > 1))
    plain |= {"split": "train", "extra": {"extra": 1}, "mood": None}
    plain["video"]["licence"] = "cc-by"
    plain["steps"][1]["score"] = 0.5
    sample = from_plain(plain, Sample, source="a sample")
    write_samples([sample, *samples[:1]], **files)
    row, other = pq.read_table(files["parquet"]).to_pylist()
    assert other["extra"] is None
    extra = json.loads(row.pop("extra"))
    assert extra["steps"] == [{}, {"score": 0.5}, *[{}] * (len(plain["steps"]) - 2)]
    row = {key: value for key, value in row.items() if value is not None}
    assert merged({**row, "checks": dict(row["checks"])}, extra) == plain
    assert next(read_samples(files["jsonl"])) == sample


def test_equal_samples_give_equal_bytes(samples, files, tmp_path):
    write_samples(samples, **files)
    write_samples(samples, jsonl=tmp_path / "b.jsonl", parquet=tmp_path / "b.parquet")
    assert (tmp_path / "b.jsonl").read_bytes() == files["jsonl"].read_bytes()
    assert (tmp_path / "b.parquet").read_bytes() == files["parquet"].read_bytes()


def test_no_samples_make_a_table_with_the_same_columns(samples):
    empty = pq.read_schema(io.BytesIO(parquet_of([])))
    assert empty == pq.read_schema(io.BytesIO(parquet_of([to_plain(sample) for sample in samples])))


def test_a_damaged_line_is_named(files):
    files["jsonl"].write_text('{"format": "videostep.qra/1"}\n')
    with pytest.raises(FormatError, match=r"samples\.jsonl, line 1 .*; make the samples anew"):
        list(read_samples(files["jsonl"]))


def test_missing_samples_say_how_to_make_them(files):
    with pytest.raises(RunFolderError, match="make samples with videostep ask"):
        list(read_samples(files["jsonl"]))
