"""The losses of a training as one small SVG picture, written without a plotting library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from videostep.learn.history import Line, held_out_in, steps_in

_WIDTH_PX, _HEIGHT_PX = 720, 360
_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 56, 16, 40, 40
_MOST_POINTS = 400
_COLOURS = {"answers": "#1769aa", "rationales": "#b8580b", "held out": "#2e7d32"}
_TICKS = 4

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """From a step and a loss to a place in the picture."""

    last_step: float
    top_loss: float

    def x_px(self, step: float) -> float:
        return _LEFT_PX + step / self.last_step * (_WIDTH_PX - _LEFT_PX - _RIGHT_PX)

    def y_px(self, loss: float) -> float:
        return _HEIGHT_PX - _BOTTOM_PX - loss / self.top_loss * (_HEIGHT_PX - _TOP_PX - _BOTTOM_PX)


def loss_plot(lines: Sequence[Line], *, title: str) -> str:
    """Loss of answers, rationales and the held-out part over the steps; equal lines give equal text."""
    curves = {name: points for name, points in _curves(lines).items() if points}
    every = [point for points in curves.values() for point in points]
    frame = _Frame(
        last_step=max((step for step, _ in every), default=1.0) or 1.0,
        top_loss=max((loss for _, loss in every), default=1.0) * 1.05 or 1.0,
    )
    return "\n".join([*_head(title), *_axes(frame), *_drawn(curves, frame), "</svg>", ""])


def _curves(lines: Sequence[Line]) -> dict[str, Points]:
    steps = steps_in(lines)
    return {
        "answers": _smooth([(step.step, step.answer) for step in steps if step.answer is not None]),
        "rationales": _smooth([(step.step, step.rationale) for step in steps if step.rationale is not None]),
        "held out": [(look.step, look.loss) for look in held_out_in(lines)],
    }


def _smooth(points: Points) -> Points:
    """Means over equal pieces, so that a long training stays a small picture."""
    size = max(1, -(-len(points) // _MOST_POINTS))
    pieces = [points[start : start + size] for start in range(0, len(points), size)]
    return [(piece[-1][0], sum(loss for _, loss in piece) / len(piece)) for piece in pieces]


def _head(title: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX} {_HEIGHT_PX}" '
        'font-family="sans-serif" font-size="12">'
    )
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{_WIDTH_PX}" height="{_HEIGHT_PX}" fill="white"/>'


def _axes(frame: _Frame) -> Iterator[str]:
    for tick in range(_TICKS + 1):
        loss, step = frame.top_loss * tick / _TICKS, frame.last_step * tick / _TICKS
        y_px, x_px = frame.y_px(loss), frame.x_px(step)
        yield (
            f'<line x1="{_LEFT_PX}" x2="{_WIDTH_PX - _RIGHT_PX}" y1="{y_px:.1f}" y2="{y_px:.1f}" '
            'stroke="#ddd"/>'
        )
        yield f'<text x="{_LEFT_PX - 6}" y="{y_px + 4:.1f}" text-anchor="end">{loss:.3g}</text>'
        yield f'<text x="{x_px:.1f}" y="{_HEIGHT_PX - 22}" text-anchor="middle">{step:.0f}</text>'
    yield f'<text x="{_WIDTH_PX / 2:.0f}" y="{_HEIGHT_PX - 6}" text-anchor="middle">optimizer step</text>'


def _drawn(curves: dict[str, Points], frame: _Frame) -> Iterator[str]:
    for number, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[name]
        places = " ".join(f"{frame.x_px(step):.1f},{frame.y_px(loss):.1f}" for step, loss in points)
        yield f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        if len(points) == 1 or name == "held out":
            for step, loss in points:
                place = f'cx="{frame.x_px(step):.1f}" cy="{frame.y_px(loss):.1f}"'
                yield f'<circle {place} r="3" fill="{colour}"/>'
        x_px = _LEFT_PX + 130 * number
        yield f'<rect x="{x_px}" y="14" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x_px + 18}" y="24">{name}</text>'
