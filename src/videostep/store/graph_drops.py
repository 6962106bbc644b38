"""What was said of a video and not confirmed: a file a video, one element a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec

from videostep.records import from_json, to_plain
from videostep.store.atomic import atomic_write
from videostep.store.run_folder import RunFolder

ElementKind = Literal["object", "attribute", "relation", "motion", "event"]
_REMEDY = "delete it and the graph of that name, and run again to make both anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDrop:
    """One line of `unconfirmed/VIDEO_ID.jsonl`: an element of one clip that the graph does not hold."""

    clip: str
    keyframes: tuple[str, ...]
    """Of which it was said; empty for events, which are said of the whole clip."""
    kind: ElementKind
    words: str
    """`bicycle`, `car: colour white`, `person next to car`, `person: walks`, or the event's sentence."""
    reason: str
    """The rule that it failed, in words that do not change from element to element."""
    confidence: float
    """0..1, as the confidence that a kept element has: with a Video-LLM, the share of its replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTotals:
    """What graphs do not hold, counted."""

    kinds: dict[str, int]
    """Element kind, in the plural as graphs name it, to how many."""
    reasons: dict[str, int]
    """`objects: not seen when asked for` to how many, the most frequent first."""


def write_graph_drops(run: RunFolder, video_id: str, drops: Sequence[GraphDrop]) -> None:
    """Write what a parser dropped of a video; an empty file says that it dropped nothing."""
    lines = (msgspec.json.encode(to_plain(drop)) + b"\n" for drop in drops)
    atomic_write(run.graph_drops(video_id), b"".join(lines))


def read_graph_drops(path: Path) -> Iterator[GraphDrop]:
    """What was dropped of a video; raises FormatError naming the file and the line."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            yield from_json(line, GraphDrop, source=f"{path}, line {number}", remedy=_REMEDY)


def count_graph_drops(run: RunFolder) -> DropTotals | None:
    """What was dropped of all videos of a run; None if no account was kept of any."""
    kinds, reasons = Counter[str](), Counter[str]()
    files = run.graph_drop_files()
    for drop in (drop for path in files for drop in read_graph_drops(path)):
        kinds[drop.kind] += 1
        reasons[f"{drop.kind}s: {drop.reason}"] += 1
    if not files:
        return None
    return DropTotals(
        kinds={f"{kind}s": kinds[kind] for kind in get_args(ElementKind)},
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )
