"""What refining came to: `refined/counts.json` and `refined/refused.jsonl`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_open, atomic_write
from videostep.store.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCounts:
    """How many texts of one part (questions, or rationales) came to what."""

    accepted: int
    unchanged: int
    """The rewriter knew no other words."""
    refused: int

    @property
    def acceptance(self) -> float:
        """Share of the other words that were taken, 0..1; 0 without any."""
        other = self.accepted + self.refused
        return self.accepted / other if other else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """What refining the samples of a run came to."""

    refined_by: str
    parts: dict[str, PartCounts]
    """By `question` and `rationale`."""
    refused: dict[str, int]
    """Check to how many texts failed it first, most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """One line of `refined/refused.jsonl`: other words that were not taken."""

    video: str
    sample: str
    """Id of the sample while it has the template's words."""
    part: str
    check: str
    """The first one that the words failed."""
    reason: str
    template: str
    text: str
    """Of very long words the beginning."""


@contextmanager
def open_refused(run: RunFolder) -> Iterator[Callable[[RefusedRow], None]]:
    """What the block gives to the function is `refined/refused.jsonl` when it ends; raises RunFolderError."""
    with atomic_open(run.refined / "refused.jsonl") as file:

        def refuse(row: RefusedRow) -> None:
            file.write(msgspec.json.encode(to_plain(row)) + b"\n")

        yield refuse


def write_refinement(run: RunFolder, refinement: Refinement) -> None:
    """Write the counts; raises RunFolderError."""
    counts = msgspec.json.format(msgspec.json.encode(to_plain(refinement)))
    atomic_write(run.refined / "counts.json", counts + b"\n")


def read_refinement(run: RunFolder) -> Refinement | None:
    """The counts; None where nothing was refined. Raises FormatError naming the file."""
    path = run.refined / "counts.json"
    if not path.exists():
        return None
    return from_json(path.read_bytes(), Refinement, source=str(path), remedy="refine the run again")
