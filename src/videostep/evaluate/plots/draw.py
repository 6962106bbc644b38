"""Shapes as SVG text and as a PNG."""

from __future__ import annotations

import io
import math
from html import escape

from PIL import Image, ImageDraw, ImageFont

from videostep.evaluate.plots.chart import WIDTH_PX, Chart, Dot, Label, Line, Shape, lay_out

_DASH_PX = (6, 4)
_SCALE = 2
"""Pixels of the PNG to one of the layout: sharp on today's screens."""


def svg_of(chart: Chart) -> bytes:
    """A chart as a stand-alone SVG."""
    height_px, shapes = lay_out(chart)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX}" height="{height_px}" '
        f'viewBox="0 0 {WIDTH_PX} {height_px}" font-family="Helvetica, Arial, sans-serif">',
        f'<rect width="{WIDTH_PX}" height="{height_px}" fill="#ffffff"/>',
        *map(_element, shapes),
        "</svg>",
    ]
    return "\n".join(lines).encode() + b"\n"


def _element(shape: Shape) -> str:
    match shape:
        case Line(x1, y1, x2, y2, colour, width, dashed):
            dash = f' stroke-dasharray="{_DASH_PX[0]} {_DASH_PX[1]}"' if dashed else ""
            ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"{dash}/>'
        case Dot(x, y, radius, colour):
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>'
        case Label(x, y, text, size, anchor, colour, turned):
            turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
            place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
            return f'<text {place} fill="{colour}"{turn}>{escape(text)}</text>'


def png_of(chart: Chart) -> bytes:
    """A chart as a PNG; equal charts give equal bytes."""
    height_px, shapes = lay_out(chart)
    picture = Image.new("RGB", (WIDTH_PX * _SCALE, height_px * _SCALE), "#ffffff")
    pen = ImageDraw.Draw(picture)
    for shape in shapes:
        match shape:
            case Line():
                _draw_line(pen, shape)
            case Dot(x, y, radius, colour):
                pen.circle((x * _SCALE, y * _SCALE), radius * _SCALE, fill=colour)
            case Label():
                _draw_label(picture, pen, shape)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _draw_line(pen: ImageDraw.ImageDraw, line: Line) -> None:
    width = max(1, round(line.width * _SCALE))
    length = math.dist((line.x1, line.y1), (line.x2, line.y2))
    if not line.dashed or not length:
        pen.line(
            [(line.x1 * _SCALE, line.y1 * _SCALE), (line.x2 * _SCALE, line.y2 * _SCALE)], line.colour, width
        )
        return
    for number in range(math.ceil(length / sum(_DASH_PX))):
        begin = number * sum(_DASH_PX) / length
        end = min(1.0, begin + _DASH_PX[0] / length)
        ends = [
            ((line.x1 + (line.x2 - line.x1) * at) * _SCALE, (line.y1 + (line.y2 - line.y1) * at) * _SCALE)
            for at in (begin, end)
        ]
        pen.line(ends, line.colour, width)


def _draw_label(picture: Image.Image, pen: ImageDraw.ImageDraw, label: Label) -> None:
    font = ImageFont.load_default(label.size * _SCALE)
    width = pen.textlength(label.text, font=font)
    before = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    x, y = label.x * _SCALE, label.y * _SCALE
    if not label.turned:
        pen.text((x - before, y), label.text, fill=label.colour, font=font, anchor="ls")
        return
    # Pillow writes level only: write beside and turn.
    ascent, descent = font.getmetrics() if isinstance(font, ImageFont.FreeTypeFont) else (0, 0)
    strip = Image.new("RGB", (math.ceil(width), ascent + descent), "#ffffff")
    ImageDraw.Draw(strip).text((0, ascent), label.text, fill=label.colour, font=font, anchor="ls")
    turned = strip.transpose(Image.Transpose.ROTATE_90)
    picture.paste(turned, (round(x - ascent), round(y - turned.height + before)))
