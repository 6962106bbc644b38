import pytest

from videostep.errors import RunFolderError
from videostep.store.run_folder import RunFolder


@pytest.fixture
def run(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.make()
    run.config.write_text('format = "videostep.run/1"\n')
    return run


def test_an_empty_folder_becomes_a_run_folder(tmp_path):
    RunFolder(tmp_path).make()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_makes_no_folder_foreign(tmp_path):
    (tmp_path / ".lock").touch()
    (tmp_path / ".run.toml.17.part").touch()
    run = RunFolder(tmp_path)
    run.make()
    run.sweep()
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_foreign_folder_is_refused(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(RunFolderError, match="not empty and is no run folder; give a new or empty folder"):
        RunFolder(tmp_path).make()


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "run").touch()
    with pytest.raises(RunFolderError, match="a part of the path is a file"):
        RunFolder(tmp_path / "run").make()


def test_a_missing_or_other_folder_is_no_run(tmp_path):
    with pytest.raises(RunFolderError, match="there is no run folder"):
        RunFolder(tmp_path / "gone").check_exists()
    with pytest.raises(RunFolderError, match=r"holds no run\.toml"):
        RunFolder(tmp_path).check_exists()


def test_sweeping_removes_half_written_files_only(run):
    graph = run.graph("a")
    graph.parent.mkdir()
    graph.write_text("{}")
    part = graph.with_name(".a.json.17.part")
    part.write_text("{")
    run.sweep()
    assert graph.exists()
    assert not part.exists()


def test_graphs_are_listed_in_natural_order(run):
    for name in ("clip10-00", "clip2-00"):
        run.graph(name).parent.mkdir(exist_ok=True)
        run.graph(name).write_text("{}")
    assert [path.stem for path in run.graph_files()] == ["clip2-00", "clip10-00"]


def test_an_unfinished_video_has_no_files(run):
    run.keyframes("a").mkdir(parents=True)
    (run.keyframes("a") / "c1-k1.jpg").touch()
    assert run.files_of_graph("a") == ()
    run.remove_graph("a")
    assert not run.keyframes("a").exists()


def test_a_folder_that_may_not_be_read_is_not_taken_for_an_empty_one(run, monkeypatch):
    (run.root / "graphs").mkdir()

    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    assert run.graph_files() == ()
    monkeypatch.setattr(type(run.root), "iterdir", refuse)
    with pytest.raises(PermissionError):
        run.graph_files()
