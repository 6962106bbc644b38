import pytest

from videostep.reason.refinement.census import Census, difference
from videostep.reason.refinement.vocabulary import Vocabulary

CENSUS = Census(
    Vocabulary(
        labels=dict.fromkeys(("person", "bus", "sports car")),
        attributes=dict.fromkeys((("colour", "red"), ("top colour", "dark blue"))),
        relations=dict.fromkeys(("riding", "in front of")),
        motions=dict.fromkeys(("sits down", "walks to the left")),
    )
)


@pytest.mark.parametrize(
    ("kind", "template", "text", "fault"),
    [
        ("names", "the bus", "the buses", None),
        ("names", "the people", "the person", None),
        ("names", "the bus", "the person", "it adds 'person'"),
        ("names", "the bus and the person", "the bus", "it leaves out 'person'"),
        ("names", "the bus", "the bus and the bus", "it adds 'bus'"),
        ("attributes", "a dark blue top", "a blue top", "it leaves out 'dark'"),
        ("attributes", "is it red?", "is it dark?", "it adds 'dark'"),
        ("predicates", "rides it", "it was ridden", None),
        ("predicates", "sits down", "sat down", None),
        ("predicates", "walks to the left", "walks", "it leaves out 'left'"),
        ("numbers", "two", "2", None),
        ("numbers", "two", "three", "it adds '3'"),
        ("order", "the first scene", "the second scene", "it adds 'second'"),
        ("order", "for longer", "for a shorter time", "it adds 'shorter'"),
        ("negation", "is not red", "isn't red", None),
        ("negation", "is red", "is never red", "it adds 'no'"),
        ("times", "up to that", "before that", None),
        ("times", "before that", "after that", "it adds 'after'"),
        ("times", "once it stops", "after it stops", None),
    ],
)
def test_what_is_named_is_counted_in_all_its_forms(kind, template, text, fault):
    count = CENSUS.counts[kind]
    assert difference(count(template), count(text)) == fault


def test_to_be_right_is_no_direction():
    census = Census(Vocabulary(motions={"walks to the right": None}))
    count = census.counts["predicates"]
    assert count("Would it be right to say that it walks to the right?") == count(
        "Does it walk to the right?"
    )


def test_phrases_that_stand_in_a_text_are_found_in_any_form():
    assert CENSUS.phrases("Do people ride in front of the sports cars?") == (
        "person",
        "sports car",
        "riding",
        "in front of",
    )
