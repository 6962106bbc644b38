"""Exact match: the reply is the answer, word for word (AGQA's metric)."""

from __future__ import annotations

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.mark import NO_REPLY, Mark
from videostep.evaluate.metrics.words import level


def mark_exact(item: Item, reply: str) -> Mark:
    """Right if the reply says one of the true answers and nothing else.

    AGQA compares strings of a closed vocabulary; a generated reply also has capitals and full stops, so both
    sides are levelled (`words.level`). Articles, plurals and synonyms are not: "a phone" is not "phone".
    """
    said = level(reply)
    if not said:
        return NO_REPLY
    return Mark(right=said in map(level, (item.answer, *item.also_right)), read=said)
