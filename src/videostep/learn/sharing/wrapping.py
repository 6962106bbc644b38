"""The model of transformers inside what DDP, FSDP and PEFT make of it."""

from __future__ import annotations

import inspect
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


def forward_parameters(inner: Any) -> set[str]:
    """Names of the parameters of a model's own forward and of the one below it."""
    forwards = (module.forward for module in (inner, inner.base_model))
    return {name for forward in forwards for name in inspect.signature(forward).parameters}


def wants_token_types(inner: Any) -> bool:
    """Whether a model asks which tokens are pictures, as these look at each other both ways (Gemma 3)."""
    return "token_type_ids" in forward_parameters(inner)


def device_of(model: nn.Module) -> torch.device:
    """Where the inputs of a model go."""
    return next(model.parameters()).device
