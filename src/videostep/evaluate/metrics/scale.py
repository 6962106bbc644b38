"""What the points of a protocol are: what they are called, how they are written, and which end is good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The points that a protocol gives to a reply."""

    name: str
    """As columns are headed."""
    factor: int = 1
    """Points are written times this: 100 for shares."""
    less_is_better: bool = False
    stands_alone: bool = True
    """The protocol says neither right nor wrong: its points are what tables are about."""


_JUDGED: Final = Scale(name="score (0 to 5)", stands_alone=False)
_SCALES: Final = {
    "wups": Scale(name="WUPS (0 to 100)", factor=100),
    "count": Scale(name="mean squared error (0 is best)", less_is_better=True),
}
_MLVU: Final = Scale(name="score (2 to 10)")
_OF_TWO_SCORES: Final = ("mlvu-",)
"""Protocols of judges that add two scores of 1 to 5."""


def scale_of(protocol: str) -> Scale:
    """The scale of a protocol's points, by the protocol's full name; of those without any the judge's."""
    if any(f", {begin}" in protocol for begin in _OF_TWO_SCORES):
        return _MLVU
    return _SCALES.get(protocol.partition(" ")[0], _JUDGED)
