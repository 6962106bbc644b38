"""Rows of one video as a token trie, written depth first: what several rows begin with stands there once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from videostep.errors import InputError
from videostep.learn.sharing.rows import IntArray, Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trie:
    """The tokens of some rows, every shared one once."""

    tokens: IntArray
    """Token ids, (n,), depth first."""
    ends: IntArray
    """Per token the index after the last one below it, (n,): q may look at k exactly if k <= q < ends[k]."""
    positions: IntArray
    """Per token its position in its rows, (axes, n)."""
    paths: tuple[IntArray, ...]
    """Per row, in the order given, where in the trie its tokens stand."""


def grow(rows: Sequence[Row]) -> Trie:
    """Share what rows of one media key have in common at their beginning.

    Raises:
        InputError: two rows have the same tokens up to a place, but other positions there.
    """
    order = sorted_by_tokens(rows)
    ends = np.zeros(sum(len(row) for row in rows), dtype=np.int64)
    paths: dict[int, IntArray] = {}
    pieces: list[tuple[Row, int]] = []
    path, size = np.empty(0, dtype=np.int64), 0
    for before, number in zip([None, *order], order, strict=False):
        row = rows[number]
        shared = 0 if before is None else _shared_length(rows[before], row)
        ends[path[shared:]] = size
        path = np.concatenate([path[:shared], np.arange(size, size + len(row) - shared)])
        size += len(row) - shared
        paths[number] = path
        pieces.append((row, shared))
    ends[path] = size
    return Trie(
        tokens=np.concatenate([row.tokens[shared:] for row, shared in pieces]),
        ends=ends[:size],
        positions=np.concatenate([row.axes[:, shared:] for row, shared in pieces], axis=1),
        paths=tuple(paths[number] for number in range(len(rows))),
    )


def sorted_by_tokens(rows: Sequence[Row]) -> list[int]:
    """Numbers of the rows in the order of their tokens, so that each shares most with its neighbours."""
    # big-endian bytes of ids, which are never negative, are in the order of the ids
    return sorted(range(len(rows)), key=lambda number: rows[number].tokens.astype(">i8").tobytes())


def common_length(first: Row, second: Row) -> int:
    """How many tokens both begin with."""
    length = min(len(first), len(second))
    differs = first.tokens[:length] != second.tokens[:length]
    return int(differs.argmax()) if differs.any() else length


def _shared_length(before: Row, row: Row) -> int:
    length = common_length(before, row)
    if not np.array_equal(before.axes[:, :length], row.axes[:, :length]):
        raise InputError(
            f"two rows of {row.media!r} begin with the same {length} tokens, but not at the same positions",
            remedy="give every sampling of a video its own media key",
        )
    return length
