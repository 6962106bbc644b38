"""Training rows that begin with the same video, its tokens computed once: exact, and with no model changed.

    packs = pack(rows, most_tokens=8192, most_rows=32)
    level, reason = choose_level(model, rows, media)
    logits = forward(model, packs[0], media, level=level)    # one line for each of packs[0].targets

Knows models of transformers and nothing of videostep's files, samples or settings.
"""

from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.forward import Level, forward
from videostep.learn.sharing.packing import Pack, deal, make_pack, pack
from videostep.learn.sharing.rows import Row, Target

__all__ = ["Level", "MediaInputs", "Pack", "Row", "Target", "deal", "forward", "make_pack", "pack"]
