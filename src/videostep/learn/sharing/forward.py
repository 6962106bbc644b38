"""One forward pass over a pack, at one of three levels of sharing; all three give the same logits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from videostep.errors import InputError
from videostep.learn.sharing.features import MediaInputs, joined, laid_out, taken_inputs, trigger
from videostep.learn.sharing.level import Level as Level
from videostep.learn.sharing.masks import tree_mask
from videostep.learn.sharing.packing import Pack
from videostep.learn.sharing.rows import IntArray
from videostep.learn.sharing.segment_attention import as_mask, uses_segments
from videostep.learn.sharing.wrapping import device_of, pretrained, wants_token_types


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
    """Every token of the pack once."""
    ends = torch.from_numpy(pack.ends).to(device_of(model))
    inputs = _inputs(model, pack.tokens[None], pack.positions[:, None])
    if len(pack.rows) == 1:
        # told to be one row, else jumps in its positions pass for several
        inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    else:
        inputs["attention_mask"] = as_mask(ends) if uses_segments(model) else tree_mask(ends)
    keys = [key for key in pack.media if key]
    pictures = _pictures(model, [media[key] for key in keys], range(len(keys)), inputs)
    with pictures, _only_at(model, np.zeros_like(pack.predictions), pack.predictions):
        logits: Tensor = model(**inputs, use_cache=False).logits[0]
    return logits


def _batch(model: nn.Module, pack: Pack, media: Mapping[str, MediaInputs], *, share_vision: bool) -> Tensor:
    """Rows under each other, padded on the right."""
    longest = max(len(row) for row in pack.rows)
    tokens, real = np.zeros((2, len(pack.rows), longest), dtype=np.int64)
    positions = np.zeros((len(pack.positions), len(pack.rows), longest), dtype=np.int64)
    for number, row in enumerate(pack.rows):
        tokens[number, : len(row)], real[number, : len(row)] = row.tokens, 1
        # rows end in text, so that the padding holds no placeholder, which would want features
        tokens[number, len(row) :] = row.tokens[-1]
        positions[:, number, : len(row)] = row.axes
    inputs = _inputs(model, tokens, positions)
    inputs["attention_mask"] = torch.from_numpy(real).to(device_of(model))
    places = np.array([target.position for row in pack.rows for target in row.targets], dtype=np.int64)
    keys = [row.media for row in pack.rows if row.media]
    distinct = list(dict.fromkeys(keys)) if share_vision else keys
    order = [distinct.index(key) for key in keys] if share_vision else range(len(keys))
    pictures = _pictures(model, [media[key] for key in distinct], order, inputs)
    with pictures, _only_at(model, pack.target_rows, places):
        logits: Tensor = model(**inputs, use_cache=False).logits[0]
    return logits


def _inputs(model: nn.Module, tokens: IntArray, positions: IntArray) -> dict[str, Any]:
    """Token ids and positions, (axes, rows, n), as models want them: one axis has no dimension of its own."""
    axes = torch.tensor(positions).to(device_of(model))
    inputs = {
        "input_ids": torch.from_numpy(tokens).to(device_of(model)),
        "position_ids": axes[0] if len(axes) == 1 else axes,
    }
    if wants_token_types(inner := pretrained(model)):
        is_picture = inputs["input_ids"] == inner.config.image_token_id
        inputs["token_type_ids"] = is_picture.long()
    return inputs


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
    each_once = list(order) == list(range(len(media)))
    together = joined(media) if media and each_once else None
    pixels = together or trigger(media, order, taken_inputs(model))
    inputs.update({name: value.to(device_of(model)) for name, value in pixels.items()})
    with laid_out(model, media, order) if pixels and not together else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _only_at(model: nn.Module, rows: IntArray, places: IntArray) -> Iterator[None]:
    """Have logits made at some places of some rows alone: `logits_to_keep` keeps whole columns of a batch."""
    chosen = torch.from_numpy(rows).to(device_of(model)), torch.from_numpy(places).to(device_of(model))
    head = pretrained(model).get_output_embeddings()
    hook = head.register_forward_pre_hook(lambda _, hidden: (hidden[0][chosen][None],))
    try:
        yield
    finally:
        hook.remove()
