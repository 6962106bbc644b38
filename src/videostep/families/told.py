"""Told: a conversation about a video as one model reads it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """The tokens of one conversation, its video's placeholders among them."""

    tokens: IntArray
    """(n,)."""
    n_prompt: int
    """So many come before the reply."""
    positions: IntArray | None
    """(n,) or (axes, n); None: 0, 1, 2 ..."""

    @property
    def axes(self) -> IntArray:
        """Its positions, (axes, n)."""
        return np.atleast_2d(np.arange(len(self.tokens)) if self.positions is None else self.positions)
