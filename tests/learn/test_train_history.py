import xml.etree.ElementTree as ET

import pytest

from videostep.errors import FormatError
from videostep.learn.history import HeldOutLosses, History, StepLosses, mean_of_last, steps_in
from videostep.learn.loss_plot import loss_plot


def step(number, answer=1.0, rationale=2.0):
    return StepLosses(
        step=number,
        loss=answer + (rationale or 0.0),
        answer=answer,
        rationale=rationale,
        grad_norm=0.5,
        learning_rate=1e-4,
        tokens=100,
        row_tokens=300,
    )


def look(number, loss):
    return HeldOutLosses(
        step=number, loss=loss, answer=loss, rationale=None, exact=0.5, exact_by_steps={"1": 0.5}
    )


LINES = (step(1), step(2, rationale=None), look(2, 1.5), step(3))


def test_lines_come_back_as_they_were_written(tmp_path):
    history = History(tmp_path / "new" / "losses.jsonl")
    assert history.read() == ()
    for line in LINES:
        history.add(line)
    assert history.read() == LINES


def test_what_came_after_the_checkpoint_and_half_a_line_are_forgotten(tmp_path):
    history = History(tmp_path / "losses.jsonl")
    for line in LINES:
        history.add(line)
    with (tmp_path / "losses.jsonl").open("ab") as file:
        file.write(b'{"step":4,"lo')
    assert history.read() == LINES
    history.cut(2)
    assert history.read() == LINES[:3]


def test_a_damaged_line_is_named(tmp_path):
    (tmp_path / "losses.jsonl").write_text('{"step":"one"}\n')
    with pytest.raises(FormatError, match=r"losses\.jsonl, line 1"):
        History(tmp_path / "losses.jsonl").read()


def test_the_mean_of_the_last_steps_leaves_out_steps_without_the_task():
    assert mean_of_last(steps_in(LINES), "rationale") == 2.0
    assert mean_of_last([step(number, answer=float(number)) for number in range(20)], "answer", 2) == 18.5
    assert mean_of_last([], "answer") is None


def test_the_picture_is_svg_with_a_curve_for_each_loss():
    root = ET.fromstring(loss_plot(LINES, title="a < b"))
    name = "{http://www.w3.org/2000/svg}"
    curves = root.findall(f"{name}polyline")
    words = [text.text for text in root.findall(f"{name}text")]
    assert len(curves) == 3
    assert {"answers", "rationales", "held out", "optimizer step"} <= set(words)
    assert root.find(f"{name}title").text == "a < b"


def test_smaller_losses_are_drawn_lower_and_long_trainings_stay_small():
    falling = [step(number, answer=10.0 / number, rationale=None) for number in range(1, 2001)]
    picture = loss_plot(falling, title="long")
    points = ET.fromstring(picture).find("{http://www.w3.org/2000/svg}polyline").get("points").split()
    heights = [float(point.split(",")[1]) for point in points]
    assert len(points) <= 400
    assert heights == sorted(heights)
    assert heights[0] < heights[-1]


def test_a_training_without_steps_has_an_empty_picture():
    assert "polyline" not in loss_plot([], title="none")
