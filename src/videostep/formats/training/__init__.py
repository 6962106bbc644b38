"""Training files for others' trainers: the table of targets."""

from __future__ import annotations

from difflib import get_close_matches

from videostep.errors import ConfigError
from videostep.formats.training.conversations import LLAVA, QWEN_VL, VILA
from videostep.formats.training.messages import AXOLOTL, LLAMA_FACTORY, MS_SWIFT, TRL
from videostep.formats.training.rows import HF, JSONL, PARQUET
from videostep.formats.training.target import Target
from videostep.formats.training.videochat2 import VIDEOCHAT2

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        *(JSONL, PARQUET, HF),
        *(LLAVA, QWEN_VL, VILA),
        *(MS_SWIFT, LLAMA_FACTORY, AXOLOTL, TRL),
        VIDEOCHAT2,
    )
}


def find_target(name: str) -> Target:
    """The target of that name; raises ConfigError naming the nearest one."""
    if name not in TARGETS:
        near = get_close_matches(name, TARGETS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(TARGETS)}"
        raise ConfigError(f"there is no training format {name!r}", remedy=hint)
    return TARGETS[name]
