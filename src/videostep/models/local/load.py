"""Weights and processor of a Video-LLM, with or without a LoRA adapter, loaded without surprises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import transformers

from videostep.errors import MissingExtraError, UnavailableError
from videostep.families.processor import load_processor
from videostep.models.local.config import TransformersConfig
from videostep.models.local.target import TransformersTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model that is ready to be asked."""

    model: Any
    processor: Any


def load(target: TransformersTarget, config: TransformersConfig) -> Loaded:
    """Load weights and processor.

    Raises:
        UnavailableError: They are not there, are no Video-LLM's, or need code that may not be run.
        MissingExtraError: The adapter needs peft.
    """
    trust = {"trust_remote_code": config.trust_remote_code}
    if target.adapter:
        _check_adapter(target.adapter)
    try:
        model = transformers.AutoModelForImageTextToText.from_pretrained(
            target.weights, dtype=config.dtype, device_map=config.device_map, **_attn(config), **trust
        )
        if target.adapter:
            model = _with_adapter(model, target.adapter)
        processor = load_processor(
            target.weights, model.config.model_type, trust_remote_code=config.trust_remote_code
        )
    except (OSError, ValueError, ImportError) as error:
        raise UnavailableError(
            f"the model {target.weights!r} cannot be loaded: {_first_line(error)}", remedy=_remedy(error)
        ) from error
    processor.tokenizer.padding_side = "left"
    return Loaded(model=model.eval(), processor=processor)


def _attn(config: TransformersConfig) -> dict[str, str]:
    return {"attn_implementation": config.attn} if config.attn else {}


def _check_adapter(adapter: str) -> None:
    """Before gigabytes of weights are loaded for it."""
    try:
        from peft import PeftConfig
    except ImportError as error:
        raise MissingExtraError(
            "a LoRA adapter needs peft", remedy="pip install 'videostep[train]'"
        ) from error
    try:
        PeftConfig.from_pretrained(adapter)
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"the adapter {adapter!r} cannot be loaded: {_first_line(error)}",
            remedy="name a folder that videostep train has written, or the Hugging Face id of a LoRA adapter",
        ) from error


def _with_adapter(model: Any, adapter: str) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(model, adapter)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300].rstrip(".")


def _remedy(error: Exception) -> str:
    if "trust_remote_code" in str(error):
        return "it brings code of its own: set trust_remote_code if you trust who wrote it"
    return "give the folder or the Hugging Face id of a model that reads pictures and text"
