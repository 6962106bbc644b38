"""A disk that takes no more is told as such, whichever library writes."""

from __future__ import annotations

import errno
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import save_file

from videostep.errors import RunFolderError
from videostep.learn.disk import telling_of_disk

WEIGHTS = {"weight": torch.zeros(4096)}
WRITERS: dict[str, Callable[[Path], object]] = {
    "safetensors": lambda path: save_file(WEIGHTS, path),
    "torch": lambda path: torch.save(WEIGHTS, path),
    "python": lambda path: path.write_bytes(bytes(20_000)),
}


@pytest.fixture
def small_files() -> Iterator[None]:
    """Files of 8 kB at most, as a quota would have it: Linux then refuses what is written behind."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files")
@pytest.mark.parametrize("writer", WRITERS)
def test_what_cannot_be_written_names_the_folder(writer: str, tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="cannot be written") as told, telling_of_disk(tmp_path):
        WRITERS[writer](tmp_path / "weights")
    assert str(tmp_path) in told.value.message


def test_a_full_disk_says_that_the_same_command_goes_on(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no space left") as told, telling_of_disk(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert told.value.remedy.startswith("free some disk space and run the same command again")


@pytest.mark.parametrize("error", [RuntimeError("shapes do not fit"), OSError(errno.EPIPE, "Broken pipe")])
def test_other_faults_stay_what_they_are(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error)) as raised, telling_of_disk(tmp_path):
        raise error
    assert raised.value is error
