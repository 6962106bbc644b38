import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from videostep.errors import FormatError, RunFolderError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.prediction import Prediction
from videostep.evaluate.prediction_file import PredictionFile
from videostep.evaluate.prediction_table import open_table
from videostep.evaluate.predictions import line_of, read_predictions
from videostep.video import TimeSpan


def prediction(id_, reply="yes", **rest):
    item = Item(
        id=id_, video="v", question="?", answer="yes", kind="binary", groups=("a",), span_s=TimeSpan(0.0, 1.5)
    )
    return Prediction(benchmark="b", item=item, model="m", reply=reply, **rest)


@pytest.fixture
def file(tmp_path):
    return PredictionFile(tmp_path / "predictions" / "answer.jsonl")


def append(file, *predictions):
    with file.appending() as add:
        for one in predictions:
            add(one)


def test_the_finished_file_is_in_the_order_of_the_questions(file):
    append(file, prediction("q2"), prediction("q1"), prediction("left-out"))
    file.finish(["q1", "q2", "never-asked"])
    assert [one.item.id for one in read_predictions(file.path)] == ["q1", "q2"]
    assert not file.part.exists()


def test_a_killed_process_loses_the_line_it_was_writing_and_no_more(file):
    append(file, prediction("q1"))
    with file.part.open("ab") as torn:
        torn.write(line_of(prediction("q2"))[:40])
    assert file.faults() == {"q1": ""}
    append(file, prediction("q3"))
    file.finish(["q1", "q2", "q3"])
    assert [one.item.id for one in read_predictions(file.path)] == ["q1", "q3"]


def test_what_was_asked_again_replaces_what_failed(file):
    append(file, prediction("q1", reply=None, error="too long"), prediction("q2"))
    file.finish(["q1", "q2"])
    assert file.faults() == {"q1": "too long", "q2": ""}
    append(file, prediction("q1", reply="no"))
    file.finish(["q1", "q2"])
    assert [one.reply for one in read_predictions(file.path)] == ["no", "yes"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "predictions").touch()
    with pytest.raises(RunFolderError, match="cannot be written"):
        append(PredictionFile(tmp_path / "predictions" / "answer.jsonl"), prediction("q1"))


@pytest.mark.parametrize("data", [b"", b"PAR1 nonsense"])
def test_a_damaged_parquet_file_is_named(tmp_path, data):
    (tmp_path / "p.parquet").write_bytes(data)
    with pytest.raises(FormatError, match=r"p\.parquet is no Parquet file of predictions"):
        list(read_predictions(tmp_path / "p.parquet"))


def test_a_parquet_file_of_something_else_is_named(tmp_path):
    pq.write_table(pa.table({"id": ["q1"]}), tmp_path / "p.parquet")
    with pytest.raises(FormatError, match=r"no (prediction|Parquet file of predictions)"):
        list(read_predictions(tmp_path / "p.parquet"))


def test_parquet_holds_the_same_rows(tmp_path):
    path = tmp_path / "p.parquet"
    made = [prediction("q1", marks={"exact": Mark(right=True)}), prediction("q2", reply=None)]
    with open_table(path) as table:
        for one in made:
            table.add(one)
    assert list(read_predictions(path, benchmark="b")) == made
    rows = pq.read_table(path).to_pylist()
    assert [(row["id"], row["reply"], row["span_s"], row["groups"]) for row in rows] == [
        ("q1", "yes", [0.0, 1.5], ["a"]),
        ("q2", None, [0.0, 1.5], ["a"]),
    ]
    assert '"right":true' in rows[0]["marks"]
