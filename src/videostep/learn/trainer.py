"""JointTrainer: `transformers.Trainer` whose step is a window of samples, exact however it is divided.

Of the Trainer's accumulation only the optimizer step is used: one batch of its loader is this process's share
of a window, and `training_step` goes through the packs of the share. Every weight of the loss is made from
counts over the whole window and all processes, so packs, processes and padding do not show in the gradient.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from transformers import PrinterCallback, Trainer, TrainerControl, TrainingArguments

from videostep.errors import TrainingError
from videostep.instruction import TASKS
from videostep.learn.checkpoints import mark_whole
from videostep.learn.held_out import HeldOut
from videostep.learn.history import History, StepLosses
from videostep.learn.objective import Objective, WindowCounts, joint_loss, target_weights, task_sums
from videostep.learn.shares import Share, Shares, Skipped
from videostep.learn.sharing.forward import Level, forward
from videostep.learn.sharing.packing import Pack


@dataclass(slots=True)
class _Step:
    """What the step under way has come to on this process; sums over processes make it whole."""

    counts: WindowCounts
    tokens: int = 0
    row_tokens: int = 0
    losses: dict[str, float] = field(default_factory=lambda: dict.fromkeys(TASKS, 0.0))
    """Summed cross-entropy by task."""

    def add(self, pack: Pack, sums: dict[str, float], level: Level) -> None:
        self.tokens += len(pack) if level == Level.TREE else pack.row_tokens
        self.row_tokens += pack.row_tokens
        for task, loss in sums.items():
            self.losses[task] += loss


class JointTrainer(Trainer):  # type: ignore[misc]  # transformers is not typed
    """Trains on shares of windows, and writes down the loss of each task."""

    def __init__(
        self,
        *,
        model: nn.Module,
        args: TrainingArguments,
        shares: Shares,
        objective: Objective,
        level: Level = Level.ROWS,
        history: History,
        held_out: HeldOut | None = None,
        hear_skipped: Callable[[Skipped], None] = lambda skipped: None,
        callbacks: Sequence[Any] = (),
    ) -> None:
        """Set up; `hear_skipped` is told of every group whose video cannot be read, on its own process."""
        super().__init__(model=model, args=args, train_dataset=shares, callbacks=list(callbacks))
        self.remove_callback(PrinterCallback)
        # Our loss is a sum whose weights are made from counts over the window: nobody may divide it again.
        self.loss_is_scaled_for_ga = True
        self._shares, self._objective = shares, objective
        self._history, self._held_out, self._hear_skipped = history, held_out, hear_skipped
        self._step = _Step(WindowCounts.of(()))
        self.share(level)

    def share(self, level: Level) -> None:
        """Have rows share their video at this level from now on."""
        self._level = self._shares.level = level

    def get_train_dataloader(self) -> DataLoader[Share]:
        """Every process loads its own share of each window: there is nothing left to divide."""
        workers = self.args.dataloader_num_workers
        return DataLoader(self._shares, batch_size=1, collate_fn=_only, num_workers=workers)

    def get_batch_samples(
        self, epoch_iterator: Iterator[Share], num_batches: int, device: torch.device
    ) -> tuple[list[Share], None]:
        """The next share, with as many packs as every other process has; and counts over all of them."""
        share = next(epoch_iterator)
        for skipped in share.skipped:
            self._hear_skipped(skipped)
        counts = WindowCounts.of(row for pack in share.packs for row in pack.rows)
        counts = WindowCounts.from_tensor(self._over_processes(counts.as_tensor(TASKS), "sum"), TASKS)
        self._step = _Step(counts)
        return [self._filled_up(share)], None

    def _filled_up(self, share: Share) -> Share:
        """Packs that teach nothing behind the share's own, so that no process waits for another."""
        missing = int(self._over_processes(torch.tensor(len(share.packs)), "max")) - len(share.packs)
        if not share.packs and missing <= 0:
            missing = 1  # No process could read a video of this window: the step goes on without a gradient.
        if not missing:
            return share
        spare = self._spare
        return Share(packs=share.packs + spare.packs * missing, media=share.media | spare.media, idle=missing)

    @functools.cached_property
    def _spare(self) -> Share:
        return self._shares.stand_in()

    def training_step(
        self, model: nn.Module, inputs: Share, num_items_in_batch: Tensor | int | None = None
    ) -> Tensor:
        """Forward and backward for each pack; this process's part of the loss, times processes."""
        model.train()
        total = torch.zeros((), device=self.args.device)
        for number, pack in enumerate(inputs.packs):
            is_last = number == len(inputs.packs) - 1
            self.accelerator.gradient_state._set_sync_gradients(is_last)
            with self._synchronised(model, is_last), self.compute_loss_context_manager():
                loss = self._loss(model, pack, inputs, idle=number >= len(inputs.packs) - inputs.idle)
                # Gradients are averaged over processes, and these are parts of one sum.
                self.accelerator.backward(loss * self.args.world_size, **self._backward_options())
            total += loss.detach()
        if not bool(torch.isfinite(total)):
            raise TrainingError(
                f"the loss of step {self.state.global_step + 1} is {float(total)}",
                remedy="lower learning_rate, or set precision = 'fp32'; go on from the last checkpoint",
            )
        return total * self.args.world_size

    def _loss(self, model: nn.Module, pack: Pack, share: Share, *, idle: bool) -> Tensor:
        logits = forward(model, pack, share.media, level=self._level)
        if idle:
            return logits.sum() * 0.0
        self._step.add(pack, task_sums(logits, pack), self._level)
        weights = target_weights(pack, self._step.counts, self._objective).to(logits.device)
        return joint_loss(logits, torch.from_numpy(pack.targets).to(logits.device), weights)

    def _synchronised(self, model: nn.Module, is_last: bool) -> AbstractContextManager[Any]:
        context: AbstractContextManager[Any] = nullcontext() if is_last else self.accelerator.no_sync(model)
        return context

    def _backward_options(self) -> dict[str, bool]:
        # DeepSpeed would divide by its accumulation steps.
        return {"scale_wrt_gas": False} if self.is_deepspeed_enabled else {}

    def floating_point_ops(self, inputs: Share) -> int:
        """Not counted: the Trainer's estimate knows only plain rows."""
        return 0

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Add the loss of each task to what goes to the history and to `report_to`."""
        if "loss" in logs:
            line = self._losses(logs)
            tasks = {f"loss_{task}": getattr(line, task) for task in TASKS}
            logs |= {name: loss for name, loss in tasks.items() if loss is not None}
            logs |= {"tokens": line.tokens, "row_tokens": line.row_tokens}
            if self.is_world_process_zero():
                self._history.add(line)
        super().log(logs, start_time)

    def _losses(self, logs: dict[str, float]) -> StepLosses:
        step = self._step
        sums = torch.tensor([*(step.losses[task] for task in TASKS), step.tokens, step.row_tokens]).double()
        *losses, tokens, row_tokens = self._over_processes(sums, "sum").tolist()
        means = {
            task: loss / step.counts.tokens[task] if step.counts.tokens[task] else None
            for task, loss in zip(TASKS, losses, strict=True)
        }
        return StepLosses(
            step=self.state.global_step,
            loss=logs["loss"],
            answer=means["answer"],
            rationale=means["rationale"],
            grad_norm=logs.get("grad_norm"),
            learning_rate=logs["learning_rate"],
            tokens=int(tokens),
            row_tokens=int(row_tokens),
        )

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Look at the held-out videos; every process at its share of them."""
        if self._held_out is None:
            return {}
        looked = self._held_out.look(self.model_wrapped, self._level, self._objective, self._over_processes)
        line = looked.line(self.state.global_step)
        if self.is_world_process_zero():
            self._history.add(line)
        metrics = looked.metrics()
        self.log(dict(metrics))
        self.control: TrainerControl = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()
        if self.args.should_save:
            mark_whole(Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}")

    def _save(self, output_dir: str | None = None, state_dict: dict[str, Any] | None = None) -> None:
        super()._save(output_dir, state_dict)
        # The Trainer leaves its arguments as a pickle, which nobody needs and nobody should open.
        (Path(output_dir or self.args.output_dir) / "training_args.bin").unlink(missing_ok=True)

    def _over_processes(self, values: Tensor, how: str) -> Tensor:
        """`values` added up, or the largest of them, over all processes."""
        if self.args.world_size == 1:
            return values
        gathered = self.accelerator.gather(values.to(self.args.device)[None])
        return (gathered.sum(0) if how == "sum" else gathered.amax(0)).cpu()


def _only(batch: list[Share]) -> Share:
    return batch[0]
