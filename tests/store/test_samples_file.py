import json
from dataclasses import replace

import msgspec
import pyarrow.parquet as pq
import pytest

from videostep.errors import FormatError, RunFolderError
from videostep.reason.ask import AskConfig, ask_graph
from videostep.records import from_plain, to_plain
from videostep.sample import Sample
from videostep.store import samples_file
from videostep.store.samples_file import SampleFile, encode_sample, read_samples, write_samples
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


@pytest.mark.parametrize(
    "text",
    ['a,"extra":{}', ',"twin_of":null', '\\,"star":null', '"', "\\", ',"', '{"extra":{"a":1}}', "é\u2028"],
)
@pytest.mark.parametrize("extra", [{}, {"mood": None}, {"extra": {}}, {',"a': [None, {"b": None}]}])
def test_a_line_is_what_the_sample_is_in_plain(samples, text, extra):
    last = replace(samples[0].steps[-1], text=text, evidence=(text,), extra=extra)
    odd = replace(samples[0], question=text, cut_s=1.5, choices=(text, "b"), steps=(last,), extra=extra)
    for sample in (*samples, odd, replace(odd, extra={}), replace(samples[0], twin_of=text)):
        assert encode_sample(sample) == msgspec.json.encode(to_plain(sample)) + b"\n"


def test_parquet_holds_the_same_rows(samples, files):
    write_samples(samples, **files)
    rows = pq.read_table(files["parquet"]).to_pylist()
    for row, sample in zip(rows, samples, strict=True):
        row["checks"] = dict(row["checks"])
        assert without_nulls(row) == to_plain(sample)


def without_nulls(row):
    """A row, and the structs in it, without the columns that are absent in JSON."""
    if not isinstance(row, dict):
        return row
    return {key: without_nulls(value) for key, value in row.items() if value is not None}


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
    row = without_nulls(row)
    assert merged({**row, "checks": dict(row["checks"])}, extra) == plain
    assert next(read_samples(files["jsonl"])) == sample


def test_equal_samples_give_equal_bytes(samples, files, tmp_path):
    write_samples(samples, **files)
    write_samples(samples, jsonl=tmp_path / "b.jsonl", parquet=tmp_path / "b.parquet")
    assert (tmp_path / "b.jsonl").read_bytes() == files["jsonl"].read_bytes()
    assert (tmp_path / "b.parquet").read_bytes() == files["parquet"].read_bytes()


def test_no_samples_make_a_table_with_the_same_columns(samples, files):
    write_samples(samples, **files)
    columns = pq.read_schema(files["parquet"])
    write_samples([], **files)
    assert pq.read_table(files["parquet"]).num_rows == 0
    assert pq.read_schema(files["parquet"]) == columns


def test_rows_are_written_as_they_come(samples, files, monkeypatch):
    monkeypatch.setattr(samples_file, "ROWS_A_GROUP", 5)
    write_samples(iter(samples), **files)
    table = pq.ParquetFile(files["parquet"])
    assert [table.metadata.row_group(number).num_rows for number in range(table.num_row_groups)] == [5, 5, 2]
    assert table.read()["id"].to_pylist() == [sample.id for sample in samples]


def test_samples_that_end_in_an_error_leave_the_files_of_before(samples, files, tmp_path):
    def broken():
        yield samples[0]
        raise FormatError("the second one is damaged")

    write_samples(samples, **files)
    with pytest.raises(FormatError, match="second one"):
        write_samples(broken(), **files)
    assert tuple(read_samples(files["jsonl"])) == samples
    assert {path.name for path in tmp_path.iterdir()} == {"samples.jsonl", "samples.parquet"}


class TestSampleFile:
    def test_finds_the_samples_of_each_video_wherever_they_stand(self, samples, files):
        names = ["a", "b", "b", "a", "c", "a"]
        mixed = [
            replace(sample, video=replace(sample.video, id=name))
            for sample, name in zip(samples, names, strict=False)
        ]
        write_samples(mixed, **files)
        held = SampleFile(files["jsonl"])
        assert held.videos == ("a", "b", "c")
        for video in held.videos:
            assert held.samples_of(video) == [sample for sample in mixed if sample.video.id == video]
            assert held.count_of(video) == names.count(video)

    def test_knows_nothing_of_other_videos(self, samples, files):
        write_samples(samples, **files)
        held = SampleFile(files["jsonl"])
        assert held.samples_of("another") == []
        assert held.count_of("another") == 0

    @pytest.mark.parametrize("line", [b"{", b'{"video": 3}', b"\xff\n", b"\n"])
    def test_names_a_line_that_tells_no_video(self, samples, files, line):
        write_samples(samples[:2], **files)
        files["jsonl"].write_bytes(files["jsonl"].read_bytes() + line)
        with pytest.raises(FormatError, match="line 3"):
            SampleFile(files["jsonl"])

    def test_names_a_line_that_is_damaged_behind_its_video(self, samples, files):
        write_samples(samples[:2], **files)
        first, second = files["jsonl"].read_bytes().splitlines(keepends=True)
        files["jsonl"].write_bytes(first + second.replace(b'"n_steps":', b'"n_stops":'))
        with pytest.raises(FormatError, match="line 2"):
            SampleFile(files["jsonl"]).samples_of(samples[0].video.id)

    def test_a_missing_file_says_how_to_make_it(self, files):
        with pytest.raises(RunFolderError, match="make samples with videostep ask"):
            SampleFile(files["jsonl"])


def test_a_damaged_line_is_named(files):
    files["jsonl"].write_text('{"format": "videostep.qra/1"}\n')
    with pytest.raises(FormatError, match=r"samples\.jsonl, line 1 .*; make the samples anew"):
        list(read_samples(files["jsonl"]))


@pytest.mark.parametrize("cut_s", [0, 0.0, -1.5, "soon"])
def test_a_cut_before_anything_is_shown_is_refused(samples, files, cut_s):
    line = {**to_plain(samples[0]), "cut_s": cut_s}
    files["jsonl"].write_text(json.dumps(line) + "\n")
    with pytest.raises(FormatError, match=r"line 1 is not a valid Sample: .*cut_s"):
        list(read_samples(files["jsonl"]))


def test_missing_samples_say_how_to_make_them(files):
    with pytest.raises(RunFolderError, match="make samples with videostep ask"):
        list(read_samples(files["jsonl"]))
