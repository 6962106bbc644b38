"""What the files of plots are called: no two charts of a report share a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from videostep.evaluate.folder import file_name
from videostep.evaluate.plots.chart import Chart
from videostep.evaluate.plots.curves import steps_chart, tag_charts
from videostep.evaluate.scorecard import ScoreCard


class _Wanted(NamedTuple):
    name: str
    detail: str
    """What tells it from others of that name."""
    chart: Chart


def named_step_charts(cards: Iterable[ScoreCard]) -> Iterator[tuple[str, Chart]]:
    """Accuracy by steps of each card that has any: `steps-star-choice`; of several models with labels."""
    charts = ((card, steps_chart(card)) for card in cards)
    return _distinct(
        [
            _Wanted(f"steps-{card.benchmark}-{file_name(card.protocol)}", card.label, chart)
            for card, chart in charts
            if chart is not None
        ]
    )


def named_tag_charts(cards: Sequence[ScoreCard]) -> Iterator[tuple[str, Chart]]:
    """Accuracy over what was varied: `lambda`; of several protocols with their names."""
    return _distinct([_Wanted(tag, protocol, chart) for tag, protocol, chart in tag_charts(cards)])


def _distinct(wanted: Sequence[_Wanted]) -> Iterator[tuple[str, Chart]]:
    times = Counter(one.name for one in wanted)
    taken = Counter[str]()
    for one in wanted:
        name = one.name if times[one.name] == 1 else f"{one.name}-{file_name(one.detail)}"
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}-{taken[name]}", one.chart
