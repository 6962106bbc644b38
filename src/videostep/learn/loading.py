"""Loading a Video-LLM for training, and what is known of it before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from videostep.errors import ConfigError, ServerError
from videostep.families.checkpoint import read_checkpoint
from videostep.families.family import Family
from videostep.families.limits import Limits
from videostep.families.registry import open_family
from videostep.learn.config import TrainConfig
from videostep.models.local.target import check_target, parse_transformers_target

_SOME_CONTEXT = 32_768
"""Tokens that are allowed where a model does not say how many it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The model that a training begins with: `ID_OR_PATH[+ADAPTER]`."""

    weights: str
    adapter: Path | None
    name: str
    """With a digest of what lies in local folders."""


def base_of(model: str) -> Base:
    """What a user has named; raises ConfigError if there is no such model or adapter."""
    target = parse_transformers_target(model.removeprefix("transformers:"))
    adapter = Path(target.adapter) if target.adapter else None
    if adapter is not None and not (adapter / "adapter_config.json").is_file():
        raise ConfigError(
            f"{adapter} holds no adapter: there is no adapter_config.json",
            remedy="name a folder that videostep train has written, or leave the part behind + out",
        )
    _refuse_adapter_alone(Path(target.weights))
    try:
        check_target(target)
    except ServerError as error:
        raise ConfigError(error.message, remedy=error.remedy) from error
    return Base(weights=target.weights, adapter=adapter, name=target.name)


def _refuse_adapter_alone(folder: Path) -> None:
    if (folder / "adapter_config.json").is_file() and not (folder / "config.json").exists():
        raise ConfigError(
            f"{folder} holds an adapter, not a whole model",
            remedy=f"name the model that it was trained on before it: ID_OR_PATH+{folder}",
        )


def family_of(base: Base, config: TrainConfig) -> Family:
    """How the model looks at videos; raises ConfigError for one that cannot."""
    limits = Limits(fps=config.frames_fps, most_frames=config.max_frames, most_px=config.max_pixels)
    return open_family(base.weights, limits=limits)


def context_of(base: Base) -> int:
    """Tokens that the model takes at most."""
    text = read_checkpoint(base.weights).config.get_text_config()
    return int(getattr(text, "max_position_embeddings", 0) or _SOME_CONTEXT)


def load_model(base: Base, config: TrainConfig, *, bf16: bool) -> Any:
    """The weights, ready to be trained on.

    Frozen weights are kept in the precision of the arithmetic. Weights that learn are kept
    in single precision: steps are smaller than bfloat16 can tell apart.

    Raises:
        ConfigError: They are not there, or are no Video-LLM's.
    """
    dtype = torch.bfloat16 if bf16 and not config.full else torch.float32
    try:
        return transformers.AutoModelForImageTextToText.from_pretrained(
            base.weights, dtype=dtype, attn_implementation="sdpa"
        )
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0][:300]
        raise ConfigError(
            f"the weights of {base.weights!r} cannot be loaded: {reason}",
            remedy="give the folder or the Hugging Face id of a Video-LLM whose weights are complete",
        ) from error


def skeleton_of(base: Base) -> Any:
    """The model without memory for its weights: their shapes are known, their values are not."""
    with torch.device("meta"):
        return transformers.AutoModelForImageTextToText.from_config(read_checkpoint(base.weights).config)
