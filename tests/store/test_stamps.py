import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest

from videostep.errors import RunFolderError
from videostep.store import stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    threshold: float = 0.5
    name: str = "a"


def test_a_file_is_known_by_its_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"frames")
    assert stamps.sha256_of_file(tmp_path / "a") == hashlib.sha256(b"frames").hexdigest()


def test_words_count_by_name_not_by_order():
    assert stamps.sha256_of_words({"a": "1", "b": "2"}) == stamps.sha256_of_words({"b": "2", "a": "1"})
    assert stamps.sha256_of_words({"a": "1", "b": "2"}) != stamps.sha256_of_words({"a": "2", "b": "1"})
    assert stamps.sha256_of_words({"a": "12"}) != stamps.sha256_of_words({"a1": "2"})


def test_another_setting_is_another_config():
    assert stamps.sha256_of_config(Config()) == stamps.sha256_of_config(Config(threshold=0.5))
    assert stamps.sha256_of_config(Config()) != stamps.sha256_of_config(Config(threshold=0.6))


def test_outputs_count_by_name_and_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    both = stamps.sha256_of_outputs(tmp_path, [tmp_path / "a", tmp_path / "b"])
    assert both == stamps.sha256_of_outputs(tmp_path, [tmp_path / "b", tmp_path / "a"])
    (tmp_path / "a").write_bytes(b"2")
    (tmp_path / "b").write_bytes(b"1")
    assert both != stamps.sha256_of_outputs(tmp_path, [tmp_path / "a", tmp_path / "b"])


def test_a_missing_output_is_named(tmp_path):
    with pytest.raises(RunFolderError, match="gone cannot be read"):
        stamps.sha256_of_outputs(tmp_path, [tmp_path / "gone"])


def test_code_of_other_rooms_is_another_version():
    version = stamps.code_version("media", "induce")
    assert version.startswith(stamps.videostep.__version__ + "+")
    assert version != stamps.code_version("media")
    assert version != stamps.code_version("media", "store/graph_file.py")


def test_a_room_may_be_a_glob_but_must_be_there():
    assert stamps.code_version("induce/*.py") not in (stamps.code_version(), stamps.code_version("induce"))
    with pytest.raises(RunFolderError, match="no_such_room cannot be read"):
        stamps.code_version("no_such_room")


def test_what_is_no_python_counts_as_code_too():
    """The report's page and the parser's weights decide what comes out as much as code does."""
    package = Path(stamps.videostep.__file__).parent
    for room, name in (("viewer", "*.css"), ("induce", "*.onnx")):
        path = next((package / room).rglob(name))
        assert stamps._is_source(path)
    assert not stamps._is_source(package / "__pycache__" / "video.pyc")


def test_library_versions_name_each_library_and_say_which_is_missing():
    found = stamps.library_versions("numpy", "no-such-library")
    assert found == f"numpy {numpy.__version__}, no-such-library none"
