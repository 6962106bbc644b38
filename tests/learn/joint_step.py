"""One optimizer step of JointTrainer, whose gradients are written to a file.

A script (`joint_step.py OUT JOBS`), so that it can run in several processes: each job goes to `OUT/NUMBER`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from accelerate.state import AcceleratorState, PartialState
from accelerate.utils import DistributedType
from safetensors.torch import save_file
from transformers import TrainerCallback

from videostep.learn.arguments import training_arguments
from videostep.learn.config import TrainConfig
from videostep.learn.history import History
from videostep.learn.objective import Objective
from videostep.learn.plan import Group
from videostep.learn.processes import leave_processes
from videostep.learn.shares import PackLimits, Shares
from videostep.learn.sharing.forward import Level
from videostep.learn.trainer import JointTrainer
from videostep.testing.tiny_rows import TinySource, tiny_language_model


class Grab(TrainerCallback):
    """Writes down the gradients before the optimizer uses them."""

    def __init__(self, model: torch.nn.Module, file: Path) -> None:
        self._model, self._file = model, file

    def on_pre_optimizer_step(self, args, state, control, **_):
        # Of sharded weights every process must help to put the gradients together.
        found = {
            name: whole(each.grad) for name, each in self._model.named_parameters() if each.grad is not None
        }
        if state.is_world_process_zero:
            save_file(found, self._file)


def whole(gradient: torch.Tensor) -> torch.Tensor:
    return getattr(gradient, "full_tensor", gradient.clone)().contiguous()


def shard_weights() -> None:
    """Have the Trainer shard weights over processes from now on (FSDP2), though they have no GPUs.

    accelerate offers that for GPUs only; PyTorch itself can do it on CPUs as well.
    """
    os.environ |= {
        "ACCELERATE_USE_FSDP": "true",
        "FSDP_VERSION": "2",
        "FSDP_AUTO_WRAP_POLICY": "TRANSFORMER_BASED_WRAP",
        "FSDP_TRANSFORMER_CLS_TO_WRAP": "LlamaDecoderLayer",
        "FSDP_STATE_DICT_TYPE": "FULL_STATE_DICT",
    }
    begin = AcceleratorState.__init__

    def begin_as_with_gpus(self: AcceleratorState, *args: Any, **settings: Any) -> None:
        if not AcceleratorState._shared_state:
            PartialState._shared_state["distributed_type"] = DistributedType.MULTI_GPU
        begin(self, *args, **settings)

    AcceleratorState.__init__ = begin_as_with_gpus


def joint_step(
    out: Path,
    *,
    groups: dict[str, list[int]],
    pack_tokens: int = 10_000,
    pack_rows: int = 1_000,
    level: str = "tree",
    rationale_weight: float = 1.0,
    normalise: str = "task_token",
    checkpointing: bool = False,
    sharded: bool = False,
) -> None:
    """Take the step; leave `grads.safetensors`, `losses.jsonl` and `skipped-RANK.json`."""
    torch.set_num_threads(1)
    if sharded:
        shard_weights()
    out.mkdir(parents=True, exist_ok=True)
    config = TrainConfig(full=True, max_grad_norm=0.0, gradient_checkpointing=checkpointing, warmup=0.0)
    arguments = training_arguments(config, out, steps=1, bf16=False)
    window = tuple(Group(footage=name, samples=tuple(samples)) for name, samples in groups.items())
    model = tiny_language_model()
    skipped: list[str] = []
    trainer = JointTrainer(
        model=model,
        args=arguments,
        shares=Shares(
            TinySource(),
            [window],
            PackLimits(tokens=pack_tokens, rows=pack_rows),
            rank=arguments.process_index,
            processes=arguments.world_size,
        ),
        objective=Objective(
            task_weights=MappingProxyType({"answer": 1.0, "rationale": rationale_weight}), normalise=normalise
        ),
        level=Level(level),
        history=History(out / "losses.jsonl"),
        hear_skipped=lambda one: skipped.append(one.group.footage),
        callbacks=[Grab(model, out / "grads.safetensors")],
    )
    trainer.train()
    assert sharded == hasattr(next(model.parameters()), "full_tensor")
    (out / f"skipped-{arguments.process_index}.json").write_text(json.dumps(skipped))


if __name__ == "__main__":
    for number, job in enumerate(json.loads(sys.argv[2])):
        joint_step(Path(sys.argv[1]) / str(number), **job)
    leave_processes()
    # PyTorch's own end aborts one in three processes that sharded weights on CPUs, after all is written.
    os._exit(0)
