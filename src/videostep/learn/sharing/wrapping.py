"""The model of transformers inside what DDP, FSDP and PEFT make of it."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from videostep.errors import InputError


def pretrained(model: nn.Module) -> Any:
    """The outermost module that is a model of transformers with a head that makes logits.

    Raises:
        InputError: there is none.
    """
    for module in model.modules():
        if hasattr(type(module), "get_output_embeddings") and module.get_output_embeddings() is not None:
            return module
    raise InputError(f"{type(model).__name__} is no model of transformers that predicts tokens")


def device_of(model: nn.Module) -> torch.device:
    """Where the inputs of a model go."""
    return next(model.parameters()).device
