"""Training rows that begin with the same video, its tokens computed once: exact, and with no model changed.

    level, reason = choose_level(model, some_rows, media)
    for each in pack(rows, most_tokens=8192, most_rows=32 if level == Level.TREE else 1):
        logits = forward(model, each, media, level=level)    # a line for each of each.targets

Knows models of transformers and nothing of videostep's files, samples or settings.
"""

from videostep.learn.sharing.choice import Choice, choose_level
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.forward import forward
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.packing import Pack, deal, make_pack, pack
from videostep.learn.sharing.probing import Findings, made_up_rows, probe
from videostep.learn.sharing.rows import Row, Target
from videostep.learn.sharing.segment_attention import use_segments

__all__ = [
    "Choice",
    "Findings",
    "Level",
    "MediaInputs",
    "Pack",
    "Row",
    "Target",
    "choose_level",
    "deal",
    "forward",
    "made_up_rows",
    "make_pack",
    "pack",
    "probe",
    "use_segments",
]
