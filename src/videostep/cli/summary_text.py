"""A run's numbers in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from videostep.cli.refinement_text import refinement_lines
from videostep.cli.spending_text import spending_lines
from videostep.pipeline.progress import one_or_many
from videostep.pipeline.summary import RunSummary
from videostep.reason.controls.table import Controls, GroupControls, Rate
from videostep.records import to_plain
from videostep.store.graph_drops import DropTotals
from videostep.store.names import name_in_utf8
from videostep.store.run_folder import RunFolder
from videostep.viewer.controls_file import read_controls

_SHOWN_REASONS = 5
_ANSWERS = {"binary": "yes/no", "choice": "choices", "open": "open"}


def summary_plain(run: RunFolder, summary: RunSummary) -> dict[str, Any]:
    """The numbers for machines."""
    controls = read_controls(run)
    measured = {"controls": to_plain(controls)} if controls else {}
    return {"run": name_in_utf8(run.root.as_posix()), **to_plain(summary), **measured}


def summary_lines(run: RunFolder, summary: RunSummary) -> Iterator[str]:
    """The numbers for people, and where everything lies."""
    controls = read_controls(run)
    yield f"{summary.videos} {one_or_many('videos', summary.videos)}, {summary.video_s:.1f} s"
    yield f"graphs    {_counts(summary.graph)}  ->  {run.root / 'graphs'}"
    if summary.not_confirmed:
        yield from _not_confirmed_lines(summary.not_confirmed)
    if run.samples_jsonl.exists():
        yield f"samples   {summary.samples}  ->  {run.samples_jsonl}, {run.samples_parquet.name}"
        if summary.stale:
            what = "graphs or settings have changed since, or asking was broken off"
            yield f"  stale: {what}; videostep ask {run.root} makes samples and report anew"
        yield f"  steps      {_counts({f'{steps}:': count for steps, count in summary.steps.items()})}"
        yield f"  structure  {_counts(summary.structures)}"
        yield f"  about      {_counts(summary.semantics)}"
        yield f"  time       {_counts(summary.temporal)}"
        yield f"  twins      {summary.twins} of {summary.long} questions of two steps and more"
        if summary.star:
            yield f"  as STAR's  {_counts(summary.star)}"
    if controls and controls.samples:
        yield from _controls_lines(controls)
    if summary.refinement:
        yield from refinement_lines(run, summary.refinement)
    if summary.dropped:
        yield f"dropped   {sum(summary.dropped.values())}  ->  {run.dropped}"
        for reason, count in list(summary.dropped.items())[:_SHOWN_REASONS]:
            yield f"  {count:>5}  {reason}"
        if len(summary.dropped) > _SHOWN_REASONS:
            yield f"         and {len(summary.dropped) - _SHOWN_REASONS} other reasons"
    if summary.errors:
        yield f"errors    {len(summary.errors)}  ->  {run.errors}"
        for entry in summary.errors[:_SHOWN_REASONS]:
            yield f"  {entry.severity}  {entry.named_reason}"
        if len(summary.errors) > _SHOWN_REASONS:
            yield f"  and {len(summary.errors) - _SHOWN_REASONS} more"
    if summary.spent:
        yield f"asked     a Video-LLM, all sessions together  ->  {run.requests}"
        yield from spending_lines(summary.spent)
    if run.report.exists():
        yield f"report    {run.report}"


def _not_confirmed_lines(totals: DropTotals) -> Iterator[str]:
    """What the parser was told, or took for seen, and dropped."""
    yield f"  dropped    {_counts({kind: count for kind, count in totals.kinds.items() if count})}"
    for reason, count in list(totals.reasons.items())[:_SHOWN_REASONS]:
        yield f"    {count:>5}  {reason}"


def _controls_lines(controls: Controls) -> Iterator[str]:
    """How much could be answered without the videos."""
    words = ", ".join(f"{_ANSWERS[kind.name]} {_share(kind.words)}{_chance(kind)}" for kind in controls.kinds)
    if controls.videos < 2:
        words = "not measurable with one video"
    captions = ", ".join(f"{_ANSWERS[kind.name]} {_share(kind.captions)}" for kind in controls.kinds)
    yield f"  blind      by question only: {words}; by caption only: {captions}"
    floors = ", ".join(f"{_share(floor.floor)} of {floor.steps}-step" for floor in controls.floors)
    yield f"  floor      without inner steps: {floors}"


def _share(rate: Rate | None) -> str:
    return f"{rate.value:.0%}" if rate else "not measurable"


def _chance(kind: GroupControls) -> str:
    return f" (luck {kind.chance:.0%})" if kind.chance is not None else ""


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
