import pytest

from videostep.evaluate.boxes import HOLD_S, Course, box_iou, mean_box_iou
from videostep.graph import Box
from videostep.video import TimeSpan

LEFT, RIGHT = Box(0.0, 0.0, 0.2, 0.4), Box(0.4, 0.0, 0.6, 0.4)


def course(*placed: tuple[float, Box], seen: tuple[float, float] = (0.0, 10.0)) -> Course:
    times_s, boxes = zip(*placed, strict=True)
    return Course(times_s=times_s, boxes=boxes, spans_s=(TimeSpan(*seen),))


def test_between_keyframes_the_box_moves_on_a_straight_line():
    assert course((2.0, LEFT), (4.0, RIGHT)).at(2.5) == pytest.approx((0.1, 0.0, 0.3, 0.4))


def test_a_box_holds_for_a_moment_before_the_first_and_after_the_last_keyframe():
    moving = course((2.0, LEFT), (4.0, RIGHT))
    assert moving.at(2.0 - HOLD_S) == LEFT
    assert moving.at(4.0 + HOLD_S) == RIGHT
    assert moving.at(1.9 - HOLD_S) is None
    assert moving.at(4.1 + HOLD_S) is None


def test_what_is_not_seen_has_no_box():
    assert course((2.0, LEFT), (8.0, LEFT), seen=(0.0, 4.0)).at(5.0) is None


def test_boxes_are_compared_at_the_keyframes_of_either_side():
    moving, still = course((2.0, LEFT), (4.0, RIGHT)), course((3.0, Box(0.2, 0.0, 0.4, 0.4)))
    # Only at 3 s do both have a box; there they are the same.
    assert mean_box_iou([moving], [still]) == pytest.approx(1.0)
    assert mean_box_iou([moving], [course((2.0, LEFT), (4.0, LEFT))]) == pytest.approx(0.5)


def test_boxes_that_never_meet_in_time_cannot_be_compared():
    assert mean_box_iou([course((1.0, LEFT))], [course((9.0, LEFT))]) is None
    assert mean_box_iou([course((1.0, LEFT))], []) is None


def test_a_thing_has_the_box_of_the_object_that_is_seen():
    early, late = course((1.0, LEFT), seen=(0.0, 5.0)), course((6.0, RIGHT), seen=(5.0, 10.0))
    assert mean_box_iou([early, late], [course((6.0, RIGHT))]) == 1.0


def test_iou_of_boxes():
    assert box_iou(Box(0.0, 0.0, 0.4, 0.4), Box(0.2, 0.0, 0.6, 0.4)) == pytest.approx(1 / 3)
    assert box_iou(LEFT, RIGHT) == 0.0
    point = Box(0.3, 0.3, 0.3, 0.3)
    assert box_iou(point, point) == 1.0
    assert box_iou(point, Box(0.5, 0.5, 0.5, 0.5)) == 0.0
