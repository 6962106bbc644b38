"""A trial before training: does this model, as it is loaded here, give the same with shared tokens?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.forward import forward
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.packing import Pack, make_pack
from videostep.learn.sharing.rows import Row, Target
from videostep.learn.sharing.wrapping import pretrained

NOISE_FACTOR = 10
"""Most times that sharing may change the logits by what batching changes them: both only reorder sums. In
single precision a wrong mask or position changes them a hundred thousand times more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a trial found; differences are norms in relation to the norm of the logits of single rows."""

    noise: float
    """How much the logits of rows change when they are batched and padded: what rounding does."""
    difference: float
    """How much they change when tokens are shared."""
    leak: float
    """Largest gradient from a row's logits to a token of the pack that is not the row's; right is 0."""

    @property
    def fault(self) -> str | None:
        """What is wrong, in words, or None."""
        if not self.difference <= NOISE_FACTOR * self.noise:
            return f"logits differ by {self.difference:.1e}, where rounding accounts for {self.noise:.1e}"
        if self.leak:
            return f"a row is influenced by tokens of other rows (gradient {self.leak:.1e})"
        return None


def probe(model: nn.Module, level: Level, rows: Sequence[Row], media: Mapping[str, MediaInputs]) -> Findings:
    """Compare a level of sharing with single rows, without dropout; the model is left as it was.

    Args:
        model: As for `forward`.
        level: What to try.
        rows: A few real rows of two videos, short ones, or `made_up_rows`.
        media: The pictures that the rows name.
    """
    pack = make_pack(rows)
    with _without_dropout(model):
        with torch.no_grad():
            single = torch.cat(
                [forward(model, make_pack([row]), media, level=Level.ROWS) for row in pack.rows]
            )
            batched = forward(model, pack, media, level=Level.ROWS)
            shared = forward(model, pack, media, level=level)
        leak = _leak(model, pack, media) if level == Level.TREE else 0.0
    smallest = torch.finfo(single.dtype).eps
    return Findings(
        noise=max(_apart(batched, single), smallest), difference=_apart(shared, single), leak=leak
    )


def made_up_rows(model: nn.Module, *, length: int = 24) -> list[Row]:
    """Two groups of text rows with forks at two depths, of tokens that stand for no picture."""
    ids = np.random.default_rng(0).choice(_plain_tokens(model), size=(2, 3, 3 * length))
    rows = []
    for group, texts in zip(("first", "second"), ids, strict=True):
        texts[:, :length] = texts[0, :length]
        texts[1, : 2 * length] = texts[0, : 2 * length]
        for text in texts:
            targets = [Target(position=place, token=0, task=group) for place in range(length, 3 * length, 5)]
            rows.append(Row(tokens=text, targets=tuple(targets)))
    return rows


def _plain_tokens(model: nn.Module) -> list[int]:
    config = pretrained(model).config.to_dict()
    nested = [config, *(value for value in config.values() if isinstance(value, dict))]
    special = [value for each in nested for name, value in each.items() if "_token_i" in str(name)]
    size = pretrained(model).get_input_embeddings().num_embeddings
    return [number for number in range(min(size, 4096)) if number not in special]


def _apart(found: Tensor, expected: Tensor) -> float:
    return float((found.double() - expected.double()).norm() / expected.double().norm())


def _leak(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs]) -> float:
    """Largest gradient off the path of the first and of the last row, whose neighbours lie on either side."""
    worst = 0.0
    for number in (0, len(pack.rows) - 1):
        with _embedded(model) as embeddings:
            logits = forward(model, pack, media, level=Level.TREE).float()
        own = logits[torch.from_numpy(pack.target_rows == number).to(logits.device)]
        (gradient,) = torch.autograd.grad(own.square().sum(), embeddings)
        off_path = np.setdiff1d(np.arange(len(pack)), pack.paths[number])
        if len(off_path):  # a row that is alone has none
            worst = max(worst, float(gradient[0, torch.from_numpy(off_path).to(gradient.device)].abs().max()))
    return worst


@contextlib.contextmanager
def _embedded(model: nn.Module) -> Iterator[list[Tensor]]:
    """The outputs of the model's token embedding, as they are made, with gradients to them."""
    made: list[Tensor] = []

    def keep(_: nn.Module, __: object, output: Tensor) -> Tensor:
        made.append(output.detach().requires_grad_())
        return made[-1].clone()  # some models write into it

    hook = pretrained(model).get_input_embeddings().register_forward_hook(keep)
    try:
        yield made
    finally:
        hook.remove()


@contextlib.contextmanager
def _without_dropout(model: nn.Module) -> Iterator[None]:
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True
