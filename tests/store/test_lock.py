import subprocess
import sys

import pytest

from videostep.errors import RunFolderError
from videostep.store.lock import LOCK_NAME, hold_lock


def test_the_lock_file_is_gone_afterwards(tmp_path):
    with hold_lock(tmp_path):
        assert (tmp_path / LOCK_NAME).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_is_refused(tmp_path):
    code = "import sys; from pathlib import Path; from videostep.store.lock import hold_lock\n"
    code += "with hold_lock(Path(sys.argv[1])): pass"
    with hold_lock(tmp_path):
        second = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert "is being written by another videostep process" in second.stderr


def test_the_lock_file_of_a_killed_process_does_not_block(tmp_path):
    (tmp_path / LOCK_NAME).touch()
    with hold_lock(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(RunFolderError, match="cannot be written"), hold_lock(tmp_path / "gone"):
        pass
