from videostep.evaluate.spans import common_s, length_s, time_iou
from videostep.video import TimeSpan

SEEN = (TimeSpan(0.0, 2.0), TimeSpan(5.0, 9.0))


def test_common_seconds_of_several_spans():
    assert length_s(SEEN) == 6.0
    assert common_s(SEEN, (TimeSpan(1.0, 6.0), TimeSpan(8.0, 20.0))) == 3.0


def test_iou_in_time():
    assert time_iou(SEEN, SEEN) == 1.0
    assert time_iou((TimeSpan(0.0, 4.0),), (TimeSpan(1.0, 5.0),)) == 0.6
    assert time_iou((TimeSpan(0.0, 4.0),), (TimeSpan(4.0, 5.0),)) == 0.0
    assert time_iou((), ()) == 0.0
