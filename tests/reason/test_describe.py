from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.reason.describe import Describer, Draft
from videostep.reason.index import GraphIndex
from videostep.reason.verify import Executor
from videostep.testing.graphs import random_graph, street_graph


def describer_of(seed: int) -> Describer:
    index = GraphIndex(random_graph(seed, n_clips=3, n_objects=5))
    return Describer(index.view(index.whole_s))


@given(seed=st.integers(0, 60))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_hop_names_exactly_its_thing(seed: int) -> None:
    describer = describer_of(seed)
    executor = Executor(describer.view.index.graph)
    for thing in describer.view.visible:
        label = describer.view.index.things[thing].label
        for hop in describer.hops(thing):
            if hop.neighbour >= 0 and describer.need(hop.neighbour) != 0:
                continue
            draft = Draft(describer, (thing,), frozenset())
            draft.expand(thing, hop)
            assert executor.run(f"name({draft.refer(thing)})") == label


@given(seed=st.integers(0, 60))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_thing_without_need_is_named_by_its_bare_label(seed: int) -> None:
    describer = describer_of(seed)
    executor = Executor(describer.view.index.graph)
    for thing in describer.view.visible:
        if describer.need(thing) == 0:
            draft = Draft(describer, (thing,), frozenset())
            assert executor.run(f"name({draft.refer(thing)})") == describer.view.index.things[thing].label


def test_expanding_moves_a_thing_from_q_to_a_and_its_neighbour_into_q() -> None:
    index = GraphIndex(street_graph())
    describer = Describer(index.view(index.whole_s))
    bench = next(t.key for t in index.things if t.label == "bench")
    person, hop = next(
        (t.key, hop)
        for t in index.things
        for hop in describer.hops(t.key)
        if t.label == "person" and hop.neighbour == bench
    )
    draft = Draft(describer, (person,), frozenset())
    draft.expand(person, hop)
    assert draft.open == [bench]
    assert draft.closed == [person]
    assert draft.order(person) == [person]


def test_no_edge_and_no_thing_comes_twice_in_a_description() -> None:
    index = GraphIndex(street_graph())
    describer = Describer(index.view(index.whole_s))
    rng = Random(1)
    for root in describer.view.visible:
        draft = Draft(describer, (root,), frozenset())
        for _ in range(6):
            choices = [(node, hop) for node in draft.open for hop in draft.options(node, 6)]
            if not choices:
                break
            draft.expand(*rng.choice(choices))
        facts = [fact.id for hop in draft.hops.values() for fact in hop.facts]
        assert len(facts) == len(set(facts))
        assert len(set(draft.open) | set(draft.closed)) == len(draft.open) + len(draft.closed)


@pytest.mark.parametrize("budget", [0, 1, 2])
def test_options_stay_within_the_budget(budget: int) -> None:
    describer = describer_of(5)
    for thing in describer.view.visible:
        for hop in Draft(describer, (thing,), frozenset()).options(thing, budget):
            inner = describer.need(hop.neighbour) if hop.neighbour >= 0 else 0
            assert 1 + inner <= budget
