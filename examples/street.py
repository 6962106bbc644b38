"""From a scene graph of your own to verified samples and a report, in Python.

Takes the street of the test kit (a graph written by hand; its pictures are drawn here), asks questions about
it, proves every one and writes the page.

    python examples/street.py runs/street
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from videostep.graph import Box, ObjectNode, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.store.graph_file import graph_sha256, write_graph
from videostep.store.run_folder import RunFolder
from videostep.store.samples_file import write_samples
from videostep.testing.graphs import street_graph
from videostep.viewer.report import write_report

PAINT = {
    "black": "#2b2b30", "blue": "#3c69b0", "brown": "#7d5a3c", "green": "#4d8052", "grey": "#8a8d92",
    "red": "#c0453b", "silver": "#b6bcc2", "white": "#eef0f2", "yellow": "#dcb43c",
}  # fmt: skip
SKIN = "#d9a883"
SCALE = 2
"""Drawn twice as large and shrunk, for smooth edges."""
BACK_TO_FRONT = ("bus", "car", "bench", "bicycle", "dog", "person", "backpack")


def main(out: Path) -> None:
    graph = street_graph()
    run = RunFolder(out)
    data = write_graph(graph, run.graph(graph.video.id))
    draw_keyframes(graph, run.root)
    result = ask_graph(graph, graph_sha256=graph_sha256(data), config=AskConfig(), seed=0)
    write_samples(result.samples, jsonl=run.samples_jsonl, parquet=run.samples_parquet)
    run.config.write_text("seed = 0\n")
    best = max(result.samples, key=lambda sample: (sample.n_steps, sample.confidence))
    print(f"{len(result.samples)} samples, {len(result.dropped)} dropped; one of them:\n")
    print(f"  {best.question}\n  {best.rationale}\n")
    print(f"Look at it: {write_report(run.root)}")


def draw_keyframes(graph: VideoGraph, root: Path) -> None:
    """One picture for every keyframe, from boxes and colours alone."""
    width_px, height_px = graph.video.width_px, graph.video.height_px
    for keyframe in (keyframe for clip in graph.clips for keyframe in clip.keyframes):
        picture = Image.new("RGB", (width_px * SCALE, height_px * SCALE), "#cfd9de")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, height_px * SCALE * 0.62, width_px * SCALE, height_px * SCALE), fill="#a9aca9")
        for node in sorted(graph.objects, key=lambda node: BACK_TO_FRONT.index(node.label)):
            for box in (box.xyxy for box in node.boxes if box.keyframe == keyframe.id):
                draw_thing(draw, node, scaled(box, *picture.size), colours_of(graph, node))
        path = root / keyframe.image
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.resize((width_px, height_px), Image.Resampling.LANCZOS).save(path, quality=92)


def colours_of(graph: VideoGraph, node: ObjectNode) -> dict[str, str]:
    found = {a.name: PAINT.get(a.value, "#9aa0a6") for a in graph.attributes if a.object == node.id}
    return {"colour": "#9aa0a6", "top colour": "#7a828a", "trouser colour": "#4b4f55", **found}


def scaled(box: Box, width: int, height: int) -> tuple[float, float, float, float]:
    return box.x1 * width, box.y1 * height, box.x2 * width, box.y2 * height


def draw_thing(
    draw: ImageDraw.ImageDraw,
    node: ObjectNode,
    box: tuple[float, float, float, float],
    colours: dict[str, str],
) -> None:
    if node.label == "person":
        draw_person(draw, box, colours)
    elif node.label == "bicycle":
        draw_bicycle(draw, box, colours["colour"])
    elif node.label in ("bus", "car"):
        draw_vehicle(draw, box, colours["colour"], is_bus=node.label == "bus")
    else:
        draw.rounded_rectangle(box, radius=(box[3] - box[1]) / 4, fill=colours["colour"])


def draw_person(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colours: dict[str, str]
) -> None:
    x1, y1, x2, y2 = box
    wide, high, middle = x2 - x1, y2 - y1, (x1 + x2) / 2
    head = min(wide * 0.24, high * 0.085)
    draw.ellipse((middle - head, y1, middle + head, y1 + 2 * head), fill=SKIN)
    shoulders, hips = y1 + 2.1 * head, y1 + high * 0.55
    for side in (-1, 1):
        leg = (middle + side * wide * 0.06, hips, middle + side * wide * 0.2, y2)
        draw.rectangle(
            (min(leg[0], leg[2]), leg[1], max(leg[0], leg[2]), leg[3]), fill=colours["trouser colour"]
        )
    body = (middle - wide * 0.28, shoulders, middle + wide * 0.28, hips + high * 0.04)
    draw.rounded_rectangle(body, radius=wide * 0.12, fill=colours["top colour"])


def draw_bicycle(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    x1, y1, x2, y2 = box
    wheel = min((x2 - x1) * 0.26, (y2 - y1) * 0.35)
    hubs = [(x1 + wheel, y2 - wheel), (x2 - wheel, y2 - wheel)]
    for x, y in hubs:
        draw.ellipse((x - wheel, y - wheel, x + wheel, y + wheel), outline="#33363a", width=5)
    seat, bar = (x1 + wheel * 1.4, y1 + wheel * 0.6), (x2 - wheel * 1.2, y1 + wheel * 0.4)
    for line in ((hubs[0], seat), (seat, bar), (bar, hubs[1]), (hubs[0], bar)):
        draw.line(line, fill=colour, width=8)


def draw_vehicle(
    draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str, *, is_bus: bool
) -> None:
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    wheel = high * (0.09 if is_bus else 0.18)
    roof = y1 if is_bus else y1 + high * 0.38
    draw.rounded_rectangle((x1, roof, x2, y2 - wheel), radius=high * 0.07, fill=colour)
    if not is_bus:
        cabin = (x1 + wide * 0.2, y1, x2 - wide * 0.22, roof + high * 0.1)
        draw.rounded_rectangle(cabin, radius=high * 0.15, fill=colour)
    panes, left, right = (5, 0.05, 0.95) if is_bus else (2, 0.27, 0.73)
    step = (right - left) * wide / panes
    for i in range(panes):
        pane = x1 + wide * left + i * step
        draw.rectangle((pane, y1 + high * 0.12, pane + step * 0.82, y1 + high * 0.36), fill="#5d6c78")
    for x in (x1 + wide * 0.2, x2 - wide * 0.2):
        draw.ellipse((x - wheel, y2 - 2 * wheel, x + wheel, y2), fill="#2b2b30")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "runs/street"))
