from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.induce.parsers.video_llm.config import SAME_WORDS
from videostep.induce.parsers.video_llm.words import Words, sentence_of

WORDS = Words(SAME_WORDS)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("The Cars", "car"),
        ("women", "woman"),
        ("bikes", "bicycle"),
        ("a TV", "television"),
        ("traffic_light", "traffic light"),
        ("glasses", "glasses"),
        ("bus", "bus"),
        ("quokka", "quokka"),
        ("the", "the"),
        ("a very long way of saying car", None),
        ("car; rm -rf /", None),
        ("", None),
    ],
)
def test_a_label_is_a_lower_case_singular(said, label):
    assert WORDS.label(said) == label


@pytest.mark.parametrize(
    ("said", "relation"),
    [
        ("is Riding", "riding"),
        ("rides", "riding"),
        ("next_to", "next to"),
        ("beside", "next to"),
        ("near", "near"),
        ("is on", "on"),
        ("across from", "across from"),
    ],
)
def test_a_relation_is_a_participle_or_a_preposition(said, relation):
    assert WORDS.relation(said) == relation


@pytest.mark.parametrize(
    ("said", "motion"),
    [
        ("is walking to the left", "walks to the left"),
        ("walk to the left", "walks to the left"),
        ("sits down", "sits down"),
    ],
)
def test_a_motion_is_a_verb_in_the_third_person(said, motion):
    assert WORDS.motion(said) == motion


def test_spellings_are_levelled_within_a_phrase():
    assert WORDS.name("Top Color") == "top colour"
    assert WORDS.name("light gray") == "light grey"


def test_a_sentence_loses_its_capital_and_full_stop_and_nothing_else():
    assert sentence_of("A man, in red, gets on a white bus.") == "a man, in red, gets on a white bus"
    assert sentence_of("see <a href=x>") is None


@settings(deadline=None, max_examples=100, derandomize=True)
@given(text=st.text(max_size=40))
def test_whatever_is_said_what_is_taken_is_plain_lower_case_and_stays_as_it_is(text):
    for take in (WORDS.label, WORDS.name, WORDS.relation, WORDS.motion):
        taken = take(text)
        assert taken is None or (taken == taken.strip().lower() and taken.isascii())
        assert taken is None or not set(taken) & set("<>/\\{}[]();\n")
        assert taken is None or take(taken) == taken
