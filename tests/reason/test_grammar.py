"""The sentences of samples are English, in the words of several kinds of data."""

from __future__ import annotations

import pytest

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.testing.grammar import RULES, faults
from videostep.testing.graphs import random_graph, street_graph
from videostep.testing.vocabularies import KINDS, graph_in

BAD = {
    "a word stands twice": "Is the car next to to the bus?",
    "a before a vowel sound": "A umbrella is next to that bus.",
    "an before a consonant sound": "Is an unicycle next to the bus?",
    "an article before what is not counted": "A person is holding a food.",
    "two determiners": "The bus is next to a that bench.",
    "one of several": "Two person wear a red top.",
    "several are": "Those clothes is next to the bed.",
    "those are, asked": "Is those clothes red?",
    "one is": "That bus are white.",
    "one is, asked": "Are that bus white?",
    "a verb after be": "The person is walks to the left.",
    "a preposition after one that needs a noun": "What is the bus in front of of the bench next to to?",
    "a question inside a sentence": "What is the bus? next to?",
    "a space too many or too few": "In the first scene,is the bus white ?",
    "no end": "What colour is the bus",
    "no capital": "What happens? the bus stops.",
}
GOOD = (
    "Is an hourglass, a unicycle or a one-way street next to a European car?",
    "Do that ball and the other ball have the same colour?",
    "Those clothes are next to the bed. One piece of food is on it.",
    "Two other people wear a red top. So the answer is two.",
    "What is the bench with a person on it in front of?",
    "Is it true that there are some clothes on the bed in the second scene?",
    "The wine glass is next to a paper bag. So the answer is: next to.",
    "How many people is the dog next to at some time?",
    "A person takes paper or a notebook from somewhere. That dog does so, too.",
)
GRAPHS = [street_graph(), random_graph(0), random_graph(1), *(graph_in(words, 0) for words in KINDS)]


def test_every_rule_has_a_bad_sentence() -> None:
    assert {rule.name for rule in RULES} == set(BAD)


@pytest.mark.parametrize(("rule", "text"), BAD.items(), ids=list(BAD))
def test_a_rule_catches_its_bad_sentence(rule: str, text: str) -> None:
    assert rule in {fault.rule for fault in faults(text)}


@pytest.mark.parametrize("text", GOOD)
def test_good_english_breaks_no_rule(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.video.id)
def test_samples_are_english(graph: VideoGraph) -> None:
    config = AskConfig(min_confidence=0.0)
    samples = ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples
    assert samples
    for sample in samples:
        for text in (sample.question, sample.rationale, *(step.sub_question for step in sample.steps)):
            assert list(faults(text)) == [], text
