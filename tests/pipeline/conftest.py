from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from videostep.pipeline import stages, watch
from videostep.testing.clips import encode_video, shots
from videostep.testing.graphs import street_graph
from videostep.testing.parser import ScriptedParser


@pytest.fixture(scope="session")
def clips(tmp_path_factory) -> Path:
    """A folder of three videos of 1.2 s with a cut in the middle."""
    folder = tmp_path_factory.mktemp("clips")
    for number in (1, 2, 10):
        encode_video(folder / f"clip{number}.mp4", shots([15, 15], seed=number))
    return folder


@pytest.fixture(scope="module")
def scripted() -> Iterator[None]:
    """Every parser that is opened replays the street, whatever it is called."""

    def open_scripted(
        name: str,
        config: object,
        *,
        seed: int,
        cache: Path | None = None,
        models: object = None,
        grounding: object = None,
    ) -> ScriptedParser:
        return ScriptedParser(street_graph())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "open_parser", open_scripted)
        patch.setattr(stages, "open_parser", open_scripted)
        yield


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Reads a folder: relative path to bytes."""

    def read(root: Path) -> dict[str, bytes]:
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}

    return read
