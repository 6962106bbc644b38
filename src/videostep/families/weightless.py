"""A model without weights: enough to ask where its tokens stand."""

from __future__ import annotations

from typing import Any

import torch
import transformers


def weightless(config: Any) -> Any:
    """A model of the config without any layer: its methods that only look at the config work."""
    model_class = transformers.MODEL_MAPPING[type(config)]
    model = model_class.__new__(model_class)
    torch.nn.Module.__init__(model)
    model.config = config
    return model
