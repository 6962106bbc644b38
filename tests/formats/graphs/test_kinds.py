"""What labels and relations say of a thing."""

import pytest

from videostep.formats.graphs.kinds import is_living, kind_of, motion_in, posture_in
from videostep.formats.graphs.vidvrd_words import VIDVRD


@pytest.mark.parametrize(
    ("label", "living", "kind"),
    [
        ("giant panda", True, "dynamic"),
        ("sheep or goat", True, "dynamic"),
        ("bus or truck", False, "dynamic"),
        ("ball", False, "static"),
        ("dog bed", False, "static"),
    ],
)
def test_the_last_word_of_a_label_decides(label, living, kind):
    assert (is_living(label), kind_of(label)) == (living, kind)


@pytest.mark.parametrize(
    ("predicate", "motion", "posture"),
    [
        ("walking past", "walks", None),
        ("sitting on", None, "sitting"),
        ("stopped next to", None, None),
        ("going towards", None, None),
        ("next to", None, None),
    ],
)
def test_a_relation_says_what_its_subject_does(predicate, motion, posture):
    assert (motion_in(predicate), posture_in(predicate)) == (motion, posture)


def test_every_compound_of_vidvrd_but_those_of_stopping_says_something_of_its_subject():
    compounds = [
        term for term in VIDVRD.predicates if term.split("_")[0] in ("walk", "sit", "fly", "lie", "stop")
    ]
    silent = [
        term
        for term in compounds
        if not (motion_in(VIDVRD.predicate(term)) or posture_in(VIDVRD.predicate(term)))
    ]
    assert silent
    assert all(term.startswith("stop_") for term in silent)
