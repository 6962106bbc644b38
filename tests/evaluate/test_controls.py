import pytest

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.controls import Majority, blind_verdict, floor_of
from videostep.evaluate.statistics.sums import Estimate


def item(answer, *, kind="open", type_="what", choices=None, index=None, candidates=None):
    return Item(
        id=answer,
        video="v",
        question="?",
        answer=answer,
        kind=kind,
        type=type_,
        choices=choices,
        answer_index=index,
        outer_candidates=candidates,
    )


def rights_of_the_majority(items):
    majority = Majority()
    for one in items:
        majority.add(one)
    return [bool(worth) for _, _, worth in majority.marks()]


def test_the_majority_answer_is_that_of_its_kind_and_type():
    items = [item("red"), item("Red"), item("blue"), item("two", type_="count"), item("yes", kind="binary")]
    assert rights_of_the_majority(items) == [True, True, False, True, True]


def test_of_choices_the_majority_is_a_place():
    choices = ("a", "b")
    items = [item(choices[place], kind="choice", choices=choices, index=place) for place in (1, 1, 0)]
    assert rights_of_the_majority(items) == [True, True, False]


@pytest.mark.parametrize(("candidates", "floor"), [(None, None), (4, 0.25), (1, 1.0), (0, 1.0)])
def test_the_floor_is_one_over_the_candidates(candidates, floor):
    assert floor_of(item("a", candidates=candidates)) == floor


def estimate(value, low=None, high=None):
    return Estimate(value, low, high, 100, 10)


def test_a_benchmark_that_a_blind_model_solves_says_so():
    verdict = blind_verdict("question", estimate(0.60), estimate(0.59), estimate(0.01, -0.02, 0.04))
    assert verdict.startswith("SOLVED BLIND: 59.0 % blind (question), 60.0 % with the video")
    assert "+1.0 [-2.0, +4.0] points" in verdict


def test_one_that_needs_its_videos_says_by_how_much():
    verdict = blind_verdict("one-frame", estimate(0.60), estimate(0.30), estimate(0.30, 0.25, 0.35))
    assert "SOLVED" not in verdict
    assert "+30.0 [+25.0, +35.0] points; 50% of the accuracy needs no video" in verdict


def test_one_video_is_too_few():
    verdict = blind_verdict("question", estimate(1.0), estimate(0.0), estimate(1.0))
    assert verdict.endswith("one video says nothing about the benchmark")
