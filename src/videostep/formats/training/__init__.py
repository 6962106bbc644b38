"""Training files for others' trainers: the table of targets."""

from __future__ import annotations

from collections.abc import Iterable
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


def find_target(name: str, *, besides: Iterable[str] = ()) -> Target:
    """The target of that name; raises ConfigError naming the nearest one, or one `besides` these."""
    if name not in TARGETS:
        known = [*TARGETS, *besides]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
        raise ConfigError(f"there is no format {name!r} to export to", remedy=hint)
    return TARGETS[name]
