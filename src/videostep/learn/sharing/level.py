"""How much the rows of a pack share."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How much the rows of a pack share."""

    TREE = "tree"
    """Every shared token once, in the vision tower and in the language model."""
    VISION = "level1"
    """Each video once through the vision tower; each row by itself through the language model."""
    ROWS = "rows"
    """Nothing: as any trainer does it."""
