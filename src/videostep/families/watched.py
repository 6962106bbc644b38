"""Watched: a video as one model takes it."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched:
    """What stands for a video in the text, and what the vision tower gets."""

    layout: str
    """In the video's place. Each run of placeholder tokens is written as one of them."""
    runs: tuple[int, ...]
    """Lengths of the runs in their order, tokens."""
    inputs: dict[str, torch.Tensor]
    """Further arguments of the model's forward, as for this video alone."""
    patch_s: float | None = None
    """How much time a patch goes through, seconds, where positions tell it."""
