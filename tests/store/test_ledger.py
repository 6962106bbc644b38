import json

import pytest

from videostep.errors import FormatError
from videostep.store.ledger import Ledger, entry_of


def graph_entry(video, source="s"):
    return entry_of("graph", video, {"source": source}, files=2, files_sha256="f")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def test_what_was_added_is_found_by_the_next_process(path):
    Ledger(path).add(graph_entry("a"))
    assert Ledger(path).find("graph", "a") == graph_entry("a")
    assert Ledger(path).find("graph", "b") is None


def test_the_settled_file_does_not_tell_the_order_of_work(path, tmp_path):
    other = tmp_path / "other.jsonl"
    entries = [
        graph_entry("clip10"),
        entry_of("ask", "*", {}, files=1, files_sha256="f"),
        graph_entry("clip2"),
    ]
    for file, order in ((path, entries), (other, entries[::-1])):
        ledger = Ledger(file)
        for entry in order:
            ledger.add(entry)
        ledger.settle()
    assert path.read_bytes() == other.read_bytes()
    assert [json.loads(line)["video"] for line in path.read_bytes().splitlines()] == ["clip2", "clip10", "*"]


def test_a_line_cut_off_by_a_kill_is_dropped(path):
    ledger = Ledger(path)
    ledger.add(graph_entry("a"))
    whole = path.read_bytes()
    ledger.add(graph_entry("b"))
    path.write_bytes(path.read_bytes()[:-7])
    again = Ledger(path)
    again.settle()
    assert path.read_bytes() == whole


def test_a_line_added_behind_one_that_was_cut_off_is_whole(path):
    Ledger(path).add(graph_entry("a"))
    path.write_bytes(path.read_bytes()[:-7])
    Ledger(path).add(graph_entry("b"))
    assert Ledger(path).find("graph", "b") == graph_entry("b")


def test_a_damaged_line_is_named(path):
    path.write_bytes(b"not json\n")
    with pytest.raises(FormatError, match=r"ledger\.jsonl, line 1 .*; remove that line, or"):
        Ledger(path)


def test_the_stamp_follows_from_what_it_was_made_of():
    assert graph_entry("a").stamp == graph_entry("b").stamp
    assert graph_entry("a").stamp != graph_entry("a", source="t").stamp


def test_a_removed_entry_is_gone_when_settled(path):
    ledger = Ledger(path)
    ledger.add(graph_entry("a"))
    ledger.remove("graph", "a")
    ledger.settle()
    assert path.read_bytes() == b""
