"""A chart of curves over named places, and the shapes that it is drawn with."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

WIDTH_PX: Final = 640
HEIGHT_PX: Final = 400
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#8a8a8a")
"""Okabe and Ito's, told apart by colour-blind readers, too."""
_INK, _GRID, _PAPER = "#222222", "#dddddd", "#ffffff"
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 44, 56
_LEGEND_ROW_PX: Final = 18
_TITLE_ROW_PX: Final = 18
_TITLE_CHARACTERS: Final = 72
"""Of a line of the title: as many as the picture is wide."""
_TICKS: Final = 5


class Point(NamedTuple):
    """A value at a named place of the x axis, with its interval if it has one."""

    x: str
    y: float
    low: float | None = None
    high: float | None = None


class Curve(NamedTuple):
    """Points that belong together."""

    name: str
    points: tuple[Point, ...]
    dashed: bool = False
    """Somebody else's numbers, such as the paper's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is to be seen."""

    title: str
    x_label: str
    y_label: str
    x: tuple[str, ...]
    """Places in their order."""
    curves: tuple[Curve, ...]


class Line(NamedTuple):
    """From one point of the picture to another, pixels from its upper left corner."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 1.0
    dashed: bool = False


class Dot(NamedTuple):
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str


class Label(NamedTuple):
    """Text; `anchor` says which part of it lies at x: start, middle or end. Turned ones read upwards."""

    x: float
    y: float
    text: str
    size: int = 12
    anchor: str = "start"
    colour: str = _INK
    turned: bool = False


Shape = Line | Dot | Label


class _Plane(NamedTuple):
    """Where places and values lie in the picture."""

    places: tuple[str, ...]
    low: float
    high: float
    top_px: float
    bottom_px: float

    def x(self, place: str, shift_px: float = 0.0) -> float:
        step = (WIDTH_PX - _LEFT - _RIGHT) / len(self.places)
        return _LEFT + step * (self.places.index(place) + 0.5) + shift_px

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.bottom_px - share * (self.bottom_px - self.top_px)


def lay_out(chart: Chart) -> tuple[int, tuple[Shape, ...]]:
    """The height of the picture in pixels and its shapes, from back to front."""
    low, high, step = _scale(chart.curves)
    title = textwrap.wrap(chart.title, _TITLE_CHARACTERS, break_on_hyphens=False)
    top_px = _TOP + _TITLE_ROW_PX * max(0, len(title) - 1)
    plane = _Plane(chart.x, low, high, top_px, HEIGHT_PX - _BOTTOM)
    height_px = HEIGHT_PX + _LEGEND_ROW_PX * len(chart.curves)
    return height_px, (
        *_title(title),
        *_frame(chart, plane, step),
        *(shape for number in range(len(chart.curves)) for shape in _curve(chart.curves, number, plane)),
        *_legend(chart.curves),
    )


def _scale(curves: Sequence[Curve]) -> tuple[float, float, float]:
    """Lowest and highest value of the axis, and how far its marks are apart: round numbers."""
    values = [
        value
        for curve in curves
        for point in curve.points
        for value in (point.y, point.low, point.high)
        if value is not None
    ]
    low, high = min(values), max(values)
    spread = max(high - low, 1e-9, abs(high) * 0.02)
    power = 10 ** math.floor(math.log10(spread / _TICKS))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * _TICKS >= spread)
    first = math.floor(low / step)
    return step * first, step * max(math.ceil(high / step), first + 1), step


def _title(lines: Sequence[str]) -> Iterator[Shape]:
    """Who scored whom belongs to the picture: a long name goes on in the next line."""
    for number, line in enumerate(lines):
        yield Label(WIDTH_PX / 2, 22 + _TITLE_ROW_PX * number, line, size=15, anchor="middle")


def _frame(chart: Chart, plane: _Plane, step: float) -> Iterator[Shape]:
    for number in range(round((plane.high - plane.low) / step) + 1):
        value = plane.low + number * step
        yield Line(_LEFT, plane.y(value), WIDTH_PX - _RIGHT, plane.y(value), _GRID)
        yield Label(_LEFT - 8, plane.y(value) + 4, f"{value:.4g}", anchor="end")
    yield Line(_LEFT, plane.bottom_px, WIDTH_PX - _RIGHT, plane.bottom_px, _INK)
    for place in plane.places:
        yield Label(plane.x(place), plane.bottom_px + 18, place, anchor="middle")
    yield Label((WIDTH_PX + _LEFT - _RIGHT) / 2, plane.bottom_px + 40, chart.x_label, anchor="middle")
    yield Label(16, (plane.bottom_px + plane.top_px) / 2, chart.y_label, anchor="middle", turned=True)


def _curve(curves: Sequence[Curve], number: int, plane: _Plane) -> Iterator[Shape]:
    curve, colour = curves[number], COLOURS[number % len(COLOURS)]
    # Side by side, so that intervals at one place do not hide each other.
    shift_px = 7 * (number - (len(curves) - 1) / 2)
    spots = [(plane.x(point.x, shift_px), plane.y(point.y), point) for point in curve.points]
    for (x1, y1, _), (x2, y2, _) in pairwise(spots):
        yield Line(x1, y1, x2, y2, colour, 2.0, curve.dashed)
    for x, y, point in spots:
        if point.low is not None and point.high is not None:
            yield Line(x, plane.y(point.low), x, plane.y(point.high), colour, 1.5)
        yield Dot(x, y, 3.5, colour)


def _legend(curves: Sequence[Curve]) -> Iterator[Shape]:
    for number, curve in enumerate(curves):
        y = HEIGHT_PX + _LEGEND_ROW_PX * number
        colour = COLOURS[number % len(COLOURS)]
        yield Line(_LEFT, y, _LEFT + 28, y, colour, 2.0, curve.dashed)
        yield Dot(_LEFT + 14, y, 3.5, colour)
        yield Label(_LEFT + 36, y + 4, curve.name)
