"""The joint objective of STEP for trainers that are not ours: L = L_answer + lambda * L_rationale.

Needs torch alone, 1.13 or later, on Python 3.9 or later; copy it wherever it is wanted. Each task's loss is
the mean over its tokens in one forward pass on all processes: the sum on this process, divided by the count
on all of them, times the number of processes, since DDP and DeepSpeed average gradients over processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist
from torch.nn.functional import cross_entropy

IGNORED = -100
"""Label of what is not to be learned, as in transformers."""
RATIONALE = 1 << 24
"""Added to labels of rationales: more than any vocabulary has. Labels keep it through padding and packing."""


def tag_rationales(labels: torch.Tensor, is_rationale: torch.Tensor) -> torch.Tensor:
    """Labels (rows x tokens) with those of rationale rows marked; `is_rationale` has one bool a row."""
    marked = is_rationale.to(labels.device)[:, None] & (labels != IGNORED)
    return labels + RATIONALE * marked


def joint_loss(logits: torch.Tensor, labels: torch.Tensor, weight: float) -> torch.Tensor:
    """The loss of one forward pass.

    Args:
        logits: Rows x tokens x vocabulary.
        labels: Rows x tokens, tagged by `tag_rationales`; they are shifted here.
        weight: Lambda.
    """
    wanted = labels[..., 1:].reshape(-1)
    known = wanted != IGNORED
    is_rationale = wanted[known] >= RATIONALE
    tokens = wanted[known] - RATIONALE * is_rationale
    losses = cross_entropy(
        logits[..., :-1, :].reshape(len(wanted), -1)[known].float(), tokens, reduction="none"
    )
    counts = torch.stack([(~is_rationale).sum(), is_rationale.sum()]).to(losses.dtype)
    processes = 1
    if dist.is_available() and dist.is_initialized():
        dist.all_reduce(counts)
        processes = dist.get_world_size()
    share = torch.where(is_rationale, weight / counts[1].clamp(min=1), 1 / counts[0].clamp(min=1))
    # A process without a target still has to take part in the backward pass.
    return processes * (losses * share).sum() + 0 * logits.sum()


@contextmanager
def learning_jointly(
    language_model: Any, weight: float, is_rationale: torch.Tensor | None = None
) -> Iterator[None]:
    """Inside, the language model's own loss is the joint one.

    Args:
        language_model: Called with `labels`, it returns an object with `logits`, whose `loss` is set here.
        weight: Lambda.
        is_rationale: One bool a row of the labels; None where the labels are tagged already.
    """
    own_forward = language_model.forward

    def forward(*args: Any, labels: Any = None, **kwargs: Any) -> Any:
        outputs = own_forward(*args, **kwargs)
        if labels is not None:
            tagged = labels if is_rationale is None else tag_rationales(labels, is_rationale)
            outputs.loss = joint_loss(outputs.logits, tagged, weight)
        return outputs

    language_model.forward = forward
    try:
        yield
    finally:
        del language_model.forward
