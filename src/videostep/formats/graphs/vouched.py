"""What a user who vouches for annotations vouches for: nothing of which something was lost while reading.

"No cup is on the table" is true of complete annotations, but not of what is left of them when a cup was lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from videostep.formats.graphs.imported import Account
from videostep.graph import Coverage

_ALL: Final = ("labels", "relations", "motions")
_TELLS: Final = {
    "frames": _ALL,
    "other vertices": _ALL,
    "repeated keys": _ALL,
    "objects": ("labels",),
    "relations": ("relations",),
    "actions": ("motions",),
}
"""Kind of statement to what no longer is covered when one is lost."""
_HARMLESS: Final = frozenset({
    "a negation", "a relationship without a name", "a second one of an object in a frame",
    "a second thing of its class in one frame: kept as a doubt", "after the end of the video",
    "between keyframes", "declared before", "from a thing to itself", "in a frame that is lost",
    "listed, but not annotated", "never seen in a frame", "not visible", "nothing tells when it is seen",
    "outside the video", "spatial: who is where of whom is not documented", "the annotators were not sure",
    "'in', which may say of either that it is in the other",
})  # fmt: skip
"""Reasons of a loss that leaves nothing unsaid of what is covered."""


def vouched_for(covered: Coverage, account: Account, *, boxes_show: bool = False) -> Coverage:
    """`covered`, without that of which something was lost; the account then says so.

    Args:
        covered: What complete annotations cover.
        account: Of the video, with everything settled.
        boxes_show: Whether a thing is seen where it has a box, so that a lost box is a lost sight.
    """
    tells = {**_TELLS, "boxes": ("labels",)} if boxes_show else _TELLS
    harmed = {kind for kind in tells if account.lost.get(kind, {}).keys() - _HARMLESS}
    open_ = {part for kind in harmed for part in tells[kind]}
    for part in _ALL:
        if not getattr(covered, part):
            continue
        account.find("vouched for")
        if part in open_:
            account.lose("vouched for", f"{part}: some were lost")
        else:
            account.carry("vouched for")
    return replace(
        covered,
        labels=() if "labels" in open_ else covered.labels,
        relations=() if "relations" in open_ else covered.relations,
        motions=() if "motions" in open_ else covered.motions,
    )
