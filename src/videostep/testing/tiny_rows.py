"""Made-up lessons without words or videos, and a language model of two layers: a training in a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import transformers

from videostep.errors import MediaError
from videostep.learn.plan import Group
from videostep.learn.shares import GroupRows
from videostep.learn.sharing.rows import Row, Target

BROKEN = "broken"
"""Footage that cannot be read begins so."""
_VOCABULARY = 64
_SEEN, _ASKED = 12, 3


class TinySource:
    """Rows of any group: the footage's name makes the beginning that its rows share.

    Replies follow from the question alone and have different lengths, so that there is something to learn
    and every way to divide rows is unequal.
    """

    def rows_of(self, group: Group) -> GroupRows:
        """Two rows a sample; raises MediaError for broken footage."""
        if group.footage.startswith(BROKEN):
            raise MediaError(f"{group.footage} cannot be read", remedy="get a complete copy")
        seen = np.random.default_rng(list(group.footage.encode())).integers(0, _VOCABULARY, _SEEN)
        rows = [_row(seen, sample, task) for sample in group.samples for task in ("answer", "rationale")]
        n_steps = tuple(1 + sample % 4 for sample in group.samples for _ in range(2))
        return GroupRows(rows=tuple(rows), n_steps=n_steps, media={})


def _row(seen: np.ndarray[Any, Any], sample: int, task: str) -> Row:
    is_answer = task == "answer"
    length = 2 + sample % 3 if is_answer else 5 + sample % 7
    reply = np.arange(length) + sample % 3
    asked = [sample % _VOCABULARY, 3, 1 if is_answer else 2]
    tokens = np.concatenate([seen, asked, reply])
    targets = tuple(
        Target(position=place - 1, token=int(tokens[place]), task=task)
        for place in range(_SEEN + _ASKED, len(tokens))
    )
    return Row(tokens=tokens, targets=targets)


def tiny_language_model() -> Any:
    """The same weights every time, large enough that attention matters."""
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=_VOCABULARY,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=256,
            attn_implementation="sdpa",
        )
    )
    with torch.no_grad():
        for parameter in model.model.layers.parameters():
            if parameter.ndim > 1:
                parameter.mul_(3)
    return model


def tiny_footage(samples: int, per_video: int = 5) -> list[str]:
    """Names of footage for so many samples."""
    return [f"video {sample // per_video}" for sample in range(samples)]
