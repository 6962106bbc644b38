from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.contexts import always
from videostep.reason.cores import AttributeCore, ObjectCore
from videostep.reason.index import GraphIndex
from videostep.reason.nouns import NounPhrase
from videostep.reason.pair_words import differing_part
from videostep.reason.pairs import Happening, OrderCore
from videostep.reason.path import Path
from videostep.reason.phrase import query_words, verify_words
from videostep.reason.questions import other_value
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph, street_graph
from videostep.testing.vocabularies import KINDS, graph_in


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
        ("it is at the bottom of it", "it is at the top of it", "at the bottom of it"),
        ("Is the bag one drinks from round", "Is the bag one drinks from square", "round"),
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
        assert sample.question.count(" that is ") <= 1, sample.question


def test_a_rationale_has_one_sentence_a_step_and_ends_in_the_answer(samples: list[Sample]) -> None:
    for sample in samples:
        *told, conclusion = sample.rationale.split(". ")
        assert len(told) == sample.n_steps, sample.rationale
        assert conclusion.startswith("So the answer is")
        assert conclusion.rstrip(".").endswith(sample.answer)


def test_the_answer_of_a_step_does_not_stand_in_its_question(samples: list[Sample]) -> None:
    for sample in samples:
        for step in sample.steps[:-1]:
            assert step.sub_answer not in step.sub_question.lower().rstrip("?").split(), step.sub_question


def test_the_answer_of_a_rationale_reads_on(samples: list[Sample]) -> None:
    for sample in samples:
        conclusion = sample.rationale.rpartition("So the answer is")[2]
        is_said_apart = " " in sample.answer or sample.type.semantics == "motion"
        if sample.type.structure == "query":
            assert conclusion.startswith(":") == is_said_apart, sample.rationale
        elif sample.answer in ("yes", "no"):
            assert conclusion == f" {sample.answer}."


def test_a_no_says_what_is_the_case_instead(samples: list[Sample]) -> None:
    refused = [s for s in samples if s.type.structure == "verify" and s.answer == "no"]
    assert len(refused) >= 5
    for sample in refused:
        last = sample.steps[-1].text
        says_no = (
            ", not ",
            " is not ",
            " no ",
            "No ",
            " does not ",
            "After ",
            "Before ",
            "every ",
            "Every ",
            "all ",
        )
        assert any(words in last for words in says_no), last


def test_choices_stand_in_the_question_or_are_before_and_after(samples: list[Sample]) -> None:
    offered = [s for s in samples if s.choices and s.type.structure in ("choose", "order")]
    assert offered
    for sample in offered:
        assert sample.answer in (sample.choices or ())
        assert " or " in sample.question


def test_nobody_is_asked_to_ride_a_bench() -> None:
    graph = GraphBuilder(duration_s=6.0)
    clip = graph.clip(0.0, 6.0)
    graph.thing(clip, "bench")
    graph.relation(graph.thing(clip, "person"), "riding", graph.thing(clip, "bicycle"))
    index = GraphIndex(graph.build())
    rider = next(thing.key for thing in index.things if thing.label == "person")
    core, view = ObjectCore(rider, "riding", True), index.view(index.whole_s)
    path = Path(core, core.facts(view), {}, always(index), view, core.answer(view) or "")
    suggested = {other_value(path, Random(seed)) for seed in range(20)}
    assert {found and found[0] for found in suggested} == {"motorcycle", "horse"}


def test_options_of_open_questions_are_four_or_five_and_say_why_they_are_there(samples: list[Sample]) -> None:
    offered = [s for s in samples if s.choices and s.type.structure in ("query", "count")]
    assert offered
    for sample in offered:
        assert sample.choices is not None
        assert sample.distractor_kinds is not None
        assert len(sample.choices) in (4, 5)
        assert sample.distractor_kinds[sample.choices.index(sample.answer)] == "answer"
        assert sample.distractor_kinds.count("answer") == 1


def test_a_construct_has_several_phrasings(samples: list[Sample]) -> None:
    openings = {s.question.split()[0] for s in samples if s.type.structure == "verify"}
    assert len(openings) >= 3
    forms = {s.question.rpartition(", ")[2].split()[:3][0] for s in samples if s.type.semantics == "motion"}
    assert len(forms) >= 3


def test_one_thing_is_not_called_by_its_bare_name_beside_another_of_its_kind(samples: list[Sample]) -> None:
    """ "Before the dog next to the bench barks, does the dog sit?" sounds like one dog."""
    for sample in samples:
        if sample.type.temporal in ("before", "after", "while"):
            time, _, asked = sample.question.lower().partition(", ")
            for label in ("person", "bicycle", "dog", "car", "bench", "backpack"):
                described = f"the {label} next to" in time or f"the {label} in " in time
                assert not (described and asked.rstrip("?").endswith(f"the {label}")), sample.question


def test_after_that_points_at_the_sentence_before() -> None:
    """Between the two things that happen no other sentence may stand."""
    config = AskConfig(min_confidence=0.0)
    drawn = [
        sample
        for graph in (street_graph(), *(random_graph(seed, n_clips=1, n_objects=5) for seed in range(8)))
        for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples
    ]
    pointing = [
        s for s in drawn if s.steps[-1].text.startswith(("After that,", "Before that,", "At the same"))
    ]
    assert pointing
    for sample in pointing:
        assert "when(" in sample.steps[-2].program or "held(" in sample.steps[-2].program, sample.rationale
        assert not sample.steps[-2].sub_question.rstrip("?").endswith("do so"), sample.rationale


def test_the_time_of_a_question_is_told_no_later_than_with_the_first_of_its_two_sides() -> None:
    graphs = [graph_in(words, n, n_clips=1, n_things=3) for words in KINDS[1:3] for n in range(6)]
    config = AskConfig(min_confidence=0.0)
    drawn = [
        ask_graph(graph, graph_sha256="0" * 64, config=config, seed=n % 6) for n, graph in enumerate(graphs)
    ]
    two_sided = ("and(", "or(", "xor(")
    logic = [s for result in drawn for s in result.samples if any(name in s.program for name in two_sided)]
    timed = [s for s in logic if s.type.temporal in ("before", "after", "while")]
    assert timed
    for sample in timed:
        is_side = [step.program.startswith("at(") and "equal(" in step.program for step in sample.steps]
        told = [step.text for step in sample.steps[: is_side.index(True) + 1]]
        assert any(text.startswith(("Before ", "After ", "While ")) for text in told), sample.rationale


def test_no_word_is_said_twice_where_a_description_ends_in_what_is_asked() -> None:
    def second(words: str) -> Callable[[int], NounPhrase]:
        return lambda _: NounPhrase(f"the second cube {words}", "cube")

    asked = verify_words(AttributeCore(0, "state"), "moving", second("that starts moving"))
    assert asked == "Is it true that the second cube that starts moving is moving?"
    order = OrderCore(Happening(0, "stops"), Happening(0, "collides"))
    asked = query_words(order, "before", second("to stop"))
    assert asked == "Does the second cube to stop do so before or after colliding?"


def test_who_is_next_to_something_is_not_asked_beside_one_who_is(samples: list[Sample]) -> None:
    config = AskConfig(min_confidence=0.0)
    graph = random_graph(512, n_clips=4, n_objects=4)  # where most people are next to something
    more = ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples
    timed = [s for s in (*samples, *more) if s.type.temporal in ("before", "after", "while")]
    beside = re.compile(
        r', (?:exists|count)\((?:subjects|objects)\(called\(things\(\), "[^"]+"\), "next to", '
    )
    asked = [(s.question, beside.split(s.program)) for s in timed if beside.search(s.program)]
    assert asked
    for question, (time, described) in asked:
        assert "next to" not in time, question
        assert "next to" not in described, question
