"""How a local model is loaded and run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from videostep.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformersConfig:
    """Settings of the transformers backend."""

    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    """Of the weights; `auto` is what the checkpoint was saved with."""
    device_map: str = "auto"
    """Where the weights go: `auto`, `cpu`, `cuda:0` ..."""
    attn: str | None = None
    """Attention: `sdpa`, `eager`, `flash_attention_2`; None: the best that is installed."""
    batch_size: int = 8
    """Texts generated together at most; halved while memory is short. How texts are batched can tip the
    balance between two words that are equally likely; 1 rules that out."""
    max_attempts: int = 2
    """Times that a sample is asked for at most; the second time hotter and with another seed."""
    trust_remote_code: bool = False
    """Runs Python code that comes with the weights, with all your rights. Say yes only to who may do that."""

    def __post_init__(self) -> None:
        for name in ("batch_size", "max_attempts"):
            if getattr(self, name) < 1:
                raise ConfigError(f"transformers.{name} is {getattr(self, name)}", remedy="give 1 or more")
