"""Dropped questions, gathered by reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from videostep.records import from_json
from videostep.store.entries import DroppedRow, kind_of_reason
from videostep.store.order import natural_key
from videostep.store.run_folder import RunFolder


def read_drops(run: RunFolder) -> Iterator[DroppedRow]:
    """All dropped questions of a run; raises FormatError naming the file and the line."""
    for path in sorted(run.dropped.glob("*.jsonl"), key=lambda path: natural_key(path.name)):
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                yield from_json(line, DroppedRow, source=f"{path}, line {number}")


def group_drops(drops: Iterable[DroppedRow], n_examples: int) -> list[dict[str, Any]]:
    """One entry for each kind of reason, the most frequent first, ties by name.

    Counts are complete; of the questions only the first `n_examples` different ones are kept.
    """
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for drop in drops:
        kind = kind_of_reason(drop.reason)
        fresh = {"reason": kind, "stage": drop.stage, "count": 0, "examples": []}
        group = groups.setdefault((kind, drop.stage), fresh)
        group["count"] += 1
        example = {"question": drop.question, "reason": drop.reason if drop.reason != kind else ""}
        if len(group["examples"]) < n_examples and example not in group["examples"]:
            group["examples"].append(example)
    return sorted(groups.values(), key=lambda group: (-group["count"], group["reason"], group["stage"]))
