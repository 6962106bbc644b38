import pytest

from videostep.formats.training.part_words import scenes_told, words_of_part
from videostep.formats.training.window import window_of
from videostep.video import TimeSpan

LATER = TimeSpan(5.0, 9.0)


@pytest.mark.parametrize(
    ("rationale", "told"),
    [
        (
            "In the third scene, one bus is white. That bus stops. So the answer is: stops.",
            "One bus is white. That bus stops. So the answer is: stops.",
        ),
        ("One dog is black. In the twenty-first scene, it runs.", "One dog is black. It runs."),
        ("During the second scene of the video, a man sits down.", "A man sits down."),
        ("One bus is white in the third scene. It stops.", "One bus is white. It stops."),
        (
            "That man waves, and before that, in the third scene, sits.",
            "That man waves, and before that sits.",
        ),
        ("Late in the video, one bus is white.", "One bus is white."),
        ("In the middle of the video, it stops. Early in the video, it drives.", "It stops. It drives."),
        ("A car stands in the middle of the picture.", "A car stands in the middle of the picture."),
    ],
)
def test_a_part_is_told_without_its_place_in_the_video(rationale, told):
    assert words_of_part(rationale, LATER) == told


def test_all_of_a_video_is_told_as_it_is():
    assert words_of_part("Late in the video, in the third scene, it stops.", None).startswith("Late in")


def test_a_part_from_the_start_counts_scenes_and_ends_early():
    begun = "In the second scene, one bus is white. Late in the video, it stops."
    assert words_of_part(begun, TimeSpan(0.0, 9.0)) == "In the second scene, one bus is white. It stops."


def test_scenes_are_told_by_their_ordinals():
    assert scenes_told("In the first scene, it stops, and during the second scene it goes.") == {
        "first",
        "second",
    }


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
