"""Which family a checkpoint belongs to: one line a family, loaded when it is chosen."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from importlib.metadata import EntryPoint
from typing import Final

from videostep.errors import ConfigError
from videostep.families.checkpoint import Checkpoint, read_checkpoint
from videostep.families.family import Family
from videostep.families.limits import Limits
from videostep.plugins import open_installed, with_installed

Opener = Callable[[Checkpoint, Limits], Family]
ENTRY_POINT_GROUP = "videostep.families"
"""Other packages bring families here: a `model_type`, and a function like those of `FAMILIES`."""
_HERE = "videostep.families"
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


def _opener(model_type: str) -> Opener:
    built_in: dict[str, Opener] = {name: partial(_open_built_in, where) for name, where in FAMILIES.items()}
    openers = with_installed(built_in, ENTRY_POINT_GROUP, _opener_of, what="model family", error=ConfigError)
    return openers.get(model_type, partial(_open_built_in, _ANY_OTHER))


def _open_built_in(where: str, checkpoint: Checkpoint, limits: Limits) -> Family:
    module, _, function = where.partition(":")
    opener: Opener = getattr(importlib.import_module(f"{_HERE}.{module}"), function)
    return opener(checkpoint, limits)


def _opener_of(point: EntryPoint) -> Opener:
    def open_family(checkpoint: Checkpoint, limits: Limits) -> Family:
        family: Family = open_installed(
            point, lambda opener: opener(checkpoint, limits), what="model family", error=ConfigError
        )
        return family

    return open_family
