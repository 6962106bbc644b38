import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from videostep.evaluate.plots.chart import Chart, Curve, Point, lay_out
from videostep.evaluate.plots.draw import png_of, svg_of

CHART = Chart(
    title="Accuracy <by> steps",
    x_label="steps",
    y_label="accuracy, %",
    x=("1", "2", "3+"),
    curves=(
        Curve("ours & others", (Point("1", 50, 45, 55), Point("3+", 30, 20, 40))),
        Curve("paper", (Point("1", 48), Point("2", 40), Point("3+", 33)), dashed=True),
    ),
)


def test_the_svg_is_xml_and_shows_every_word():
    words = "".join(ElementTree.fromstring(svg_of(CHART)).itertext())
    for text in ("Accuracy <by> steps", "steps", "accuracy, %", "3+", "ours & others", "paper"):
        assert text in words


def test_the_png_can_be_opened_and_is_the_same_each_time():
    with Image.open(io.BytesIO(png_of(CHART))) as picture:
        assert picture.size == (1280, 872)
        assert len(set(picture.convert("RGB").get_flattened_data())) > 10
    assert png_of(CHART) == png_of(CHART)


def test_higher_values_lie_higher_and_all_inside():
    height_px, shapes = lay_out(CHART)
    dots = [shape for shape in shapes if type(shape).__name__ == "Dot"][:5]
    assert dots[0].y < dots[1].y
    assert all(44 <= dot.y < height_px and 64 <= dot.x <= 616 for dot in dots)


@pytest.mark.parametrize("value", [0.0, 100.0, 39.2])
def test_a_single_value_has_an_axis(value):
    chart = Chart(title="", x_label="", y_label="", x=("a",), curves=(Curve("c", (Point("a", value),)),))
    assert svg_of(chart)


def test_the_axis_of_shares_ends_at_a_hundred():
    curve = Curve("c", (Point("a", 0.0), Point("b", 100.0)))
    chart = Chart(title="", x_label="", y_label="", x=("a", "b"), curves=(curve,))
    words = "".join(ElementTree.fromstring(svg_of(chart)).itertext())
    assert "100" in words
    assert "120" not in words


def test_a_long_title_goes_on_in_the_next_line():
    judged = "mine on star, scored by judge openai:gpt-4o-mini, video-chatgpt-reworded/1, prompt c84a1b4c"
    _, shapes = lay_out(replace(CHART, title=judged))
    lines = [shape for shape in shapes if getattr(shape, "size", 0) == 15]
    assert " ".join(line.text for line in lines) == judged
    assert all(len(line.text) <= 72 for line in lines)
    assert min(shape.y for shape in shapes if type(shape).__name__ == "Dot") > lines[-1].y
