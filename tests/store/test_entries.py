import json
from dataclasses import replace

import pytest

from videostep.errors import FormatError, RunFolderError
from videostep.store import entries
from videostep.store.entries import DroppedRow, ErrorEntry
from videostep.store.run_folder import RunFolder

ENTRY = ErrorEntry(
    video="a-1",
    path="a.mp4",
    severity="failed",
    stage="decode",
    reason="a.mp4 is empty",
    remedy="copy it again",
)
ROW = DroppedRow(
    video="a-1", stage="ask", reason="two things fit 'bus'", question="Q?", answer="red", program="p"
)


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path)


def test_errors_come_back(run):
    entries.write_error(run, ENTRY)
    assert entries.read_errors(run) == (ENTRY,)


def test_a_damaged_entry_says_what_to_do(run):
    entries.write_error(run, ENTRY)
    (run.errors / "a-1.json").write_text("{")
    with pytest.raises(FormatError, match=r"a-1\.json is not JSON: .*; delete it"):
        entries.read_errors(run)


def test_the_folder_goes_with_its_last_error(run):
    entries.write_error(run, ENTRY)
    entries.remove_error(run, "a-1", "decode")
    assert not run.errors.exists()
    entries.remove_error(run, "a-1", "decode")


def test_a_warning_of_the_decoder_outlives_a_failure_of_asking(run):
    entries.write_error(run, ENTRY)
    entries.write_error(run, replace(ENTRY, stage="ask"))
    assert len(entries.read_errors(run)) == 2
    entries.remove_errors_of(run, "ask")
    assert entries.read_errors(run) == (ENTRY,)


def test_errors_of_one_stage_are_forgotten(run):
    entries.write_error(run, ENTRY)
    entries.write_error(run, replace(ENTRY, video="b-2", stage="find"))
    entries.remove_errors_of(run, "find")
    assert entries.read_errors(run) == (ENTRY,)


def test_dropped_rows_lie_by_video_and_are_counted_by_reason(run):
    rows = [
        ROW,
        replace(ROW, video="b-2", reason="two things fit 'car'"),
        replace(ROW, stage="balance", reason="too many"),
    ]
    entries.write_dropped(run, rows)
    assert entries.read_drop_counts(run) == {"ask: two things fit ...": 2, "balance: too many": 1}
    lines = (run.dropped / "a-1.jsonl").read_text().splitlines()
    assert [json.loads(line)["reason"] for line in lines] == ["two things fit 'bus'", "too many"]


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("two things fit 'bus'", "two things fit ..."),
        ("the question holds 'cap' of the answer 'red cap'", "the question holds ... of the answer ..."),
        ("its video 'a' is not the graph's, 'b'", "its video ... is not the graph's, ..."),
        ('nothing fits "the dog\'s bowl"', "nothing fits ..."),
        ("""'name(called(things(), "bus"))' gives 'bus'""", "... gives ..."),
        ("it is the dog's and the cat's", "it is the dog's and the cat's"),
    ],
)
def test_reasons_that_quote_other_words_are_of_one_kind(reason, kind):
    assert entries.kind_of_reason(reason) == kind


def test_writing_again_leaves_no_file_of_before(run):
    entries.write_dropped(run, [ROW])
    entries.write_dropped(run, [])
    assert [path.name for path in run.dropped.iterdir()] == ["counts.json"]


def test_damaged_counts_are_named(run):
    run.dropped.mkdir()
    (run.dropped / "counts.json").write_text("[]")
    with pytest.raises(RunFolderError, match="make it anew with videostep ask"):
        entries.read_drop_counts(run)
