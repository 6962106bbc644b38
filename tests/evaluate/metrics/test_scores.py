"""Figures of the hand-written files of tests/evaluate/benchmarks/files, worked out by hand."""

from pathlib import Path

import pytest

from videostep.errors import InputError
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.agqa_indirect import score_indirect
from videostep.evaluate.metrics.marking import mark_replies, mark_reply
from videostep.evaluate.metrics.score import Score, score_marks
from videostep.evaluate.metrics.star_submission import star_submission

FILES = Path(__file__).parents[1] / "benchmarks" / "files"

AGQA = {
    "VID01-1": "Yes.",  # right
    "VID01-2": "yes",  # right
    "VID01-3": "Bag",  # right
    "VID02-1": "pillow",  # wrong
    "VID02-2": "a blanket",  # wrong: not the same words
    # VID02-3 has no reply: wrong
}
STAR = {
    "Interaction_T1_7": "(B) The box.",  # right
    "Interaction_T4_2": "B",  # wrong
    "Sequence_T5_1": "Threw.",  # right
    "Sequence_T1_3": "D",  # right
    "Sequence_T3_9": "A or B",  # unparsed
    "Prediction_T1_4": "The answer is C.",  # right
    # Feasibility_T6_8 has no reply
}
NEXTQA = {
    "5000000001_0": "C",  # right, causal
    "5000000001_1": "with a stick",  # wrong, causal
    "5000000001_2": "B. bent down",  # right, temporal: before
    "5000000002_0": "E",  # right, temporal: after
    "5000000002_1": "A",  # wrong, temporal: while
    "5000000002_2": "E",  # unparsed: there are two options; descriptive
    "5000000002_3": "park",  # right, descriptive
}


def score(name: str, replies: dict[str, str], scoring: str) -> Score:
    items = open_benchmark(name).items(FILES / name)
    return score_marks(name, scoring, mark_replies(items, replies, scoring))


def counts(score: Score) -> dict[str, tuple[int, int]]:
    return {group: (rate.right, rate.n) for group, rate in score.rates.items()}


def test_agqa_by_exact_match():
    scored = score("agqa2", AGQA, "exact")
    assert scored.all.accuracy == 0.5
    assert scored.faults == {"no reply": 1}
    both = {
        "global/exists": ((2, 2), None),
        "global/obj-rel": ((3, 3), (0, 2)),
        "global/superlative": (None, (0, 3)),
        "global/sequencing": ((1, 1), None),
        "global/duration-comparison": (None, (0, 1)),
        "global/action-recognition": (None, (0, 1)),
        "semantic/object": ((2, 2), (0, 2)),
        "semantic/relation": ((1, 1), None),
        "semantic/action": (None, (0, 1)),
        "structural/verify": ((2, 2), None),
        "structural/choose": ((1, 1), None),
        "structural/query": (None, (0, 3)),
        "novel composition": ((1, 1), None),
        "novel composition/sequencing": ((1, 1), None),
        "more steps": (None, (0, 1)),
        "indirect": ((1, 1), (0, 1)),
        "indirect/object": ((1, 1), None),
        "indirect/action": (None, (0, 1)),
    }
    expected = {
        "all": (3, 6),
        "binary": (3, 3),
        "open": (0, 3),
        "steps/1": (1, 2),
        "steps/2": (1, 2),
        "steps/3+": (1, 2),
    }
    for group, (binary, open_) in both.items():
        parts = [part for part in (binary, open_) if part]
        expected[group] = tuple(map(sum, zip(*parts, strict=True)))
        expected |= {f"{group}, {kind}": part for kind, part in (("binary", binary), ("open", open_)) if part}
    assert counts(scored) == expected


def test_agqa_on_indirect_references():
    items = open_benchmark("agqa2").items(FILES / "agqa2")
    rates = score_indirect(mark_replies(items, AGQA, "exact"))
    # Of two indirect questions one is right; of the one whose direct form is right, one.
    assert {group: (rate.right, rate.n) for group, rate in rates.items()} == {
        "indirect, recall": (1, 2),
        "indirect, recall, binary": (1, 1),
        "indirect, recall, open": (0, 1),
        "indirect, precision": (1, 1),
        "indirect, precision, binary": (1, 1),
    }


def test_star_by_type_their_mean_and_all_questions():
    scored = score("star", STAR, "choice")
    by_type = {type_: counts(scored)[type_] for type_ in open_benchmark("star").mean_of}
    assert by_type == {"Interaction": (1, 2), "Sequence": (2, 3), "Prediction": (1, 1), "Feasibility": (0, 1)}
    assert scored.mean_of(by_type) == pytest.approx((1 / 2 + 2 / 3 + 1 + 0) / 4)
    assert scored.all.accuracy == pytest.approx(4 / 7)
    assert scored.faults == {"unparsed": 1, "no reply": 1}


def test_star_by_reasoning_steps():
    steps = {group: rate for group, rate in counts(score("star", STAR, "choice")).items() if "steps" in group}
    assert steps == {"steps/1": (1, 1), "steps/2": (3, 4), "steps/3+": (0, 2)}


def test_nextqa_by_causal_temporal_and_descriptive():
    assert counts(score("nextqa", NEXTQA, "choice")) == {
        "all": (4, 7),
        "C": (1, 2),
        "T": (2, 3),
        "D": (1, 2),
        "CW": (1, 1),
        "CH": (0, 1),
        "TN": (2, 2),
        "TC": (0, 1),
        "DC": (0, 1),
        "DL": (1, 1),
    }


def test_the_mean_of_tasks_needs_every_task():
    replies = {"action_sequence/1": "B", "action_sequence/2": "A", "moving_direction/1": "(B)"}
    scored = score("mvbench", replies, "choice")
    assert scored.mean_of(("action_sequence", "moving_direction")) == 0.75
    assert scored.all.accuracy == pytest.approx(2 / 3)
    assert scored.mean_of(open_benchmark("mvbench").mean_of) is None


@pytest.mark.parametrize(
    ("name", "scoring", "replies", "expected"),
    [
        ("msvd-qa", "exact", {"901": "Man", "902": "potatoes", "903": "two"}, {"all": (2, 4), "who": (1, 1)}),
        ("msrvtt-qa", "exact", {"video8010_1": "soup."}, {"all": (1, 3), "what": (1, 1), "who": (0, 1)}),
        ("activitynet-qa", "exact", {"v_AAAAAAAAAA1_1": "Yes"}, {"all": (1, 3), "yes/no": (1, 1)}),
        ("nextqa-open", "exact", {"5000000002_1": "made noise"}, {"all": (1, 3), "T": (1, 1), "TN": (1, 1)}),
        ("tgif-qa", "choice", {"ACTION901": "lick paw", "TRANS901": "b"}, {"all": (1, 3), "action": (1, 2)}),
        ("tgif-qa", "exact", {"FRAMEQA901": "cat", "COUNT901": "3"}, {"all": (1, 1), "frameqa": (1, 1)}),
        (
            "tempcompass",
            "choice",
            {
                "multi-choice/900001/action/1": "B",
                "yes_no/900001/action/1": "No.",
                "yes_no/900001/action/2": "no",
            },
            {"all": (2, 6), "multi-choice": (1, 2), "yes_no": (1, 2), "yes_no/action": (1, 2)},
        ),
        ("moviechat-1k", "exact", {"film-1/global/1": "yes"}, {"all": (1, 3), "global": (1, 2)}),
        (
            "mlvu",
            "choice",
            {"plotQA/1": "(A)", "count/1": "2"},
            {"all": (2, 3), "plotQA": (1, 2), "count": (1, 1)},
        ),
        (
            "video-mme",
            "choice",
            {"901-2": "红色", "902-1": "D. To sing."},
            {"all": (2, 3), "duration/long": (1, 1)},
        ),
    ],
)
def test_figures_by_hand(name, scoring, replies, expected):
    scored = counts(score(name, replies, scoring))
    assert {group: scored[group] for group in expected} == expected


def test_two_protocols_of_one_benchmark_never_count_the_same_question():
    for name in ("tgif-qa", "star", "agqa2"):
        items = list(open_benchmark(name).items(FILES / name))
        by_protocol = [
            {item.id for item, _ in mark_replies(items, {}, scoring)}
            for scoring in ("exact", "choice", "count")
        ]
        assert sum(map(len, by_protocol)) == len(set().union(*by_protocol)) == len(items)


def test_replies_to_another_benchmark_are_refused():
    with pytest.raises(InputError, match="7 of 7 replies answer no question"):
        score("star", NEXTQA, "choice")


def test_a_hidden_test_gives_a_submission_and_no_score():
    items = list(open_benchmark("star").items(FILES / "star_hidden"))
    replies = {"Interaction_T1_1": "(B)", "Prediction_T2_5": "A or B"}
    assert list(mark_replies(items, replies, "choice")) == []
    submission = star_submission(items, replies)
    assert submission.answers == {
        "Interaction": [{"question_id": "Interaction_T1_1", "answer": 1}],
        "Sequence": [],
        "Prediction": [],
        "Feasibility": [],
    }
    assert submission.unanswered == ["Prediction_T2_5"]


def test_a_benchmark_without_replies_has_no_accuracy_but_counts_them_as_wrong():
    scored = score("agqa2", {}, "exact")
    assert (scored.all.right, scored.all.n, scored.faults) == (0, 6, {"no reply": 6})
    assert Score(benchmark="agqa2", scoring="exact").all.accuracy is None


def test_the_right_option_is_right_in_either_place_where_it_stands():
    item = Item(
        id="1",
        video="v",
        question="?",
        answer="two",
        choices=("one", "two", "two"),
        answer_index=1,
        kind="choice",
    )
    assert [mark_reply(item, letter).right for letter in "ABC"] == [False, True, True]
