"""One forward pass over a pack, at one of three levels of sharing; all three give the same logits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from videostep.errors import InputError
from videostep.learn.sharing.features import MediaInputs, laid_out, taken_inputs, trigger
from videostep.learn.sharing.masks import tree_mask
from videostep.learn.sharing.packing import Pack


class Level(StrEnum):
    """How much the rows of a pack share."""

    TREE = "tree"
    """Every shared token once, in the vision tower and in the language model."""
    VISION = "level1"
    """Each video once through the vision tower; each row by itself through the language model."""
    ROWS = "rows"
    """Nothing: as any trainer does it."""


def forward(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs], *, level: Level | str) -> Tensor:
    """Logits for each target of a pack, (targets, vocabulary), whatever the level.

    Args:
        model: The model, or what DDP, FSDP or PEFT made of it.
        pack: The rows.
        media: For each media key the inputs of its pictures or frames, as for a row that is alone.
        level: How much is shared. `tree` and `level1` are right only where `choose_level` allows them.

    Raises:
        InputError: the pictures of a key are missing, or positions that only the model's family can tell.
    """
    _check(model, pack, media)
    if level == Level.TREE or len(pack.rows) == 1:
        return _tree(model, pack, media)
    return _batch(model, pack, media, share_vision=level == Level.VISION)


def _tree(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs]) -> Tensor:
    device = device_of(model)
    inputs: dict[str, Any] = {
        "input_ids": torch.from_numpy(pack.tokens)[None].to(device),
        "position_ids": _position_ids(torch.from_numpy(pack.positions)[:, None]).to(device),
        "logits_to_keep": torch.from_numpy(pack.predictions).to(device),
    }
    # a single row is told to be one, else jumps in its positions pass for several sequences
    one = torch.ones(1, len(pack), dtype=torch.long, device=device)
    inputs["attention_mask"] = (
        tree_mask(torch.from_numpy(pack.ends).to(device)) if len(pack.rows) > 1 else one
    )
    keys = [key for key in pack.media if key]
    with _pictures(model, [media[key] for key in keys], range(len(keys)), inputs):
        logits: Tensor = model(**inputs, use_cache=False).logits[0]
    return logits


def _batch(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs], *, share_vision: bool) -> Tensor:
    """Rows under each other, padded on the right."""
    device = device_of(model)
    longest = max(len(row) for row in pack.rows)
    axes = len(pack.positions)
    tokens, real = np.zeros((2, len(pack.rows), longest), dtype=np.int64)
    positions = np.zeros((axes, len(pack.rows), longest), dtype=np.int64)
    for number, row in enumerate(pack.rows):
        tokens[number, : len(row)], real[number, : len(row)] = row.tokens, 1
        tokens[number, len(row) :] = row.tokens[
            -1
        ]  # rows end in text: no placeholder that would want features
        positions[:, number, : len(row)] = row.axes
    inputs: dict[str, Any] = {
        "input_ids": torch.from_numpy(tokens).to(device),
        "attention_mask": torch.from_numpy(real).to(device),
        "position_ids": _position_ids(torch.from_numpy(positions)).to(device),
    }
    places = [target.position for row in pack.rows for target in row.targets]
    chosen = (
        torch.from_numpy(pack.target_rows).to(device),
        torch.tensor(places, dtype=torch.long, device=device),
    )
    keys = [row.media for row in pack.rows if row.media]
    distinct = list(dict.fromkeys(keys)) if share_vision else keys
    order = [distinct.index(key) for key in keys] if share_vision else list(range(len(keys)))
    with _pictures(model, [media[key] for key in distinct], order, inputs), _only_at(model, chosen):
        logits: Tensor = model(**inputs, use_cache=False).logits[0]
    return logits


def device_of(model: nn.Module) -> torch.device:
    """Where the inputs of a model go."""
    return next(model.parameters()).device


def _position_ids(positions: Tensor) -> Tensor:
    """(axes, rows, n) as models want them: without the first dimension where there is one axis."""
    return positions[0] if len(positions) == 1 else positions


def _check(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs]) -> None:
    if missing := [key for key in pack.media if key and key not in media]:
        raise InputError(f"there are rows about {missing[0]!r}, but no pictures or frames of it")
    if any(row.media and row.positions is None for row in pack.rows) and any(
        hasattr(type(module), "get_rope_index") for module in model.modules()
    ):
        raise InputError(
            "this model counts positions along several axes, and rows with pictures have none",
            remedy="give Row.positions, from the model's get_rope_index",
        )


@contextlib.contextmanager
def _pictures(
    model: nn.Module, media: Sequence[MediaInputs], order: Sequence[int], inputs: dict[str, Any]
) -> Iterator[None]:
    """Add the pictures to the inputs of a forward pass, each of `media` encoded once."""
    if list(order) in ([], [0]):
        inputs.update({name: value.to(device_of(model)) for each in media for name, value in each.items()})
        yield
        return
    inputs.update(trigger(media, order, taken_inputs(model)))
    with laid_out(model, media, order):
        yield


@contextlib.contextmanager
def _only_at(model: nn.Module, chosen: tuple[Tensor, Tensor]) -> Iterator[None]:
    """Have a batch's logits made at some (row, position) alone: `logits_to_keep` keeps whole columns."""
    hook = _head(model).register_forward_pre_hook(lambda _, hidden: (hidden[0][chosen][None],))
    try:
        yield
    finally:
        hook.remove()


def _head(model: nn.Module) -> nn.Module:
    """What makes logits of hidden states, under whatever the model is wrapped in."""
    modules: list[Any] = [
        module for module in model.modules() if hasattr(type(module), "get_output_embeddings")
    ]
    return next(head for module in modules if (head := module.get_output_embeddings()) is not None)
