"""Which curves are drawn of score cards: by steps, and over what was varied, with the paper's beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from videostep.evaluate.controls import FLOOR, MAJORITY
from videostep.evaluate.gradebook import Series
from videostep.evaluate.plots.chart import Chart, Curve, Point
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.statistics.sums import Estimate
from videostep.evaluate.tables.paper import PaperFigure, read_paper

STEPS: Final = ("1", "2", "3+")
AXES: Final = {"lambda": "lambda", "mix": "share of 1 / 2 / 3 steps, %", "round": "round of self-training"}
"""Tags that plots are drawn over."""
_PAPER_BENCHMARKS: Final = {"agqa2": "AGQA", "star": "STAR"}
_ACCURACY: Final = "accuracy, %"


def steps_chart(card: ScoreCard) -> Chart | None:
    """Accuracy by reasoning steps, every decoding, control and rule; None without steps."""
    rows = [row for row in card.series if row.measure == "accuracy" == card.headline]
    curves = [Curve(row.condition, points, _is_rule(row)) for row in rows if (points := _step_points(row))]
    if not curves:
        return None
    places = tuple(
        step for step in STEPS if any(step == point.x for curve in curves for point in curve.points)
    )
    return Chart(
        title=f"{card.label} on {card.benchmark}, scored by {card.protocol}",
        x_label="reasoning steps",
        y_label=_ACCURACY,
        x=places,
        curves=tuple(curves),
    )


def tag_charts(cards: Iterable[ScoreCard]) -> Iterator[tuple[str, str, Chart]]:
    """Tag, protocol and a chart of accuracy over the tag, for each two with two values or more."""
    every = tuple(card for card in cards if card.headline == "accuracy")
    for tag, axis in AXES.items():
        tagged = [card for card in every if tag in card.tags]
        for protocol in sorted({card.protocol for card in tagged}):
            of_protocol = [card for card in tagged if card.protocol == protocol]
            if len({card.tags[tag] for card in of_protocol}) > 1:
                yield tag, protocol, _tag_chart(tag, axis, protocol, of_protocol)


def _tag_chart(tag: str, axis: str, protocol: str, cards: Sequence[ScoreCard]) -> Chart:
    # The paper's curves are scored by a judge: beside anything else they would mislead.
    figure = _figure(tag) if protocol.startswith("judge") else None
    ours = [_curve(tag, benchmark, cards) for benchmark in sorted({card.benchmark for card in cards})]
    theirs = _curves_of_paper(figure, {card.benchmark for card in cards}) if figure else []
    own = dict.fromkeys(card.tags[tag] for card in sorted(cards, key=lambda card: _place(card.tags[tag])))
    places = dict.fromkeys((*(figure.x if figure else ()), *own))
    ordered = sorted(places, key=_place) if tag != "mix" else places
    return Chart(
        title=f"Accuracy over {tag}, scored by {protocol}",
        x_label=axis,
        y_label=_ACCURACY,
        x=tuple(ordered),
        curves=(*theirs, *ours),
    )


def _curve(tag: str, benchmark: str, cards: Sequence[ScoreCard]) -> Curve:
    of_benchmark = sorted(
        (card for card in cards if card.benchmark == benchmark), key=lambda card: _place(card.tags[tag])
    )
    points = tuple(
        _point(card.tags[tag], row.groups["all"])
        for card in of_benchmark
        if (row := card.find("answer")) is not None
    )
    return Curve(f"{_PAPER_BENCHMARKS.get(benchmark, benchmark)} (ours)", points)


def _curves_of_paper(figure: PaperFigure, benchmarks: set[str]) -> list[Curve]:
    wanted = {_PAPER_BENCHMARKS.get(benchmark) for benchmark in benchmarks}
    return [
        Curve(f"{name} (the paper's)", tuple(map(Point, figure.x, values)), True)
        for name, values in figure.series.items()
        if name in wanted
    ]


def _figure(name: str) -> PaperFigure | None:
    return next((figure for figure in read_paper().figures if figure.name == name), None)


def _place(value: str) -> tuple[float, str]:
    """Numbers in their order, everything else behind them by name."""
    try:
        return float(value), value
    except ValueError:
        return float("inf"), value


def _step_points(row: Series) -> tuple[Point, ...]:
    return tuple(_point(step, row.groups[f"steps/{step}"]) for step in STEPS if f"steps/{step}" in row.groups)


def _point(place: str, estimate: Estimate) -> Point:
    low, high = (None if end is None else 100 * end for end in (estimate.low, estimate.high))
    return Point(place, 100 * estimate.value, low, high)


def _is_rule(row: Series) -> bool:
    return row.condition in (MAJORITY, FLOOR)
