"""What a label says of a thing: whether it can move by itself, and what a relation says of its subject."""

from __future__ import annotations

from typing import Final

from videostep.graph import Kind

_LIVING: Final = frozenset({
    "adult", "animal", "antelope", "baby", "bear", "bird", "boy", "camel", "cat", "cattle",
    "chicken", "child", "cow", "crab", "crocodile", "dog", "duck", "elephant", "fish", "fox",
    "girl", "goat", "hamster", "hand", "hands", "horse", "kangaroo", "leopard", "lion", "lizard",
    "man", "monkey", "mouse", "panda", "penguin", "person", "pig", "rabbit", "rat", "sheep",
    "snake", "squirrel", "stingray", "tiger", "turtle", "whale", "woman", "zebra",
})  # fmt: skip
_VEHICLES: Final = frozenset({
    "aircraft", "airplane", "bicycle", "boat", "bus", "car", "helicopter", "motorbike",
    "motorcycle", "scooter", "skateboard", "tractor", "train", "truck", "van", "watercraft",
})  # fmt: skip
_DOES: Final = {
    "creeping": "creeps",
    "flying": "flies",
    "jumping": "jumps",
    "moving": "moves",
    "running": "runs",
    "swimming": "swims",
    "walking": "walks",
}
_POSTURES: Final = frozenset({"lying", "sitting", "standing"})


def is_living(label: str) -> bool:
    """Whether the last word of a label, or of one of its alternatives, is a person or animal."""
    return _last_words(label) <= _LIVING


def kind_of(label: str) -> Kind:
    """`dynamic` for persons, animals and vehicles."""
    return "dynamic" if _last_words(label) <= _LIVING | _VEHICLES else "static"


def motion_in(predicate: str) -> str | None:
    """What a subject does by what a relation says: who is `walking past` something `walks`."""
    return _DOES.get(predicate.partition(" ")[0])


def posture_in(predicate: str) -> str | None:
    """How a living subject holds itself by what a relation says: `sitting on` something is `sitting`."""
    first = predicate.partition(" ")[0]
    return first if first in _POSTURES else None


def _last_words(label: str) -> set[str]:
    return {part.split()[-1] for part in label.split(" or ")}
