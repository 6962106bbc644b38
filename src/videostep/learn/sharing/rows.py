"""A training row: tokens, what is to be predicted in them, and the pictures they start with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from videostep.errors import InputError

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One token to learn. Never a shifted label: a shared token can have several successors."""

    position: int
    """Index in the row of the token at which the prediction is made: the one before the target's place."""
    token: int
    """Id of the token to predict."""
    task: str
    """Name of the loss term it counts towards, such as `answer` or `rationale`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One training sequence as a model would get it alone, without padding."""

    tokens: IntArray
    """Token ids, (n,), placeholders of pictures and frames included. Any sequence of integers will do."""
    targets: tuple[Target, ...]
    """What is learnt from this row."""
    media: str = ""
    """Key of its pictures or frames: the same video *sampled in the same way*. Empty: text only. Rows share
    tokens only under one key, because the placeholder tokens of all videos look alike."""
    positions: IntArray | None = None
    """Positions of its tokens when it stands alone, (n,) or (axes, n); None: 0, 1, 2 ... The Qwen-VL families
    have three axes, from their `get_rope_index`."""

    def __post_init__(self) -> None:
        tokens = np.asarray(self.tokens, dtype=np.int64)
        if tokens.ndim != 1 or not len(tokens) or tokens.min() < 0:
            raise InputError(f"the tokens of a row of {self.media!r} are no sequence of ids")
        object.__setattr__(self, "tokens", tokens)
        if self.positions is not None:
            object.__setattr__(self, "positions", np.asarray(self.positions, dtype=np.int64))
        if self.axes.ndim != 2 or self.axes.shape[1] != len(tokens):
            raise InputError(
                f"a row of {self.media!r} has {len(tokens)} tokens, but positions of shape {self.axes.shape}"
            )
        if any(not 0 <= target.position < len(tokens) for target in self.targets):
            raise InputError(f"a row of {self.media!r} predicts outside its {len(tokens)} tokens")

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def axes(self) -> IntArray:
        """Its positions, (axes, n)."""
        return np.atleast_2d(np.arange(len(self.tokens)) if self.positions is None else self.positions)
