from collections.abc import Callable
from pathlib import Path

import pytest

from videostep.learn.examples import Example
from videostep.testing.clips import encode_video, shots


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of 2 seconds, 8 frames a second, 160 x 96 px, with a cut in the middle."""
    return encode_video(tmp_path_factory.mktemp("clips") / "clip.mp4", shots([8, 8]), fps=8)


@pytest.fixture(scope="session")
def pair() -> tuple[Example, Example]:
    """The answer and the rationale of one question."""
    common = {"video": "clip.mp4", "question": "What passes?", "sample_id": "s1", "n_steps": 1}
    return (
        Example(**common, instruction="Say.", text="a bus", task="answer"),
        Example(**common, instruction="Explain.", text="A bus passes. So: a bus.", task="rationale"),
    )


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`tiny_folder("qwen2_5_vl")`: a saved model of that family with random weights."""
    tiny = pytest.importorskip("videostep.testing.tiny_models", reason="needs videostep[train]")
    folders: dict[str, Path] = {}

    def folder_of(family: str) -> Path:
        if family not in folders:
            folders[family] = tiny.save_tiny(family, tmp_path_factory.mktemp("weights") / family)
        return folders[family]

    return folder_of
