import pytest

from videostep.errors import FormatError
from videostep.store.rewrite_log import RewriteLog, key_of


def test_what_was_written_is_found_again(tmp_path):
    path = tmp_path / "cache" / "rewrites.jsonl"
    key = key_of("model", "question", "Is it red?")
    RewriteLog(path).add([(key, "Is red its colour?")])
    assert RewriteLog(path).find(key) == "Is red its colour?"
    assert RewriteLog(path).find(key_of("other model", "question", "Is it red?")) is None


def test_texts_added_now_and_before_are_found_wherever_they_lie(tmp_path):
    path = tmp_path / "rewrites.jsonl"
    RewriteLog(path).add([("a", "eins\nzwei"), ("b", "drei \u00e9")])
    log = RewriteLog(path)
    log.add([("c", ""), ("a", "other words")])
    log.add([])
    assert [log.find(key) for key in "abc"] == ["other words", "drei \u00e9", ""]
    assert [RewriteLog(path).find(key) for key in "abc"] == ["other words", "drei \u00e9", ""]


def test_half_a_line_is_forgotten_and_written_over(tmp_path):
    path = tmp_path / "rewrites.jsonl"
    RewriteLog(path).add([("a", "1"), ("b", "2")])
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    log = RewriteLog(path)
    assert (log.find("a"), log.find("b")) == ("1", None)
    log.add([("b", "2")])
    assert path.read_bytes() == whole


def test_a_damaged_line_is_named(tmp_path):
    path = tmp_path / "rewrites.jsonl"
    path.write_text('{"key": "a"}\n')
    with pytest.raises(FormatError, match="line 1"):
        RewriteLog(path)
