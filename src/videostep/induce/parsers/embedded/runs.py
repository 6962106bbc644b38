"""Runs: stretches of time in which something holds from picture to picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Run(NamedTuple):
    """Entries `first` to `last` (both included) of a row of pictures."""

    first: int
    last: int
    share: float
    """Share of its entries in which it held, 0..1: the vote's frequency."""


def runs_of(
    holds: NDArray[np.bool_], times_s: NDArray[np.float64], *, min_s: float, gap_s: float = 0.0
) -> list[Run]:
    """Runs of at least `min_s` seconds; entries that do not hold are bridged for up to `gap_s`.

    A run never bridges more than `gap_s` between two entries in which it holds, be they unseen or unheld;
    neighbours one entry apart always belong together unless more than 0.5 s lie between them.
    """
    hits = np.flatnonzero(holds)
    if not len(hits):
        return []
    steps, waits_s = np.diff(hits), np.diff(times_s[hits])
    breaks = np.flatnonzero((waits_s > max(gap_s, 0.5)) | ((steps > 1) & (waits_s > gap_s))) + 1
    runs = []
    for piece in np.split(hits, breaks):
        first, last = int(piece[0]), int(piece[-1])
        if times_s[last] - times_s[first] >= min_s - 1e-6:
            runs.append(Run(first, last, round(len(piece) / (last - first + 1), 4)))
    return runs
