"""Importing others' graphs into a run folder."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from videostep.errors import ConfigError, FormatError, InputError, RunFolderError
from videostep.formats.graphs.imported import Account, Imported, ImportOptions, Refused
from videostep.pipeline import importing
from videostep.pipeline.config import RunConfig
from videostep.pipeline.importing import ImportRequest, import_graphs, plan_import
from videostep.pipeline.run import ask_again
from videostep.store.entries import read_errors
from videostep.testing.graphs import street_graph
from videostep.viewer.report import write_report


def account(lost: int = 0) -> Account:
    account = Account()
    account.find("things", 3)
    account.carry("things", 3 - lost, repair="mended")
    account.lose("things", "too small", lost)
    return account


def video(name: str, lost: int = 0) -> Imported:
    graph = street_graph()
    named = replace(graph, video=replace(graph.video, id=name, path=f"{name}.mp4"))
    return Imported(name=name, graph=named, account=account(lost))


@pytest.fixture
def reads(monkeypatch):
    """Makes every format's reader yield given items, and raise those that are errors."""

    def set_items(*items: Imported | Refused | BaseException) -> None:
        def read(path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
            for item in items:
                if isinstance(item, BaseException):
                    raise item
                yield item

        monkeypatch.setattr(importing, "open_reader", lambda name: read)

    return set_items


@pytest.fixture
def request_(tmp_path) -> ImportRequest:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "data.json").write_text("{}")
    return ImportRequest(format="agqa", path=tmp_path / "in")


def test_an_imported_run_asks_verifies_and_reports(tmp_path, reads, request_):
    reads(video("a", lost=1), video("b"))
    result = import_graphs(request_, tmp_path / "run")
    assert (result.videos, result.failed, result.broken_off) == (2, (), False)
    asked = ask_again(tmp_path / "run", request_.config())
    assert asked.verification is not None
    assert asked.verification.checked > 0
    assert asked.verification.failed == ()
    assert "street" in write_report(tmp_path / "run").read_text()


def test_the_report_counts_what_became_of_everything(tmp_path, reads, request_):
    reads(video("a", lost=1), Refused(name="b", reason="no frames"), video("c", lost=2))
    import_graphs(request_, tmp_path / "run")
    report = json.loads((tmp_path / "run" / "import.json").read_text())
    assert report["imported"] == "agqa"
    assert report["videos"] == 2
    assert report["found"] == {"things": 6}
    assert report["carried"] == {"things": 3}
    assert report["repaired"] == {"things": {"mended": 3}}
    assert report["lost"] == {"things": {"too small": 3}}
    assert report["refused"] == {"no frames": 1}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (lambda: Refused(name="b", reason="no frames", remedy="look"), "no frames"),
        (lambda: video("a"), "a second record of this name"),
        (lambda: replace(video("a"), name="b"), "another record gives the same video"),
        (lambda: replace(video("b"), account=unbalanced()), "statements went unseen"),
        (lambda: replace(video("b"), graph=broken()), "its graph would break a rule"),
    ],
)
def test_a_bad_video_is_an_entry_and_the_rest_goes_on(tmp_path, reads, request_, bad, reason):
    reads(video("a"), bad(), video("c"))
    result = import_graphs(request_, tmp_path / "run")
    assert [path.stem for path in result.run.graph_files()] == ["a", "c"]
    (entry,) = read_errors(result.run)
    assert (entry.stage, entry.reason) == ("import", reason)
    assert result.failed_share == pytest.approx(1 / 3)


def unbalanced() -> Account:
    account_ = account()
    account_.find("things")
    return account_


def broken():
    graph = street_graph()
    return replace(graph, objects=graph.objects[:1])


def test_files_that_break_off_keep_what_came_before_and_are_not_done(tmp_path, reads, request_):
    reads(video("a"), FormatError("data.json is not whole JSON"))
    result = import_graphs(request_, tmp_path / "run")
    assert result.broken_off
    assert [entry.reason for entry in read_errors(result.run)] == ["data.json is not whole JSON"]
    assert (tmp_path / "run" / "graphs" / "a.json").exists()
    reads(video("a"), video("b"))
    again = import_graphs(request_, tmp_path / "run")
    assert (again.videos, again.broken_off, read_errors(again.run)) == (2, False, ())


@pytest.mark.parametrize(
    "items", [(), (FormatError("not whole"),), (Refused(name="a", reason="no frames"),)], ids=str
)
def test_files_without_a_usable_video_are_an_input_error(tmp_path, reads, request_, items):
    reads(*items)
    with pytest.raises(InputError, match=r"holds no video|not whole|no frames"):
        import_graphs(request_, tmp_path / "run")


def test_the_same_import_again_does_nothing(tmp_path, reads, request_, contents):
    reads(video("a"), video("b"))
    import_graphs(request_, tmp_path / "run")
    before = contents(tmp_path / "run")
    reads(AssertionError("read again"))
    assert import_graphs(request_, tmp_path / "run").report is None
    assert contents(tmp_path / "run") == before


def test_a_killed_import_is_made_anew_with_the_same_bytes(tmp_path, reads, request_, contents):
    reads(video("a"), video("b"))
    import_graphs(request_, tmp_path / "whole")
    reads(video("z"), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        import_graphs(request_, tmp_path / "killed")
    reads(video("a"), video("b"))
    import_graphs(request_, tmp_path / "killed")
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


@pytest.mark.parametrize("change", ["file", "option"])
def test_graphs_of_other_files_or_options_are_replaced(tmp_path, reads, request_, change):
    # Of the same name as the one that changes, and read after it.
    (request_.path / "more").mkdir()
    (request_.path / "more" / "data.json").write_text("{}")
    reads(video("a"))
    import_graphs(request_, tmp_path / "run")
    reads(video("b"))
    if change == "file":
        (request_.path / "data.json").write_text("[]")
    else:
        request_ = replace(request_, options=ImportOptions(complete=True))
    result = import_graphs(request_, tmp_path / "run")
    assert [path.stem for path in result.run.graph_files()] == ["b"]


@pytest.mark.parametrize("beside", ["video_fps", "vidor/masks/0001/0000.png"])
def test_what_lies_beside_the_annotations_decides_too(tmp_path, reads, request_, beside):
    """Frame rates of STAR, masks of PVSG: without them an import knows less, so it is made anew with them."""
    reads(video("a"))
    import_graphs(request_, tmp_path / "run")
    (request_.path / beside).parent.mkdir(parents=True, exist_ok=True)
    (request_.path / beside).write_bytes(b"something")
    reads(video("b"))
    result = import_graphs(request_, tmp_path / "run")
    assert [path.stem for path in result.run.graph_files()] == ["b"]
    assert import_graphs(request_, tmp_path / "run").report is None


def test_graphs_changed_by_hand_are_left_alone_unless_redone(tmp_path, reads, request_):
    reads(video("a"))
    import_graphs(request_, tmp_path / "run")
    graph = tmp_path / "run" / "graphs" / "a.json"
    graph.write_text(graph.read_text() + "\n")
    with pytest.raises(RunFolderError, match="changed after they were imported"):
        import_graphs(request_, tmp_path / "run")
    assert import_graphs(request_, tmp_path / "run", redo=True).videos == 1


@pytest.mark.parametrize("redo", [False, True])
@pytest.mark.parametrize(
    "items", [(), (FormatError("not whole"),), (Refused(name="b", reason="no frames"),)], ids=str
)
def test_graphs_stay_when_the_new_files_give_none(tmp_path, reads, request_, contents, items, redo):
    reads(video("a"))
    import_graphs(request_, tmp_path / "run")
    before = contents(tmp_path / "run")
    (request_.path / "data.json").write_text("[]")
    reads(*items)
    with pytest.raises(InputError, match=r"holds no video|not whole|no frames"):
        import_graphs(request_, tmp_path / "run", redo=redo)
    assert contents(tmp_path / "run") == before


@pytest.mark.parametrize("inside", ["", "runs/one"])
@pytest.mark.parametrize("begin", [import_graphs, plan_import])
def test_a_run_among_the_annotations_is_refused(reads, request_, begin, inside):
    """The same command again would read its own graphs."""
    reads(video("a"))
    with pytest.raises(ConfigError, match=r"lies in the folder of the annotations.*outside"):
        begin(request_, request_.path / inside)
    assert [path.name for path in request_.path.iterdir()] == ["data.json"]


def test_a_pipe_is_refused_unread(tmp_path, request_):
    pipe = tmp_path / "annotations.json"
    os.mkfifo(pipe)
    for read in (import_graphs, plan_import):
        with pytest.raises(InputError, match="neither a file nor a folder"):
            read(replace(request_, path=pipe), tmp_path / "run")


def test_a_folder_of_something_else_is_refused_before_anything_is_read(tmp_path, reads, request_):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("mine")
    reads(AssertionError("read"))
    with pytest.raises(RunFolderError, match="is no run folder"):
        import_graphs(request_, tmp_path / "run", redo=True)


def test_the_run_of_something_else_is_refused(tmp_path, reads, request_):
    reads(video("a"))
    import_graphs(request_, tmp_path / "run")
    with pytest.raises(RunFolderError, match="other settings"):
        import_graphs(replace(request_, format="star"), tmp_path / "run")


def test_a_plan_writes_nothing(tmp_path, reads, request_):
    reads(video("a"), Refused(name="b", reason="no frames"))
    result = plan_import(request_, tmp_path / "run")
    assert result.report is not None
    assert (result.report.videos, len(result.failed)) == (1, 1)
    assert not (tmp_path / "run").exists()


def test_settings_of_later_stages_stay(request_):
    assert request_.config(RunConfig(seed=7)).seed == 7


def test_unknown_formats_and_missing_files_are_told_before_anything_is_made(tmp_path, request_):
    with pytest.raises(ConfigError, match="no format"):
        import_graphs(replace(request_, format="cvat"), tmp_path / "run")
    with pytest.raises(InputError, match="there is no file"):
        import_graphs(replace(request_, path=tmp_path / "none"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_file_that_may_not_be_read_is_told_before_anything_is_made(tmp_path, request_, monkeypatch):
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(importing, "sha256_of_file", refuse)
    with pytest.raises(InputError, match=r"data\.json cannot be read: Permission denied"):
        import_graphs(request_, tmp_path / "run")
    assert not (tmp_path / "run").exists()
