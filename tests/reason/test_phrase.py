from __future__ import annotations

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.phrase import differing_part
from videostep.sample import Sample
from videostep.testing.graphs import random_graph, street_graph


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    graphs = (
        street_graph(),
        random_graph(3, n_clips=4, n_objects=6),
        random_graph(5, n_clips=4, n_objects=6),
    )
    config = AskConfig(min_confidence=0.0)
    return [s for g in graphs for s in ask_graph(g, graph_sha256="0" * 64, config=config, seed=0).samples]


@pytest.mark.parametrize(
    ("words", "model", "expected"),
    [
        ("walk to the left", "walk to the right", "to the left"),
        ("Is the bus white", "Is the bus red", "white"),
        ("stand up", "sit down", "stand up"),
        ("drives away", "drives away", "away"),
    ],
)
def test_only_what_differs_is_said_twice(words: str, model: str, expected: str) -> None:
    assert differing_part(words, model) == expected


def test_a_question_is_one_sentence_that_starts_large_and_ends_in_a_question_mark(
    samples: list[Sample],
) -> None:
    for sample in samples:
        for question in (sample.question, *(step.sub_question for step in sample.steps)):
            assert question[0].isupper(), question
            assert question.endswith("?"), question
            assert question.count("?") == 1, question
            assert "  " not in question


def test_no_question_speaks_of_objects_or_stacks_that_is(samples: list[Sample]) -> None:
    for sample in samples:
        assert " object " not in sample.question
        assert sample.question.count(" that ") <= 2, sample.question


def test_a_rationale_has_one_sentence_a_step_and_ends_in_the_answer(samples: list[Sample]) -> None:
    for sample in samples:
        *told, conclusion = sample.rationale.split(". ")
        assert len(told) == sample.n_steps, sample.rationale
        assert conclusion.startswith("So the answer is")
        assert conclusion.rstrip(".").endswith(sample.answer)


def test_a_no_says_what_is_the_case_instead(samples: list[Sample]) -> None:
    refused = [s for s in samples if s.type.structure == "verify" and s.answer == "no"]
    assert len(refused) >= 5
    for sample in refused:
        last = sample.steps[-1].text
        assert ", not " in last or last.endswith(("earlier.", "later.")), last


def test_choices_stand_in_the_question_or_are_before_and_after(samples: list[Sample]) -> None:
    offered = [sample for sample in samples if sample.choices]
    assert offered
    for sample in offered:
        assert sample.answer in (sample.choices or ())
        assert " or " in sample.question


def test_nobody_is_asked_to_ride_a_bench() -> None:
    config = AskConfig(min_confidence=0.0, samples_per_thing=9.0)
    drawn = (ask_graph(street_graph(), graph_sha256="0" * 64, config=config, seed=seed) for seed in range(10))
    samples = [s for result in drawn for s in result.samples if s.type.semantics == "object"]
    offered = {choice for s in samples if '"riding"' in s.program for choice in s.choices or ()}
    assert "bicycle" in offered
    assert offered <= {"bicycle", "motorcycle", "horse"}
