"""Values and predicates: which exclude each other, and which people confuse."""

from __future__ import annotations

from functools import lru_cache

CLOSE_VALUES = (
    frozenset({"black", "dark grey", "dark blue", "grey"}),
    frozenset({"white", "grey", "silver", "beige"}),
    frozenset({"brown", "beige", "orange"}),
    frozenset({"red", "orange", "pink"}),
    frozenset({"purple", "pink", "blue"}),
    frozenset({"blue", "green", "turquoise"}),
    frozenset({"yellow", "orange", "beige"}),
    frozenset({"next to", "beside", "near", "close to"}),
    frozenset({"under", "below", "underneath", "beneath"}),
    frozenset({"above", "over"}),
)
"""Values and predicates that people confuse: never set against each other."""
SAID = {"still": "standing still", "lying": "lying down"}
"""Values that take more words, and follow their noun: "the dog that is lying down"."""
SAY_NOTHING = frozenset({
    "n/a", "not known", "not sure", "not visible", "null", "uncertain", "unclear", "undefined",
    "undetermined", "unknown", "unspecified", "unsure",
})  # fmt: skip
"""Values and predicates by which a parser says that it does not know."""
COMMON_COLOURS = ("black", "blue", "green", "grey", "red", "white", "yellow")
TRAITS = frozenset({"material", "shape"})
"""Attributes besides colours that nobody expects to change."""
OPPOSITES = (
    ("left", "right"),
    ("towards", "away from"),
    ("towards the camera", "away"),
    ("enters", "leaves"),
    ("sits down", "stands up"),
    ("behind", "in front of"),
    ("approaching", "moving away from"),
    ("comes closer", "moves away"),
)
EXCLUSIVE_OBJECTS = {
    "riding": ("bicycle", "motorcycle", "horse"),
    "driving": ("car", "bus", "truck"),
    "sitting on": ("bench", "chair", "couch"),
}
"""One cannot do this to two things at once, so another object is a "no"; and what one may do it to."""


def is_trait(attribute: str) -> bool:
    """Whether a viewer expects that an attribute does not change."""
    return attribute.endswith("colour") or attribute in TRAITS


@lru_cache(maxsize=4096)
def opposite_of(predicate: str) -> str | None:
    """The predicate that excludes this one, by its words; None when none is known."""
    words = f" {predicate} "
    for pair in OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if f" {here} " in words:
                return words.replace(f" {here} ", f" {there} ").strip()
    return None


@lru_cache(maxsize=65536)
def confusable(a: str, b: str) -> bool:
    """Whether a viewer could take one value for the other."""
    if a == b or any(a in group and b in group for group in CLOSE_VALUES):
        return True
    return f" {a} " in f" {b} " or f" {b} " in f" {a} "  # whole words: "in" is no part of "riding"
