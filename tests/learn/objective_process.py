"""One of two processes that share a window: `objective_process.py RANK FOLDER`, gradients left in FOLDER.

A script of its own, so that it can be started twice.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import distributed, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

sys.path.insert(0, str(Path(__file__).parent / "sharing"))
from conftest import Case, build

from videostep.learn.objective import Normalise, Objective, WindowCounts, joint_loss, target_weights
from videostep.learn.sharing import Pack, deal, forward, make_pack, pack

FAMILY = "qwen3_vl"
TASKS = ("answer", "rationale")
CASES: tuple[tuple[str, str, Normalise], ...] = (
    ("ddp", "tree", "task_token"),
    ("ddp", "tree", "sample"),
    ("ddp", "level1", "pooled"),
    ("fsdp", "tree", "task_token"),
    ("fsdp", "level1", "sample"),
)
PROCESSES = 2


def wrapped(kind: str, model: Any) -> nn.Module:
    if kind == "ddp":
        return DistributedDataParallel(model)
    mesh = init_device_mesh("cpu", (PROCESSES,))
    for layer in (*model.model.language_model.layers, *model.model.visual.blocks):
        fully_shard(layer, mesh=mesh)
    return fully_shard(model, mesh=mesh)


def take_part(rank: int, kind: str, level: str, normalise: Normalise) -> dict[str, torch.Tensor]:
    case = build(FAMILY)
    model = wrapped(kind, case.model)
    # at level 1 every video goes through the vision tower by itself, and FSDP wants all to go equally often
    most_media = 1 if level == "level1" else None
    packs = deal(pack(case.rows, most_tokens=90, most_rows=5, most_media=most_media), PROCESSES)[rank]
    vector = WindowCounts.of(row for each in packs for row in each.rows).as_tensor(TASKS)
    distributed.all_reduce(vector)
    counts = WindowCounts.from_tensor(vector, TASKS)
    for each in packs:
        (PROCESSES * loss_of(model, each, case, level, counts, normalise)).backward()
    return {name.removeprefix("module."): whole(each.grad) for name, each in model.named_parameters()}


@functools.cache
def one_by_one(normalise: Normalise) -> dict[str, torch.Tensor]:
    """What the processes together must come to."""
    case = build(FAMILY)
    counts = WindowCounts.of(case.rows)
    for row in case.rows:
        loss_of(case.model, make_pack([row]), case, "rows", counts, normalise).backward()
    return {name: whole(each.grad) for name, each in case.model.named_parameters()}


def loss_of(
    model: nn.Module, each: Pack, case: Case, level: str, counts: WindowCounts, normalise: Normalise
) -> torch.Tensor:
    logits = forward(model, each, case.media, level=level)
    weights = target_weights(each, counts, Objective(normalise=normalise))
    return joint_loss(logits, torch.from_numpy(each.targets), weights)


def whole(gradient: Any) -> torch.Tensor:
    made = gradient.full_tensor() if hasattr(gradient, "full_tensor") else gradient
    return made.detach().clone().contiguous()


def main(rank: int, folder: Path) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=PROCESSES
    )
    for kind, level, normalise in CASES:
        gradients = take_part(rank, kind, level, normalise)
        if rank == 0:
            save_file(gradients, folder / f"{kind}-{level}-{normalise}.safetensors")
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
