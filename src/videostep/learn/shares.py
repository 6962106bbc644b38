"""What one process computes in one optimizer step: its share of the window, loaded and packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from torch.utils.data import Dataset

from videostep.errors import InputError, MediaError
from videostep.learn.plan import Group, Window, share_of
from videostep.learn.sharing.features import MediaInputs
from videostep.learn.sharing.level import Level
from videostep.learn.sharing.packing import Pack, make_pack, pack
from videostep.learn.sharing.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupRows:
    """A group as the model takes it."""

    rows: tuple[Row, ...]
    n_steps: tuple[int, ...]
    """Of each row, the reasoning steps of its sample."""
    media: dict[str, MediaInputs]
    """Media key of the rows to pixels and what belongs to them."""


class RowSource(Protocol):
    """Makes rows of samples: decodes their video, and puts question, instruction and reply into tokens."""

    def rows_of(self, group: Group) -> GroupRows:
        """The rows of a group; raises MediaError if its video cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A group that was left out of its step."""

    group: Group
    error: MediaError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """One process's part of one optimizer step."""

    packs: tuple[Pack, ...]
    """Each goes through the model by itself; their gradients add up."""
    media: dict[str, MediaInputs]
    skipped: tuple[Skipped, ...] = ()
    idle: int = 0
    """So many of the last packs teach nothing: they keep step with other processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLimits:
    """How much goes through the model at once."""

    tokens: int
    """Shared ones count once where rows share them."""
    rows: int
    media: int | None = None
    """Videos. 1 under FSDP, whose processes must go through the vision tower equally often; None: any."""

    def packs(self, rows: Sequence[Row], level: Level) -> list[Pack]:
        """Rows in packs of at most so much, for a pass at a level of sharing."""
        return pack(rows, most_tokens=self.tokens, most_rows=self.rows, most_media=self.media, level=level)


class Shares(Dataset[Share]):  # type: ignore[misc]  # torch may not be installed
    """The shares of one process, step by step; loading one never fails for what lies in a video."""

    def __init__(
        self,
        source: RowSource,
        windows: Sequence[Window],
        limits: PackLimits,
        *,
        rank: int = 0,
        processes: int = 1,
    ) -> None:
        self.level = Level.ROWS
        """How rows will share their video: what fits into a pack depends on it."""
        self._source, self._windows, self._limits = source, windows, limits
        self._rank, self._processes = rank, processes

    def __len__(self) -> int:
        return len(self._windows)

    def __getitem__(self, step: int) -> Share:
        return self._load(share_of(self._windows[step], rank=self._rank, processes=self._processes))

    def stand_in(self) -> Share:
        """A share of one short pack, for a process that has nothing to do while others work.

        Raises:
            InputError: Not one video can be read.
        """
        for group in (group for window in self._windows for group in window):
            share = self._load((Group(footage=group.footage, samples=group.samples[:1]),))
            if share.packs:
                return Share(packs=(make_pack(share.packs[0].rows[:1]),), media=share.media, idle=1)
        raise InputError("not one of the videos can be read", remedy="mend what the error entries name")

    def _load(self, window: Window) -> Share:
        rows, media, skipped = list[Row](), dict[str, MediaInputs](), list[Skipped]()
        for group in window:
            try:
                made = self._source.rows_of(group)
            except MediaError as error:
                skipped.append(Skipped(group=group, error=error))
                continue
            rows += made.rows
            media |= made.media
        packs = self._limits.packs(rows, self.level) if rows else []
        return Share(packs=tuple(packs), media=media, skipped=tuple(skipped))
