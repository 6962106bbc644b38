"""What every reader of others' scene graphs takes and gives.

Nothing that stands in a file may disappear unseen. So a reader keeps an `Account` of each video: every
statement it meets is found, and then either carried (perhaps repaired) or lost, with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from videostep.errors import ConfigError
from videostep.graph import VideoGraph
from videostep.store.json_object import repeats_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What the user says about a data set beyond its annotation files."""

    videos: Path | None = None
    """Folder of the data set's video files, from which length, frame rate and size are read. None: from the
    annotations, or by the assumption that each reader states."""
    fps: float | None = None
    """Frames a second by which frame numbers become times, where neither file nor video says it. None: the
    reader's own assumption."""
    complete: bool = False
    """The annotations name all there is of their vocabulary, for as long as each annotated frame stands. Only
    then does absence mean "no". False: only what the annotation protocol guarantees."""

    def __post_init__(self) -> None:
        if self.fps is not None and not 0 < self.fps <= 1000:
            raise ConfigError(f"fps is {self.fps}", remedy="give frames a second, for example 29.97")


@dataclass(slots=True)
class Account:
    """What became of each statement of one video, by kind (`objects`, `relations`, `boxes` ...)."""

    found: Counter[str] = field(default_factory=Counter)
    """Statements in the file."""
    carried: Counter[str] = field(default_factory=Counter)
    """Statements that the graph holds."""
    repaired: dict[str, Counter[str]] = field(default_factory=dict)
    """Of those carried: what had to be mended, in a short phrase."""
    lost: dict[str, Counter[str]] = field(default_factory=dict)
    """Statements that the graph does not hold: why, in a short phrase (`an end without a box`)."""

    def find(self, kind: str, count: int = 1) -> None:
        """`count` statements stand in the file. Call it where they are read, not where they are settled."""
        if count:
            self.found[kind] += count

    def carry(self, kind: str, count: int = 1, *, repair: str = "") -> None:
        """The graph holds `count` of them; `repair` says what was mended, if anything was."""
        self.carried[kind] += count
        if repair:
            self.repaired.setdefault(kind, Counter())[repair] += count

    def lose(self, kind: str, why: str, count: int = 1) -> None:
        """The graph does not hold `count` of them."""
        if count:
            self.lost.setdefault(kind, Counter())[why] += count

    def settle_repeats(self, record: object) -> None:
        """Account for the keys of a JSON record that came again: what they said first is not read."""
        self.find("repeated keys", repeats_of(record))
        self.lose("repeated keys", "another value comes after it", repeats_of(record))

    def imbalance(self) -> dict[str, int]:
        """Found less carried and lost, for each kind where that is not 0; empty: nothing went unseen."""
        kinds = sorted({*self.found, *self.carried, *self.lost})
        left = {kind: self.found[kind] - self.carried[kind] - self._lost_of(kind) for kind in kinds}
        return {kind: count for kind, count in left.items() if count}

    def _lost_of(self, kind: str) -> int:
        return sum(self.lost.get(kind, Counter()).values())

    def add(self, other: Account) -> None:
        """Take in the account of another video."""
        self.found.update(other.found)
        self.carried.update(other.carried)
        for mine, others in ((self.repaired, other.repaired), (self.lost, other.lost)):
            for kind, reasons in others.items():
                mine.setdefault(kind, Counter()).update(reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One video of the file, as a graph."""

    name: str
    """Of the record in its file; a second record of that name is refused."""
    graph: VideoGraph
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One video of the file from which no true graph can be made."""

    name: str
    reason: str
    """`its clips overlap`: without names and numbers that differ by video, so that reasons can be counted."""
    remedy: str = ""


class Reader(Protocol):
    """Reads the files of one format, one video at a time."""

    def __call__(self, path: Path, options: ImportOptions) -> Iterator[Imported | Refused]:
        """Yield every video of `path`, in the file's order.

        Raises:
            FormatError: `path` as a whole is not of this format, or is cut off; what was yielded holds.
            InputError: `path`, or a file that belongs beside it, does not exist.
        """
