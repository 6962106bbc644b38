import json

import pyarrow.parquet as pq
import pytest

from videostep.errors import RunFolderError
from videostep.formats.training import TARGETS, files
from videostep.formats.training.files import file_names, open_rows


@pytest.fixture
def rows(pair):
    return [TARGETS["hf"].encode(record) for record in pair("colour")] * 5


def write(name, folder, rows):
    with open_rows(TARGETS[name], folder, "train", len(rows)) as file:
        for row in rows:
            file.write(row)


@pytest.mark.parametrize("count", [0, 1, 10])
def test_text_files_hold_every_row(tmp_path, rows, count):
    write("jsonl", tmp_path, rows[:count])
    write("llava", tmp_path, rows[:count])
    lines = (tmp_path / "train.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == rows[:count]
    assert json.loads((tmp_path / "train.json").read_text()) == rows[:count]


@pytest.mark.parametrize("count", [0, 1, 9, 10])
@pytest.mark.parametrize("group", [1, 3, 100])
def test_shards_hold_every_row_once(tmp_path, rows, monkeypatch, count, group):
    monkeypatch.setattr(files, "ROWS_A_SHARD", 3)
    monkeypatch.setattr(files, "ROWS_A_GROUP", group)
    write("hf", tmp_path, rows[:count])
    names = file_names(TARGETS["hf"], "train", count)
    assert len(names) == max(1, -(-count // 3))
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [n.split("/")[1] for n in names]
    tables = [pq.read_table(tmp_path / name) for name in names]
    assert [row for table in tables for row in table.to_pylist()] == rows[:count]
    assert all(table.num_rows == 3 for table in tables[:-1])


def test_one_parquet_file_takes_any_number_of_rows(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(files, "ROWS_A_SHARD", 3)
    monkeypatch.setattr(files, "ROWS_A_GROUP", 4)
    write("parquet", tmp_path, rows)
    assert pq.read_table(tmp_path / "train.parquet").to_pylist() == rows


def test_a_disk_that_may_not_be_written_is_told_of(tmp_path, rows):
    (tmp_path / "train.jsonl").mkdir()
    with pytest.raises(RunFolderError, match=r"train\.jsonl cannot be written"):
        write("jsonl", tmp_path, rows)
