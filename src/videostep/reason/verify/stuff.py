"""Whether a program counts what has no number: food, clothes (docs/program.md, "Stuff")."""

from __future__ import annotations

from typing import Final

from videostep.reason.verify.language import Call

STUFF: Final = frozenset({
    "bread", "butter", "cheese", "clothing", "coffee", "dirt", "equipment", "fire", "foliage", "food",
    "fruit", "furniture", "garbage", "grass", "gravel", "ground", "hair", "ice", "jewellery", "juice",
    "laundry", "luggage", "meat", "medicine", "milk", "money", "mud", "paper", "pasta", "people", "rice",
    "rubbish", "sand", "sky", "smoke", "snow", "soil", "soup", "tea", "traffic", "trash", "water", "wine",
    "wood",
})  # fmt: skip
"""Of these one object node may be any number of pieces."""
_NO_PLURAL: Final = ("ss", "us", "is")


def stuff_counted(program: Call) -> str | None:
    """What to say of a number of pieces that no graph tells."""
    for call in program.walk():
        if call.name != "count":
            continue
        label = _label(call.parts[0]).rpartition(" ")[2]
        if label in STUFF or (label.endswith("s") and not label.endswith(_NO_PLURAL)):
            return f"nobody knows how many pieces one object {label!r} is"
    return None


def _label(things: Call) -> str:
    while things.parts and things.name != "called":
        things = things.parts[0]
    return things.words[0] if things.parts else ""
