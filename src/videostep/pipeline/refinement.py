"""What refining came to, and its files in the run folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from videostep.reason.refine import PARTS, Rewrite
from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write
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
    """What refining the samples of a run came to: `refined/counts.json`."""

    refined_by: str
    parts: dict[str, PartCounts]
    """By `question` and `rationale`."""
    refused: dict[str, int]
    """Check to how many texts failed it first, most frequent first."""


def count_rewrites(refined_by: str, rewrites: Iterable[Rewrite]) -> Refinement:
    """Count what became of a rewriter's texts."""
    fates: Counter[tuple[str, str]] = Counter()
    checks: Counter[str] = Counter()
    for rewrite in rewrites:
        fates[rewrite.part, rewrite.fate] += 1
        checks.update([rewrite.check] if rewrite.check else [])
    return Refinement(
        refined_by=refined_by,
        parts={
            part: PartCounts(
                accepted=fates[part, "accepted"],
                unchanged=fates[part, "unchanged"],
                refused=fates[part, "refused"],
            )
            for part in PARTS
        },
        refused=dict(sorted(checks.items(), key=lambda item: (-item[1], item[0]))),
    )


def write_refinement(run: RunFolder, refinement: Refinement, rewrites: Sequence[Rewrite]) -> None:
    """Write the counts, and every refused text with its reason."""
    refused = [rewrite for rewrite in rewrites if rewrite.fate == "refused"]
    lines = b"".join(msgspec.json.encode(to_plain(rewrite)) + b"\n" for rewrite in refused)
    atomic_write(run.refined / "refused.jsonl", lines)
    counts = msgspec.json.format(msgspec.json.encode(to_plain(refinement)))
    atomic_write(run.refined / "counts.json", counts + b"\n")


def read_refinement(run: RunFolder) -> Refinement | None:
    """The counts; None where nothing was refined. Raises FormatError naming the file."""
    path = run.refined / "counts.json"
    if not path.exists():
        return None
    return from_json(path.read_bytes(), Refinement, source=str(path), remedy="refine the run again")
