"""examples/ run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import read_samples

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_leaves_samples_and_a_page(example: Path, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    subprocess.run([sys.executable, str(example), str(run.root)], check=True, timeout=120)
    assert list(read_samples(run.samples_jsonl))
    assert run.report.exists()
