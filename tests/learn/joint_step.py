"""One optimizer step of JointTrainer, whose gradients are written to a file.

A script (`joint_step.py OUT JOBS`), so that it can run in several processes: each job goes to `OUT/NUMBER`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import MappingProxyType

import torch
from safetensors.torch import save_file
from transformers import TrainerCallback

from videostep.learn.arguments import training_arguments
from videostep.learn.config import TrainConfig
from videostep.learn.history import History
from videostep.learn.objective import Objective
from videostep.learn.plan import Group
from videostep.learn.shares import PackLimits, Shares
from videostep.learn.sharing.forward import Level
from videostep.learn.trainer import JointTrainer
from videostep.testing.tiny_rows import TinySource, tiny_language_model


class Grab(TrainerCallback):
    """Writes down the gradients before the optimizer uses them."""

    def __init__(self, model: torch.nn.Module, file: Path) -> None:
        self._model, self._file = model, file

    def on_pre_optimizer_step(self, args, state, control, **_):
        if state.is_world_process_zero:
            found = [(name, each.grad) for name, each in self._model.named_parameters()]
            save_file({name: grad.clone() for name, grad in found if grad is not None}, self._file)


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
) -> None:
    """Take the step; leave `grads.safetensors`, `losses.jsonl` and `skipped-RANK.json`."""
    torch.set_num_threads(1)
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
    (out / f"skipped-{arguments.process_index}.json").write_text(json.dumps(skipped))


if __name__ == "__main__":
    for number, job in enumerate(json.loads(sys.argv[2])):
        joint_step(Path(sys.argv[1]) / str(number), **job)
