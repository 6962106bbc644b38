"""Two processes that train together, one of which is killed, end as if it had not been: DDP and FSDP2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs videostep[train]")

SCRIPT = Path(__file__).with_name("resuming_processes.py")
WEIGHTS = {"ddp": "adapter_model.safetensors", "fsdp": "model.safetensors"}
GIVE_UP_S = 300


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Both kinds, once unbroken and once killed."""
    out = tmp_path_factory.mktemp("resumed")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(SCRIPT), str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=GIVE_UP_S, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.mark.parametrize("kind", WEIGHTS)
def test_a_killed_training_of_two_processes_ends_bit_equal(trained, kind):
    # It died when step 5 was done and not yet saved, and went on behind step 4.
    assert (trained / f"{kind}-steps").read_text() == "1 2 3 4 5 5 6 7 8 9 10 "
    unbroken, killed = trained / f"{kind}-unbroken", trained / f"{kind}-killed"
    for name in ("losses.jsonl", WEIGHTS[kind]):
        assert (killed / name).read_bytes() == (unbroken / name).read_bytes(), name
    assert len((killed / "losses.jsonl").read_text().splitlines()) == 12
