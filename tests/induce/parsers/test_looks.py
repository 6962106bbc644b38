from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.graph import Box
from videostep.induce.boxes import area, overlap
from videostep.induce.parsers.embedded.appearance import SIZE, appearance_of, likeness
from videostep.induce.parsers.embedded.detect import Detection, one_per_thing
from videostep.induce.parsers.embedded.observe import covers
from videostep.induce.parsers.embedded.second_look import look_window

fractions = st.floats(0, 1).map(lambda value: round(value, 3))
boxes = st.tuples(fractions, fractions, fractions, fractions).map(
    lambda v: Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]) + 0.001, max(v[1], v[3]) + 0.001)
)


def seen(label: str, score: float, box: Box) -> Detection:
    return Detection(label=label, score=score, box=box)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(boxes, boxes)
def test_iou_is_symmetric_and_a_share(first, second):
    assert overlap(first, second) == overlap(second, first)
    assert 0 <= overlap(first, second) <= 1
    assert overlap(first, first) == pytest.approx(1)


def test_a_car_that_is_also_a_truck_is_one_thing():
    box, near = Box(0.1, 0.1, 0.5, 0.5), Box(0.11, 0.1, 0.5, 0.5)
    kept = one_per_thing([seen("truck", 0.5, near), seen("car", 0.7, box), seen("person", 0.4, box)])
    assert [one.label for one in kept] == ["car", "person"]


def test_two_cars_side_by_side_stay_two():
    kept = one_per_thing(
        [seen("truck", 0.5, Box(0.3, 0.1, 0.7, 0.5)), seen("car", 0.7, Box(0, 0.1, 0.4, 0.5))]
    )
    assert len(kept) == 2


@settings(deadline=None, max_examples=100, derandomize=True)
@given(boxes, st.floats(0.5, 2.5))
def test_the_look_window_stays_in_the_picture_and_holds_the_box(box, aspect):
    inside = Box(box.x1, box.y1, min(box.x2, 1), min(box.y2, 1))
    window = look_window(inside, margin=1.0, aspect=aspect)
    assert window.x1 >= 0
    assert window.y1 >= 0
    assert window.x2 <= 1 + 1e-9
    assert window.y2 <= 1 + 1e-9
    assert window.x1 <= inside.x1 + 1e-9
    assert window.x2 >= inside.x2 - 1e-9
    assert area(window) >= area(inside) - 1e-9


def test_the_look_window_is_a_square_in_pixels_around_a_small_thing():
    window = look_window(Box(0.5, 0.5, 0.52, 0.6), margin=1.0, aspect=2.0)
    assert (window.x2 - window.x1) * 2 == pytest.approx(window.y2 - window.y1)
    assert window.y2 - window.y1 == pytest.approx(0.3)


def test_what_stands_nearer_covers_and_what_is_ridden_does_not():
    person = Box(0.4, 0.3, 0.5, 0.7)
    front = Box(0.42, 0.4, 0.6, 0.9)
    assert covers([seen("person", 0.9, front)], person)
    assert not covers([seen("bicycle", 0.9, front)], person)
    assert not covers([seen("person", 0.9, Box(0.42, 0.2, 0.6, 0.6))], person)


def test_clothes_tell_people_apart():
    rgb = np.zeros((100, 200, 3), np.uint8)
    rgb[:50, :100], rgb[50:, :100] = (200, 20, 20), (20, 20, 20)
    rgb[:50, 100:], rgb[50:, 100:] = (20, 20, 20), (200, 20, 20)
    left, right = appearance_of(rgb, Box(0, 0, 0.5, 1)), appearance_of(rgb, Box(0.5, 0, 1, 1))
    assert left.shape == (SIZE,)
    assert left.sum() == pytest.approx(1)
    assert likeness(left, left) == pytest.approx(1)
    assert likeness(left, right) < 0.2


def test_appearance_of_a_box_without_area_is_still_one():
    assert appearance_of(np.zeros((4, 4, 3), np.uint8), Box(1, 1, 1, 1)).sum() == pytest.approx(1)
