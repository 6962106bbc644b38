"""Which level of sharing a model gets: the highest that neither its config nor a trial speaks against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import torch
from torch import nn

from videostep.errors import VideostepError
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.probing import made_up_rows, probe
from videostep.learn.sharing.refusals import tree_refusal, vision_refusal
from videostep.learn.sharing.rows import Row
from videostep.learn.sharing.segment_attention import segments_are_fast, use_segments


class Choice(NamedTuple):
    """A level and why it is that one, for the log."""

    level: Level
    reason: str


def choose_level(
    model: nn.Module, rows: Sequence[Row] = (), media: Mapping[str, MediaInputs] = MappingProxyType({})
) -> Choice:
    """Check the model's configuration, then try: tree, else features once per video, else rows.

    Where FlashAttention is installed and the model lies on a GPU, its attention is set to go by segments.

    Args:
        model: As it will be trained: on its device, in its precision, with its adapters.
        rows: A few real rows of two videos; none: made-up rows of text, which do not try the vision tower.
        media: The pictures that the rows name.

    Raises:
        InputError: rows or pictures are faulty.
    """
    rows = rows or made_up_rows(model)
    if segments_are_fast(model):
        use_segments(model)
    reasons: list[str] = []
    for level, refusal in ((Level.TREE, tree_refusal), (Level.VISION, vision_refusal)):
        reason = refusal(model) or _fault(model, level, rows, media)
        if reason is None:
            return Choice(
                level, "; ".join(reasons) or "nothing speaks against it, and a trial gave the same logits"
            )
        reasons.append(f"not {level}: {reason}")
    return Choice(Level.ROWS, "; ".join(reasons))


def _fault(
    model: nn.Module, level: Level, rows: Sequence[Row], media: Mapping[str, MediaInputs]
) -> str | None:
    try:
        return probe(model, level, rows, media).fault
    except (VideostepError, torch.OutOfMemoryError):
        raise  # of the rows or the machine, not of sharing
    except Exception as error:  # models raise anything at a mask that they do not expect
        return f"the trial failed with {type(error).__name__}: {error}"
