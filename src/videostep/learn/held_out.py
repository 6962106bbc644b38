"""The held-out videos: their loss, and how often the whole answer is the model's first choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from videostep.errors import MediaError
from videostep.instruction import TASKS
from videostep.learn.history import HeldOutLosses
from videostep.learn.objective import Objective
from videostep.learn.plan import Group, share_of
from videostep.learn.shares import PackLimits, RowSource, Shares
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.forward import Level, forward
from videostep.learn.sharing.packing import Pack

STEP_KINDS = ("1", "2", "3+")
"""Samples are told apart by their number of reasoning steps, as in the paper's table 2."""
_MEASURES = ("tokens", "token_loss", "rows", "row_loss")
_KEYS = (
    *(f"{measure} {task}" for measure in _MEASURES for task in TASKS),
    *(f"{what} {kind}" for what in ("answers", "exact") for kind in STEP_KINDS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at the held-out videos has found."""

    loss: float
    """As the objective has it."""
    answer: float | None
    """Mean loss of an answer's token; None without answers."""
    rationale: float | None
    """Mean loss of a rationale's token; None without rationales."""
    exact_by_steps: dict[str, float]
    """Share of answers that are exact, teacher-forced, by the number of reasoning steps."""
    exact: float | None

    def line(self, step: int) -> HeldOutLosses:
        """The line of the history."""
        return HeldOutLosses(
            step=step,
            loss=self.loss,
            answer=self.answer,
            rationale=self.rationale,
            exact=self.exact,
            exact_by_steps=self.exact_by_steps,
        )

    def metrics(self) -> dict[str, float]:
        """As the Trainer's callbacks and `report_to` know it."""
        found = {
            "eval_loss": self.loss,
            "eval_loss_answer": self.answer,
            "eval_loss_rationale": self.rationale,
        }
        found |= {"eval_exact": self.exact}
        found |= {f"eval_exact_{kind}_steps": share for kind, share in self.exact_by_steps.items()}
        return {name: value for name, value in found.items() if value is not None}


class HeldOut:
    """One process's share of the held-out samples, looked at without learning from them."""

    def __init__(
        self,
        source: RowSource,
        groups: Sequence[Group],
        limits: PackLimits,
        *,
        rank: int = 0,
        processes: int = 1,
    ) -> None:
        """A video that cannot be read is left out, as in training."""
        self._source, self._limits = source, limits
        self._groups = share_of(tuple(groups), rank=rank, processes=processes)
        # What idles need not be held out: any group that can be read will do.
        self._spare = Shares(source, [tuple(groups)], limits)

    def look(
        self,
        model: nn.Module,
        level: Level,
        objective: Objective,
        over_processes: Callable[[Tensor, str], Tensor],
    ) -> Looked:
        """Loss and exactness over all processes.

        Args:
            model: As it is trained, wrapped or not.
            level: How rows share their video.
            objective: Whose loss is told.
            over_processes: Adds up (`sum`) or takes the largest (`max`) of a tensor over all processes.
        """
        was_training = model.training
        model.eval()
        sums = dict.fromkeys(_KEYS, 0.0)
        with torch.no_grad():
            for found in self._in_step(level, over_processes):
                if found is None:
                    spare = self._spare.stand_in()
                    forward(model, spare.packs[0], spare.media, level=level)
                    continue
                each, media, n_steps = found
                for key, number in _measure(forward(model, each, media, level=level), each, n_steps):
                    sums[key] += number
        model.train(was_training)
        vector = torch.tensor([sums[key] for key in _KEYS], dtype=torch.float64)
        totals = over_processes(vector, "sum").tolist()
        return _looked(dict(zip(_KEYS, totals, strict=True)), objective)

    def _in_step(
        self, level: Level, over_processes: Callable[[Tensor, str], Tensor]
    ) -> Iterator[tuple[Pack, dict[str, MediaInputs], list[int]] | None]:
        """This process's packs, then None for as long as another process has some."""
        packs = self._packs(level)
        while True:
            found = next(packs, None)
            if not int(over_processes(torch.tensor(int(found is not None)), "max")):
                return
            yield found

    def _packs(self, level: Level) -> Iterator[tuple[Pack, dict[str, MediaInputs], list[int]]]:
        for group in self._groups:
            try:
                made = self._source.rows_of(group)
            except MediaError:
                continue
            steps_of = dict(zip(made.rows, made.n_steps, strict=True))
            for each in self._limits.packs(made.rows, level):
                yield each, made.media, [steps_of[row] for row in each.rows]


def kind_of_steps(n_steps: int) -> str:
    """`1`, `2` or `3+`."""
    return STEP_KINDS[min(max(n_steps, 1), len(STEP_KINDS)) - 1]


def _measure(logits: Tensor, each: Pack, n_steps: Sequence[int]) -> Iterator[tuple[str, float]]:
    targets = torch.from_numpy(each.targets).to(logits.device)
    losses = cross_entropy(logits.float(), targets, reduction="none").tolist()
    right = (logits.argmax(-1) == targets).tolist()
    rows: dict[tuple[int, str], list[tuple[float, bool]]] = {}
    for place in zip(each.target_rows.tolist(), each.tasks, losses, right, strict=True):
        rows.setdefault(place[:2], []).append(place[2:])
    for (row, task), found in rows.items():
        loss = sum(loss for loss, _ in found)
        yield f"tokens {task}", len(found)
        yield f"token_loss {task}", loss
        yield f"rows {task}", 1
        yield f"row_loss {task}", loss / len(found)
        if task == "answer":
            yield f"answers {kind_of_steps(n_steps[row])}", 1
            yield f"exact {kind_of_steps(n_steps[row])}", all(is_right for _, is_right in found)


def _looked(sums: dict[str, float], objective: Objective) -> Looked:
    def mean(top: str, bottom: str) -> float | None:
        return sums[top] / sums[bottom] if sums[bottom] else None

    by_steps = {kind: mean(f"exact {kind}", f"answers {kind}") for kind in STEP_KINDS}
    answers = sum(sums[f"answers {kind}"] for kind in STEP_KINDS)
    return Looked(
        loss=sum(_part(sums, task, objective) for task in TASKS),
        answer=mean("token_loss answer", "tokens answer"),
        rationale=mean("token_loss rationale", "tokens rationale"),
        exact=sum(sums[f"exact {kind}"] for kind in STEP_KINDS) / answers if answers else None,
        exact_by_steps={kind: share for kind, share in by_steps.items() if share is not None},
    )


def _part(sums: dict[str, float], task: str, objective: Objective) -> float:
    """What a task adds to the loss, as in `objective`."""
    if objective.normalise == "sample":
        top, bottom = sums[f"row_loss {task}"], sums[f"rows {task}"]
    else:
        pooled = objective.normalise == "pooled"
        top = sums[f"token_loss {task}"]
        bottom = sum(sums[f"tokens {task}"] for task in (TASKS if pooled else (task,)))
    return objective.task_weights.get(task, 0.0) * top / bottom if bottom else 0.0
