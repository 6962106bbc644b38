import pytest

from videostep.part_words import scenes_told, words_of_part
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
