"""Parsers bring any words: none of them stops a sentence, and each stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.reason import nouns, words
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.relation_words import inverse_of, is_place, related
from videostep.reason.wording import attribute_statement, attribute_words, ranked
from videostep.testing.builder import GraphBuilder

COMMON = (
    "and",
    "or",
    "a",
    "the",
    "s",
    "is",
    "are",
    "on",
    "of",
    "holds",
    "-",
    "'s",
    "3",
    "wet",
    "ing",
    "ed",
    "é",
)
SAID = st.one_of(
    st.text(min_size=1, max_size=12).map(str.strip).filter(bool),
    st.lists(st.sampled_from(COMMON), min_size=1, max_size=4).map(" ".join),
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(label=SAID, known=st.integers(0, 4))
def test_any_label_can_be_named(label: str, known: int) -> None:
    new, name = nouns.brought_in(label, known)
    for phrase in (new, name, nouns.some(label), nouns.any_of(label), nouns.another(label)):
        assert phrase.endswith(label)
        assert phrase.be in ("is", "are")
    assert nouns.counted(label, 1)
    assert nouns.counted(label, 2)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(predicate=SAID, label=SAID)
def test_any_predicate_can_be_said(predicate: str, label: str) -> None:
    bag = nouns.definite("bag")
    assert str(bag) in related(predicate, bag)
    assert is_place(predicate) in (True, False)
    assert inverse_of(predicate) is None or inverse_of(predicate)
    for form in (words.base_form(predicate), words.plural_verb(predicate), words.past_participle(predicate)):
        assert isinstance(form, str)
    for operator, rank in (("nth", 1), ("nth", -1), ("longest", 0), ("shortest", 0)):
        for variant in range(3):
            assert label in ranked(operator, rank, predicate, label, variant)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(name=SAID, value=SAID)
def test_any_attribute_can_be_said(name: str, value: str) -> None:
    for label in ("bag", "clothes"):
        subject = nouns.definite(label)
        forms = attribute_words(name, value, plural=subject.is_plural)
        assert all("{x}" in form for form in (*forms.questions, forms.verify, forms.statement))
        assert str(subject) in attribute_statement(name, value, subject)


@pytest.mark.parametrize("word", ["is", "are", "the", "of", "-"])
def test_a_word_that_says_nothing_neither_stops_the_asking_nor_leaves_a_gap(word: str) -> None:
    graph = GraphBuilder("odd", duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    things = [
        graph.thing(clip, label, colour=colour) for label in ("man", "cup") for colour in ("red", "blue")
    ]
    for number, thing in enumerate(things):
        graph.relation(thing, word, things[number - 1])
        graph.relation(thing, "next to", things[number - 2])
        graph.motion(thing, word if number % 2 else "waves", number + 1.0, number + 2.0)
    asked = [
        ask_graph(graph.build(), graph_sha256="0" * 64, config=AskConfig(), seed=seed) for seed in range(4)
    ]
    told = [
        text for result in asked for sample in result.samples for text in (sample.question, sample.rationale)
    ]
    assert told
    assert not any("  " in text or " ?" in text for text in told)
