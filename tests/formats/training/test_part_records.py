"""Records of a part of a video say nothing of the rest."""

from videostep.formats.training.window import window_of
from videostep.video import TimeSpan

LATER = TimeSpan(5.0, 9.0)


def test_a_rationale_that_tells_scenes_apart_is_of_a_part_from_the_start(about):
    apart = "In the first scene, the dog is white. In the second scene, it runs. So green."
    assert window_of(about("colour"), 24.0).start_s == 5.0
    assert window_of(about("colour", rationale=apart), 24.0).start_s == 0.0


def test_the_record_of_a_clip_says_nothing_of_the_rest(about, pair):
    sample = about("colour", rationale="In the first scene, one backpack is green. So the answer is green.")
    answer, rationale = pair(sample=sample, shown_s=LATER)
    assert rationale.response == "One backpack is green. So the answer is green."
    assert pair(sample=sample)[1].response == sample.rationale
    assert answer.response == "green"
