from __future__ import annotations

import numpy as np
import pytest

from videostep.graph import ObjectNode
from videostep.induce.parse import Sighting
from videostep.induce.parsers.embedded.appearance import SIZE
from videostep.induce.parsers.embedded.identity import same_thing
from videostep.video import TimeSpan


def looks(*cells: int) -> tuple[float, ...]:
    shares = np.full(SIZE, 0.02 / SIZE)
    shares[list(cells)] += 0.98 / len(cells)
    return tuple(shares)


USUAL_LOOKS = looks(3, 40)


def sighting(label="person", appearance=USUAL_LOOKS, **attributes: str) -> Sighting:
    node = ObjectNode(
        id=f"c1-{label}-1",
        clip="c1",
        label=label,
        kind="dynamic",
        spans_s=(TimeSpan(0, 1),),
        boxes=(),
        confidence=1.0,
        evidence=(),
    )
    pairs = tuple(sorted((name.replace("_", " "), value) for name, value in attributes.items()))
    return Sighting(
        object=node, attributes=pairs, appearance=looks(3, 40) if appearance is None else appearance
    )


def test_equal_looks_are_rather_the_same_person():
    assert same_thing(sighting(), sighting()) > 0.9


def test_other_looks_are_another_person():
    assert same_thing(sighting(), sighting(appearance=looks(3, 90))) < 0.1


def test_another_label_is_another_thing():
    assert same_thing(sighting("car"), sighting("bus")) == 0


def test_another_colour_contradicts():
    assert same_thing(sighting(top_colour="red"), sighting(top_colour="black")) < 0.3


def test_a_rare_colour_in_common_says_more_than_a_usual_one():
    alike = looks(3, 40, 41)
    rare = same_thing(sighting(top_colour="pink"), sighting(top_colour="pink", appearance=alike))
    usual = same_thing(sighting(top_colour="black"), sighting(top_colour="black", appearance=alike))
    assert rare > usual


def test_where_a_thing_is_says_nothing():
    assert same_thing(sighting(position="left"), sighting(position="right")) == same_thing(
        sighting(), sighting()
    )


def test_cars_that_look_alike_may_be_two():
    assert 0.5 < same_thing(sighting("car"), sighting("car")) <= 0.7


def test_without_looks_nothing_is_known():
    assert same_thing(sighting(appearance=()), sighting()) == 0


@pytest.mark.parametrize("other", [looks(3, 40), looks(3, 90), looks(3, 40, 41)])
def test_the_answer_does_not_depend_on_the_order(other):
    first, second = sighting(top_colour="red"), sighting(appearance=other, top_colour="blue")
    assert same_thing(first, second) == same_thing(second, first)
