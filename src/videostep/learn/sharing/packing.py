"""Packs: rows that go through the model together, the tries of their videos one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from videostep.errors import InputError
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.rows import IntArray, Row
from videostep.learn.sharing.trie import Trie, common_length, grow, sorted_by_tokens


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pack:
    """Rows of one forward pass. Targets are those of the rows, row by row."""

    rows: tuple[Row, ...]
    """Grouped by media key; the order in which their targets are counted."""
    media: tuple[str, ...]
    """Media keys in the order in which their tries stand here, each once."""
    tokens: IntArray
    """Token ids of all tries, (n,)."""
    ends: IntArray
    """Per token the index after the last one below it, (n,): q may look at k exactly if k <= q < ends[k]."""
    positions: IntArray
    """Per token its position in its rows, (axes, n)."""
    paths: tuple[IntArray, ...]
    """Per row where its tokens stand here."""
    predictions: IntArray
    """Per target the index of the token at which it is predicted, (targets,)."""
    targets: IntArray
    """Per target the id to predict, (targets,)."""
    tasks: tuple[str, ...]
    """Per target the loss term it counts towards."""
    target_rows: IntArray
    """Per target the number of its row in `rows`, (targets,)."""

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def row_tokens(self) -> int:
        """Tokens of the same rows without sharing."""
        return sum(len(row) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What a pack may hold."""

    most_tokens: int
    most_rows: int
    most_media: int | None
    level: Level

    def hold(self, branches: Sequence[_Branch]) -> bool:
        rows = sum(len(branch.rows) for branch in branches)
        media = len({branch.rows[0].media for branch in branches})
        return (
            self._tokens(branches, rows) <= self.most_tokens
            and rows <= self.most_rows
            and (self.most_media is None or media <= self.most_media)
        )

    def _tokens(self, branches: Sequence[_Branch], rows: int) -> int:
        if self.level == Level.TREE:
            return sum(branch.tokens for branch in branches)
        return rows * max(branch.longest for branch in branches)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Branch:
    """Rows of one media key that stay together."""

    rows: tuple[Row, ...]
    tokens: int
    """Of their trie."""
    longest: int
    """Tokens of the longest row."""

    def with_row(self, row: Row) -> _Branch:
        new = len(row) - common_length(self.rows[-1], row)
        return _Branch(rows=(*self.rows, row), tokens=self.tokens + new, longest=max(self.longest, len(row)))


def pack(
    rows: Iterable[Row],
    *,
    most_tokens: int,
    most_rows: int,
    most_media: int | None = None,
    level: Level = Level.TREE,
) -> list[Pack]:
    """Rows in as few packs as first-fit decreasing finds; the same rows always give the same packs.

    Args:
        rows: Any number of rows, of any number of videos.
        most_tokens: Most tokens that go through the language model at once: at the level of the tree shared
            ones count once, at the others all do, with the padding.
        most_rows: Most rows of a pack: all rows of a pack land in one optimizer step.
        most_media: Most videos of a pack. Under FSDP all processes must go through the vision tower equally
            often, and a pack whose videos cannot be joined (`features.joined`) goes there once for each.
        level: At which the packs will be used.

    Raises:
        InputError: a row alone has more than `most_tokens`, or the positions of shared tokens differ.
    """
    limits = _Limits(most_tokens=most_tokens, most_rows=most_rows, most_media=most_media, level=level)
    branches = [branch for group in _by_media(rows).values() for branch in _branches(group, limits)]
    bins: list[list[_Branch]] = []
    for branch in sorted(branches, key=lambda branch: -branch.tokens):
        for others in bins:
            if limits.hold([*others, branch]):
                others.append(branch)
                break
        else:
            bins.append([branch])
    return [make_pack([row for branch in branches for row in branch.rows]) for branches in bins]


def make_pack(rows: Sequence[Row]) -> Pack:
    """All of the rows as one pack, however large."""
    groups = _by_media(rows)
    rows = [row for group in groups.values() for row in group]
    tries = [grow(group) for group in groups.values()]
    starts = np.cumsum([0, *(len(trie.tokens) for trie in tries)])
    paths = [path + start for trie, start in zip(tries, starts, strict=False) for path in trie.paths]
    targets = [(number, target) for number, row in enumerate(rows) for target in row.targets]
    return Pack(
        rows=tuple(rows),
        media=tuple(groups),
        tokens=np.concatenate([trie.tokens for trie in tries]),
        ends=np.concatenate([trie.ends + start for trie, start in zip(tries, starts, strict=False)]),
        positions=_side_by_side(tries),
        paths=tuple(paths),
        predictions=_integers(paths[number][target.position] for number, target in targets),
        targets=_integers(target.token for _, target in targets),
        tasks=tuple(target.task for _, target in targets),
        target_rows=_integers(number for number, _ in targets),
    )


def deal(packs: Sequence[Pack], ranks: int) -> list[list[Pack]]:
    """Give every process equally many packs, and at each step packs of about the same size.

    Where the packs do not go round, the largest are split; single rows that are left over are joined by
    copies without targets, which cost a pass and teach nothing, so that no process waits for another.
    """
    dealt = list(packs)
    while len(dealt) % ranks and any(len(each.rows) > 1 for each in dealt):
        largest = max((each for each in dealt if len(each.rows) > 1), key=len)
        number = dealt.index(largest)
        dealt[number : number + 1] = _halves(largest)
    dealt += [_without_targets(min(dealt, key=len))] * (-len(dealt) % ranks)
    dealt.sort(key=len, reverse=True)
    return [dealt[rank::ranks] for rank in range(ranks)]


def _halves(whole: Pack) -> list[Pack]:
    middle = len(whole.rows) // 2
    return [make_pack(whole.rows[:middle]), make_pack(whole.rows[middle:])]


def _without_targets(each: Pack) -> Pack:
    return make_pack([replace(row, targets=()) for row in each.rows])


def _by_media(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.media, []).append(row)
    return groups


def _branches(rows: Sequence[Row], limits: _Limits) -> Iterator[_Branch]:
    """Neighbours in the order of tokens, as many as a pack holds."""
    branch: _Branch | None = None
    for number in sorted_by_tokens(rows):
        row = rows[number]
        if len(row) > limits.most_tokens:
            raise InputError(
                f"a row of {row.media!r} has {len(row)} tokens, a pack at most {limits.most_tokens}",
                remedy="raise the limit, shorten its text, or take fewer or smaller frames",
            )
        if branch and limits.hold([longer := branch.with_row(row)]):
            branch = longer
            continue
        if branch:
            yield branch
        branch = _Branch(rows=(row,), tokens=len(row), longest=len(row))
    if branch:
        yield branch


def _side_by_side(tries: Sequence[Trie]) -> IntArray:
    """Positions of all tries; where some rows have one axis and others more, the one stands for all."""
    axes = max(len(trie.positions) for trie in tries)
    return np.concatenate(
        [np.broadcast_to(trie.positions, (axes, len(trie.tokens))) for trie in tries], axis=1
    )


def _integers(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, dtype=np.int64)
