import json

import pytest

from videostep.errors import RunFolderError
from videostep.formats.training.folder import EXPORT_FILE, EXPORT_FORMAT, check_replaceable, new_export
from videostep.store.lock import hold_lock


def fill(out, *names):
    with new_export(out) as folder:
        for name in (*names, EXPORT_FILE):
            (folder / name).write_text("x")
        said = {"format": EXPORT_FORMAT, "holds": [*names, EXPORT_FILE]}
        (folder / EXPORT_FILE).write_text(json.dumps(said))


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_export_takes_the_place_of_an_older_one(tmp_path):
    fill(tmp_path / "out", "old.json")
    fill(tmp_path / "out", "new.json")
    assert names_in(tmp_path / "out") == [EXPORT_FILE, "new.json"]
    assert names_in(tmp_path) == ["out"]


def test_what_the_user_added_is_never_thrown_away(tmp_path):
    fill(tmp_path / "out", "old.json")
    (tmp_path / "out" / "checkpoint").mkdir()
    with pytest.raises(RunFolderError, match="holds checkpoint, which no export put there"):
        fill(tmp_path / "out", "new.json")
    assert names_in(tmp_path / "out") == ["checkpoint", EXPORT_FILE, "old.json"]


@pytest.mark.parametrize("said", ["", "[]", "{", '{"format": "other/1", "holds": ["a", "export.json"]}'])
def test_a_folder_of_something_else_is_refused(tmp_path, said):
    (tmp_path / "a").write_text("mine")
    (tmp_path / EXPORT_FILE).write_text(said)
    with pytest.raises(RunFolderError, match="no export put there"):
        check_replaceable(tmp_path)


def test_an_export_that_fails_leaves_nothing(tmp_path):
    fill(tmp_path / "out", "old.json")

    def fail():
        with new_export(tmp_path / "out") as folder:
            (folder / "half.json").write_text("{")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names_in(tmp_path) == ["out"]
    assert names_in(tmp_path / "out") == [EXPORT_FILE, "old.json"]


def test_what_a_killed_export_left_is_cleared(tmp_path):
    left = tmp_path / ".out.part" / "media"
    left.mkdir(parents=True)
    (left / "half.mp4").write_text("x")
    fill(tmp_path / "out", "new.json")
    assert names_in(tmp_path / "out") == [EXPORT_FILE, "new.json"]


def test_two_exports_into_one_folder_do_not_mix(tmp_path):
    part = tmp_path / ".out.part"
    part.mkdir()
    with hold_lock(part), pytest.raises(RunFolderError, match="being written"):
        fill(tmp_path / "out", "new.json")


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunFolderError, match="file"):
        fill(tmp_path / "file" / "out", "new.json")
    with pytest.raises(RunFolderError, match="file"):
        fill(tmp_path / "file", "new.json")
