from __future__ import annotations

import dataclasses
import inspect

import pytest

from videostep import graph, sample, video
from videostep.testing.graphs import COVERAGE, random_graph, street_graph

NOUNS = [
    kind
    for module in (graph, sample, video)
    for _, kind in inspect.getmembers(module, dataclasses.is_dataclass)
    if kind.__module__ == module.__name__
]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_frozen_slotted_and_documented(noun: type) -> None:
    parameters = noun.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(noun)
    assert noun.__doc__
    assert not noun.__doc__.startswith(f"{noun.__name__}(")


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_takes_its_fields_by_name_only(noun: type) -> None:
    with pytest.raises(TypeError, match="positional"):
        noun("value")


def test_a_random_graph_depends_on_its_seed_only() -> None:
    assert random_graph(3) == random_graph(3)
    assert random_graph(3) != random_graph(4)


def test_a_random_graph_has_the_size_that_was_asked_for() -> None:
    made = random_graph(1, n_clips=5, n_objects=7)
    assert len(made.clips) == 5
    assert len(made.objects) == 35


@pytest.mark.parametrize("made", [street_graph(), *(random_graph(seed) for seed in range(5))])
def test_the_test_graphs_name_nothing_outside_their_coverage(made: graph.VideoGraph) -> None:
    assert {node.label for node in made.objects} <= set(COVERAGE.labels)
    assert {node.name for node in made.attributes} <= set(COVERAGE.attributes)
    assert {edge.predicate for edge in made.relations} <= set(COVERAGE.relations)
    assert {edge.predicate for edge in made.motions} <= set(COVERAGE.motions)
