"""Drawing tokens so that a sample depends on its seed alone, not on what else is in its batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from transformers import LogitsProcessor

from videostep.models.local.prompt import Draw


class SeededDraws(LogitsProcessor):  # type: ignore[misc]  # transformers is not typed
    """Makes greedy decoding draw: the largest of logits plus Gumbel noise is a draw from their softmax.

    Every row has a generator of its own, on the CPU, so that every device draws alike. Source: Gumbel-max,
    as in Maddison et al. 2014, "A* sampling", section 2.
    """

    def __init__(self, draws: Sequence[Draw]) -> None:
        self._draws = draws
        self._generators = [torch.Generator().manual_seed(draw.seed) for draw in draws]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores, batch x vocabulary, with each row's noise."""
        rows = zip(scores.float(), self._draws, self._generators, strict=True)
        return torch.stack([_noisy(row, draw, generator) for row, draw, generator in rows])


def _noisy(logits: torch.Tensor, draw: Draw, generator: torch.Generator) -> torch.Tensor:
    if draw.temperature == 0:
        return logits
    logits = _nucleus(logits / draw.temperature, draw.top_p)
    exponential = torch.empty(logits.shape[-1]).exponential_(generator=generator)
    return logits - exponential.log().to(logits.device)


def _nucleus(logits: torch.Tensor, top_p: float) -> torch.Tensor:
    """Only the likeliest tokens that together have `top_p` of the probability stay possible."""
    if top_p >= 1:
        return logits
    ordered, places = logits.softmax(-1).sort(descending=True)
    is_out = ordered.cumsum(-1) - ordered >= top_p
    return logits.masked_fill(torch.zeros_like(is_out).scatter(-1, places, is_out), float("-inf"))
