"""Relations are asked for as they are: what one does, where one is; and so that the sentence reads once."""

import pytest

from videostep.reason.cores import AttributeCore, MotionCore, ObjectCore, PredicateCore
from videostep.reason.nouns import NounPhrase, definite
from videostep.reason.phrase import choose_words, query_words, verify_words
from videostep.reason.relation_words import is_place, manner, relation_forms

PLAIN, DOG = definite("man"), definite("dog")
LONG = NounPhrase("the man carrying the bag", "man")


def called(subject: NounPhrase, other: NounPhrase = DOG):
    return lambda thing: subject if thing == 0 else other


@pytest.mark.parametrize(
    ("predicate", "says"),
    [
        ("sitting on", "place"),
        ("stands in front of", "place"),
        ("next to", "place"),
        ("moving to the left of", "activity"),
        ("holding", "activity"),
        ("larger than", "comparison"),
        ("friend of", "relation"),
    ],
)
def test_a_posture_says_where_somebody_is(predicate, says):
    assert manner(predicate) == says


def test_where_somebody_sits_is_asked_by_where():
    assert (
        relation_forms(PLAIN, "sitting on", definite("sofa"))[0]
        == "Where is the man in relation to the sofa?"
    )
    assert relation_forms(PLAIN, "holding", definite("cup"))[0] == "What is the man doing with the cup?"
    assert relation_forms(PLAIN, "drinking from", definite("cup"))[0] == "What is the man doing with the cup?"


@pytest.mark.parametrize(
    ("core", "plain", "long"),
    [
        (
            ObjectCore(0, "riding", True),
            "What is the man riding?",
            "What can the man carrying the bag be seen riding?",
        ),
        (
            ObjectCore(0, "next to", True),
            "What is the man next to?",
            "What is next to the man carrying the bag?",
        ),
        (MotionCore(0), "What does the man do?", "What does the man carrying the bag do?"),
        (
            PredicateCore(0, 1),
            "What is the man doing with the dog?",
            "What can the man carrying the bag be seen doing with the dog?",
        ),
    ],
)
def test_two_participles_do_not_meet(core, plain, long):
    assert query_words(core, "washing", called(PLAIN)) == plain
    assert query_words(core, "washing", called(LONG)) == long
    for variant in range(6):
        assert "bag seen" not in query_words(core, "washing", called(LONG), variant)
        assert "bag doing" not in query_words(core, "washing", called(LONG), variant)


def test_nor_in_yes_no_questions_and_choices():
    does, poses = PredicateCore(0, 1), AttributeCore(0, "posture")
    assert verify_words(does, "washing", called(PLAIN)) == "Is the man washing the dog?"
    assert (
        verify_words(does, "washing", called(LONG)) == "Can the man carrying the bag be seen washing the dog?"
    )
    assert verify_words(poses, "sitting", called(PLAIN)) == "Is the man sitting?"
    assert (
        verify_words(poses, "sitting", called(LONG)) == "Is it true that the man carrying the bag is sitting?"
    )
    chosen = [choose_words(poses, ("sitting", "standing"), called(LONG), variant) for variant in range(3)]
    assert not [words for words in chosen if "bag sitting" in words]


def test_what_is_to_the_left_of_somebody_can_be_told_without_a_stray_of():
    assert is_place("moving to the left of")
    assert not is_place("afraid of")
