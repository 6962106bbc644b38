"""A paired comparison as a table."""

from __future__ import annotations

from collections.abc import Sequence

from videostep.evaluate.metrics.scale import Scale, scale_of
from videostep.evaluate.scorecard import headline_of
from videostep.evaluate.statistics.paired import Comparison
from videostep.evaluate.tables import numbers
from videostep.evaluate.tables.of_card import named_group
from videostep.evaluate.tables.table import Table


def table_of_comparisons(title: str, comparisons: Sequence[Comparison], protocol: str) -> Table:
    """One row a group.

    Args:
        title: Whom it compares.
        comparisons: By group.
        protocol: By which both are scored.
    """
    if headline_of(protocol) == "points":
        return _table_of_points(title, comparisons, scale_of(protocol))
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


def _table_of_points(title: str, comparisons: Sequence[Comparison], scale: Scale) -> Table:
    return Table(
        title=title,
        columns=(
            "group",
            "first",
            "second",
            "second - first",
            "first better on",
            "second better on",
            "sign test p",
            "questions",
            "videos",
        ),
        rows=tuple(_row_of_points(comparison, scale.factor) for comparison in comparisons),
        notes=(
            f"{scale.name}; in brackets 95 % intervals from 1,000 bootstrap draws of whole videos. The sign "
            "test takes questions for independent: where a video has many, go by the interval.",
        ),
    )


def _row_of_points(comparison: Comparison, factor: int) -> tuple[str, ...]:
    return (
        named_group(comparison.group),
        numbers.points(comparison.first, factor=factor),
        numbers.points(comparison.second, factor=factor),
        numbers.difference(comparison.difference, factor=factor, digits=2),
        *_row(comparison)[4:],
    )


def _row(comparison: Comparison) -> tuple[str, ...]:
    return (
        named_group(comparison.group),
        numbers.percent(comparison.first),
        numbers.percent(comparison.second),
        numbers.difference(comparison.difference),
        str(comparison.only_first),
        str(comparison.only_second),
        f"{comparison.p_mcnemar:.3g}",
        str(comparison.difference.questions),
        str(comparison.difference.videos),
    )
