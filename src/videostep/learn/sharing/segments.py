"""A pack as segments for variable-length attention: no mask, and no work on pairs that may not look."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from videostep.learn.sharing.rows import IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Runs of tokens that follow one another.

    The queries of a run look at its way from the root and, causally, at the run itself, which ends that way:
    causal attention aligned at the bottom right.
    """

    starts: IntArray
    """Where each run starts in the pack and, last, where the pack stops, (segments + 1,)."""
    keys: IntArray
    """Places in the pack of the keys of all runs, one run after the other."""
    key_starts: IntArray
    """Where the keys of each run start in `keys` and, last, where they all stop, (segments + 1,)."""

    @property
    def longest_run(self) -> int:
        """Most queries of a run."""
        return int(np.diff(self.starts).max())

    @property
    def longest_way(self) -> int:
        """Most keys of a run."""
        return int(np.diff(self.key_starts).max())


def segments_of(ends: IntArray) -> Segments:
    """The plan of a pack, from the integer per token that says who may look at whom."""
    order = np.arange(1, len(ends))
    starts = np.concatenate([[0], order[ends[:-1] == order], [len(ends)]])  # after each leaf a run starts
    keys = [
        np.concatenate([np.flatnonzero(ends[:start] > start), np.arange(start, stop)])
        for start, stop in itertools.pairwise(starts)
    ]
    return Segments(
        starts=starts, keys=np.concatenate(keys), key_starts=np.cumsum([0, *(len(each) for each in keys)])
    )
