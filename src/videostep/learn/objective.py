"""STEP's joint objective, L = L_answer + lambda * L_rationale, exact however the rows are divided.

Rows of one optimizer step may lie in several micro-batches, packs and processes. So the weight of a target
is made from counts over the whole step (`WindowCounts`, which a trainer adds up over its processes), and the
losses of all micro-batches and processes are *added*: the sum is the same for every division.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from videostep.errors import ConfigError
from videostep.learn.sharing.packing import Pack
from videostep.learn.sharing.rows import Row

Normalise = Literal["task_token", "sample", "pooled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What is minimised."""

    task_weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"answer": 1.0, "rationale": 1.0})
    )
    """Weight of each task, no unit. Paper: 1 for answers, lambda = 1 for rationales (0 to 1.5 tried)."""
    normalise: Normalise = "task_token"
    """What the mean of a task is taken over. `task_token`: its target tokens; `sample`: its rows, each by the
    mean of its own tokens (the paper's 1/N); `pooled`: target tokens of all tasks together, for comparison
    only, because long rationales then drown short answers whatever lambda is."""

    def __post_init__(self) -> None:
        if self.normalise not in get_args(Normalise):
            raise ConfigError(
                f"no normalisation is called {self.normalise!r}",
                remedy=f"use {', '.join(get_args(Normalise))}",
            )
        if bad := [task for task, weight in self.task_weights.items() if not 0 <= weight < float("inf")]:
            raise ConfigError(
                f"the weight of the task {bad[0]!r} is {self.task_weights[bad[0]]}", remedy="use 0 or more"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCounts:
    """What one optimizer step holds, over all its micro-batches and processes."""

    tokens: Mapping[str, int]
    """Target tokens by task."""
    rows: Mapping[str, int]
    """Rows with at least one target, by task."""

    @classmethod
    def of(cls, rows: Iterable[Row]) -> WindowCounts:
        """Count rows of one process."""
        tokens: Counter[str] = Counter()
        with_task: Counter[str] = Counter()
        for row in rows:
            tokens.update(target.task for target in row.targets)
            with_task.update({target.task for target in row.targets})
        return cls(tokens=dict(tokens), rows=dict(with_task))

    def as_tensor(self, tasks: Sequence[str]) -> Tensor:
        """The counts as one vector in the order of `tasks`, for an all-reduce (sum)."""
        return torch.tensor([counts.get(task, 0) for counts in (self.tokens, self.rows) for task in tasks])

    @classmethod
    def from_tensor(cls, vector: Tensor, tasks: Sequence[str]) -> WindowCounts:
        """Back from `as_tensor`, after it was added up over processes."""
        numbers = [int(number) for number in vector.tolist()]
        return cls(
            tokens=dict(zip(tasks, numbers[: len(tasks)], strict=True)),
            rows=dict(zip(tasks, numbers[len(tasks) :], strict=True)),
        )


def target_weights(pack: Pack, counts: WindowCounts, objective: Objective) -> Tensor:
    """Weight of each target of a pack, (targets,): the loss of a step is the sum of weight x cross-entropy.

    Raises:
        ConfigError: a task has no weight in the objective.
    """
    if unknown := set(pack.tasks) - set(objective.task_weights):
        raise ConfigError(f"the task {min(unknown)!r} has no weight in the objective")
    own = Counter(zip(pack.target_rows.tolist(), pack.tasks, strict=True))
    shares = {
        (row, task): objective.task_weights[task] / _denominator(count, task, counts, objective.normalise)
        for (row, task), count in own.items()
    }
    return torch.tensor([shares[key] for key in zip(pack.target_rows.tolist(), pack.tasks, strict=True)])


def joint_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """This pack's part of the step's loss: a sum, so that parts add up.

    Args:
        logits: (targets, vocabulary), at the predictions of the pack.
        targets: (targets,), ids to predict.
        weights: (targets,), from `target_weights`.
    """
    return (_token_losses(logits, targets) * weights).sum()


def task_sums(logits: Tensor, pack: Pack) -> dict[str, float]:
    """Summed cross-entropy by task, for the log; divided by `WindowCounts.tokens` it is the mean."""
    losses = _token_losses(logits.detach(), torch.from_numpy(pack.targets).to(logits.device))
    sums = dict.fromkeys(sorted(set(pack.tasks)), 0.0)
    for task, loss in zip(pack.tasks, losses.tolist(), strict=True):
        sums[task] += loss
    return sums


def _token_losses(logits: Tensor, targets: Tensor) -> Tensor:
    precise = logits.to(torch.promote_types(logits.dtype, torch.float32))
    return cross_entropy(precise, targets, reduction="none")


def _denominator(own: int, task: str, counts: WindowCounts, normalise: Normalise) -> float:
    match normalise:
        case "task_token":
            return counts.tokens[task]
        case "sample":
            return counts.rows[task] * own
        case "pooled":
            return sum(counts.tokens.values())
