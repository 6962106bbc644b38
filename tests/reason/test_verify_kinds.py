"""Relations to any thing of a kind: "the person riding a bicycle"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from videostep.errors import AmbiguousError, EmptyError, OutOfCoverageError, ProgramSyntaxError
from videostep.graph import Coverage
from videostep.reason.verify import check_types, count_steps, execute
from videostep.testing.graphs import street_graph

RIDER = 'unique(subjects(called(things(), "person"), "riding", called(things(), "bicycle")))'


def test_a_set_at_the_other_end_means_any_of_it() -> None:
    assert execute(f'attribute({RIDER}, "top colour")', street_graph()) == "yellow"
    with pytest.raises(AmbiguousError, match="two things fit 'bicycle'"):
        execute(RIDER.replace('called(things(), "bicycle")', 'unique(called(things(), "bicycle"))').join(
            ("name(", ")")), street_graph())  # fmt: skip


def test_nothing_of_the_kind_is_empty() -> None:
    with pytest.raises(EmptyError, match="nothing fits 'person riding a dog'"):
        execute(f"name({RIDER.replace('bicycle', 'dog')})", street_graph())


def test_it_is_one_step() -> None:
    assert count_steps(f'attribute({RIDER}, "top colour")') == 2


def test_a_thing_that_may_be_of_the_set_makes_its_neighbour_possible() -> None:
    """The blue car may be silver when its colour is unknown: then the cyclist may be meant too."""
    graph = street_graph()
    beside = 'called(things(), "person"), "next to", with(called(things(), "car"), "colour", "silver")'
    program = f"name(unique(subjects({beside})))"
    assert execute(program, graph) == "person"
    kept = tuple(a for a in graph.attributes if a.object != "c3-car-1")
    with pytest.raises(AmbiguousError, match="one more might"):
        execute(program, replace(graph, attributes=kept))


@pytest.mark.parametrize("covered", [(), ("next to",)])
def test_only_one_is_not_said_of_what_nobody_looked_for(covered: tuple[str, ...]) -> None:
    graph = replace(street_graph(), coverage=Coverage(relations=covered))
    with pytest.raises(OutOfCoverageError, match="'riding' is not covered"):
        execute(f"name({RIDER})", graph)


def test_the_other_end_is_a_thing_or_a_set() -> None:
    with pytest.raises(ProgramSyntaxError, match="argument 3 of subjects is Text, not Thing or Things"):
        check_types('name(unique(subjects(things(), "on", event())))')
