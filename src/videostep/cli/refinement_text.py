"""What became of a rewriter's words, in words."""

from __future__ import annotations

from collections.abc import Iterator

from videostep.pipeline.progress import one_or_many
from videostep.store.refinement import PartCounts, Refinement
from videostep.store.run_folder import RunFolder

_SHOWN_CHECKS = 5


def refinement_lines(run: RunFolder, refinement: Refinement) -> Iterator[str]:
    """The acceptance rates, and why texts were refused."""
    told = "; ".join(_told(f"{part}s", counts) for part, counts in refinement.parts.items())
    yield f"refined   by {refinement.refined_by}: {told}"
    if refinement.refused:
        shown = list(refinement.refused.items())[:_SHOWN_CHECKS]
        more = len(refinement.refused) - len(shown)
        checks = ", ".join(f"{check} {count}" for check, count in shown) + (
            f" and {more} more" if more else ""
        )
        number = sum(refinement.refused.values())
        texts = f"{number} {one_or_many('texts', number)}"
        yield f"  refused    {texts}: {checks}  ->  {run.refined / 'refused.jsonl'}"


def _told(part: str, counts: PartCounts) -> str:
    other = counts.accepted + counts.refused
    if not other:
        return f"no other words for {part}"
    return f"{counts.accepted} of {other} {part} accepted ({counts.acceptance:.0%})"
