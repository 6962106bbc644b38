"""How a local model is loaded and run."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
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
    constrain: bool = True
    """Hold replies that must be JSON to their form while they are generated, where `xgrammar` is installed;
    else, and without it, they are asked for in words, repaired and checked."""
    trust_remote_code: bool = False
    """Runs Python code that comes with the weights, with all your rights. Say yes only to who may do that."""

    @property
    def is_constrained(self) -> bool:
        """Whether replies are held to their forms: it is wanted, and can be done."""
        return self.constrain and find_spec("xgrammar") is not None

    def __post_init__(self) -> None:
        for name in ("batch_size", "max_attempts"):
            if getattr(self, name) < 1:
                raise ConfigError(f"transformers.{name} is {getattr(self, name)}", remedy="give 1 or more")
