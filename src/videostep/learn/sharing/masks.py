"""Who may look at whom in a pack, as the mask that scaled dot-product attention takes."""

from __future__ import annotations

import torch
from torch import Tensor


def tree_mask(ends: Tensor) -> Tensor:
    """The mask of a pack, (1, 1, n, n), true where query q may look at key k: exactly if k <= q < ends[k].

    Made where `ends` lies: for 8,192 tokens the mask has 64 MiB, too much to send for every pack.
    """
    order = torch.arange(len(ends), device=ends.device)
    queries, keys = order[:, None], order[None, :]
    return ((keys <= queries) & (queries < ends[None, :]))[None, None]
