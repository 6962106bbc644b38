"""Which family a checkpoint belongs to: one line a family, loaded when it is chosen."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Final

from videostep.learn.families.checkpoint import Checkpoint, read_checkpoint
from videostep.learn.families.family import Family
from videostep.learn.families.limits import Limits

_HERE = "videostep.learn.families"
FAMILIES: Final[dict[str, str]] = {
    "internvl": "internvl:open_internvl",
    "llava_next_video": "llava_next_video:open_llava_next_video",
    "llava_onevision": "llava_onevision:open_llava_onevision",
    "qwen2_5_vl": "qwen2_5_vl:open_qwen2_5_vl",
    "qwen2_vl": "qwen2_5_vl:open_qwen2_5_vl",
    "qwen3_5": "qwen3_vl:open_qwen3_vl",
    "qwen3_5_moe": "qwen3_vl:open_qwen3_vl",
    "qwen3_vl": "qwen3_vl:open_qwen3_vl",
    "qwen3_vl_moe": "qwen3_vl:open_qwen3_vl",
    "smolvlm": "smolvlm:open_smolvlm",
    "video_llama_3": "video_llama_3:open_video_llama_3",
    "video_llava": "video_llava:open_video_llava",
}
"""`model_type` of a config -> the module here and the function in it that opens the family."""
_ANY_OTHER = "generic:open_generic"


def open_family(name: str, *, limits: Limits | None = None, trust_remote_code: bool = False) -> Family:
    """The family of a model, from its small files alone.

    Args:
        name: Folder or Hugging Face id.
        limits: What the user lets the model see.
        trust_remote_code: Run code that comes with the model.

    Raises:
        ConfigError: There is no such model, or it cannot take videos.
    """
    checkpoint = read_checkpoint(name, trust_remote_code=trust_remote_code)
    family = _opener(checkpoint.config.model_type)(checkpoint, limits or Limits())
    family.check()
    return family


def _opener(model_type: str) -> Callable[[Checkpoint, Limits], Family]:
    module, _, function = FAMILIES.get(model_type, _ANY_OTHER).partition(":")
    opener: Callable[[Checkpoint, Limits], Family] = getattr(
        importlib.import_module(f"{_HERE}.{module}"), function
    )
    return opener
