from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from videostep.errors import RunFolderError
from videostep.store.atomic import atomic_open, atomic_write


def test_makes_parents_and_leaves_only_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "graph.json"
    atomic_write(path, b"one", sync=True)
    atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "graph.json"
    atomic_write(path, b"old")

    def full_disk(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(
        RunFolderError, match=r"graph\.json cannot be written: no space.*free some disk space"
    ):
        atomic_write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("not a folder")
    with pytest.raises(RunFolderError, match="choose another folder"):
        atomic_write(tmp_path / "run" / "graph.json", b"")


def test_pieces_appear_together(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    with atomic_open(path) as file:
        file.write(b"one ")
        assert not path.exists()
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    assert list(tmp_path.iterdir()) == [path]


def test_what_ends_in_an_error_never_appears(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    atomic_write(path, b"old")
    with pytest.raises(TypeError), atomic_open(path) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
