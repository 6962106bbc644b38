import pytest

from videostep.errors import FormatError
from videostep.reason.ask import AskConfig, ask_graph
from videostep.store.asked import AskedHead, read_asked, remove_asked, write_asked
from videostep.store.entries import DroppedRow
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import decode_sample
from videostep.testing.graphs import street_graph

DROPPED = DroppedRow(video="a", stage="ask", reason="leak", question="What\nis it?", answer="", program="")
HEAD = AskedHead(made_of="0" * 64, dropped=(DROPPED,))


@pytest.fixture
def run(tmp_path):
    return RunFolder(tmp_path)


def test_what_was_asked_comes_back(run):
    config = AskConfig(samples_per_video=5)
    samples = ask_graph(street_graph(), graph_sha256="0" * 64, config=config, seed=1).samples
    write_asked(run, "a", HEAD, samples)
    head, lines = read_asked(run, "a")
    assert head == HEAD
    assert tuple(decode_sample(line, source="a") for line in lines) == samples


def test_a_video_that_nothing_was_asked_of_is_not_one_that_was_not_asked(run):
    write_asked(run, "a", HEAD, [])
    assert read_asked(run, "a") == (HEAD, [])
    assert read_asked(run, "b") == (None, [])


def test_a_damaged_file_is_named_with_a_remedy(run):
    write_asked(run, "a", HEAD, [])
    (run.asking / "a.jsonl").write_bytes(b"")
    with pytest.raises(FormatError, match=r"a\.jsonl, line 1 .*its video is asked again"):
        read_asked(run, "a")


def test_everything_is_forgotten_together(run):
    remove_asked(run)
    write_asked(run, "a", HEAD, [])
    remove_asked(run)
    assert not run.asking.exists()
