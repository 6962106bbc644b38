"""Trainings by two processes, one of which kills itself: `resuming_processes.py OUT`.

As torchrun would, but forked: the libraries are imported once. Both processes are started again until no
training dies any more; what is done is left alone, and what was killed goes on.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from joint_step import shard_weights
from tiny_training import tiny_training

from videostep.learn.config import AdapterConfig
from videostep.learn.training import Ears

KINDS: dict[str, dict[str, Any]] = {
    "ddp": {},
    "fsdp": {"full": True, "adapter": AdapterConfig(), "learning_rate": 0.003},
}
"""Trainings with whole weights in every process, and with sharded ones."""
KILLED_AT = 5
"""Optimizer step, the last of an epoch: the last checkpoint is that of step 4."""
PROCESSES = 2


def die_once(diary: Path) -> Ears:
    """Writes down every step, and kills the process that hears of it, the main one, when first it is time."""

    def hear(progress: Any) -> None:
        has_died = diary.exists() and KILLED_AT in map(int, diary.read_text().split())
        with diary.open("a") as file:
            file.write(f"{progress.step} ")
        if progress.step == KILLED_AT and not has_died:
            os.kill(os.getpid(), signal.SIGKILL)

    return Ears(progress=hear)


def train_all(out: Path) -> None:
    """What one process does until it dies, or all is done."""
    for kind, settings in KINDS.items():
        if kind == "fsdp":
            shard_weights()
        diary = out / f"{kind}-steps"
        if not diary.exists():
            tiny_training(out / f"{kind}-unbroken", epochs=2, **settings)
        tiny_training(out / f"{kind}-killed", ears=die_once(diary), epochs=2, **settings)


def start(out: Path) -> bool:
    """Start all processes, and wait for them; whether all ended well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children = [_forked(out, rank, port) for rank in range(PROCESSES)]
    return not any([os.waitpid(child, 0)[1] for child in children])


def _forked(out: Path, rank: int, port: int) -> int:
    if child := os.fork():
        return child
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": PROCESSES, "RANK": rank}
    local = {"LOCAL_RANK": rank, "LOCAL_WORLD_SIZE": PROCESSES}
    os.environ |= {name: str(value) for name, value in (where | local).items()}
    try:
        train_all(out)
    except BaseException:
        os._exit(1)  # The other one has died.
    os._exit(0)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    ended = [start(folder) for _ in (*KINDS, "at last")]
    sys.exit(0 if ended == [False, False, True] else 1)
