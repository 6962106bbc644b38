"""A paired comparison as a table."""

from __future__ import annotations

from collections.abc import Sequence

from videostep.evaluate.statistics.paired import Comparison
from videostep.evaluate.tables import numbers
from videostep.evaluate.tables.table import Table


def table_of_comparisons(title: str, comparisons: Sequence[Comparison]) -> Table:
    """One row a group."""
    return Table(
        title=title,
        columns=(
            "group",
            "first",
            "second",
            "second - first",
            "only first right",
            "only second right",
            "McNemar p",
            "questions",
            "videos",
        ),
        rows=tuple(map(_row, comparisons)),
        notes=(
            "Per cent and percentage points; in brackets 95 % intervals from 1,000 bootstrap draws of whole "
            "videos. McNemar's exact test takes questions for independent: where a video has many, go by the "
            "interval.",
        ),
    )


def _row(comparison: Comparison) -> tuple[str, ...]:
    return (
        comparison.group,
        numbers.percent(comparison.first),
        numbers.percent(comparison.second),
        numbers.difference(comparison.difference),
        str(comparison.only_first),
        str(comparison.only_second),
        f"{comparison.p_mcnemar:.3g}",
        str(comparison.difference.questions),
        str(comparison.difference.videos),
    )
