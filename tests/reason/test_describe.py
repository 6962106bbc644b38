from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.reason.describe import MAX_NESTING, MOST_STEPS, Describer, Description
from videostep.reason.index import GraphIndex
from videostep.reason.verify import Executor
from videostep.reason.verify.language import count_steps
from videostep.testing.graphs import random_graph, street_graph

graphs = st.integers(0, 60).map(lambda seed: random_graph(seed, n_clips=3, n_objects=5))


def all_descriptions(describer: Describer) -> Iterator[Description]:
    for thing in describer.view.visible:
        for steps in range(MOST_STEPS + 1):
            yield from describer.descriptions(thing, steps)


@given(graph=graphs)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_every_description_names_exactly_its_thing(graph) -> None:
    index = GraphIndex(graph)
    executor = Executor(graph)
    for named in all_descriptions(Describer(index.view(index.whole_s))):
        named_again = executor.ask(executor.parse(f"name({named.program})"), executor.whole)
        found = executor.facts.things[named_again.parts[0].thing]
        assert [node.id for node in found.nodes] == [node.id for node in index.things[named.thing].nodes]


@given(graph=graphs)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_description_has_as_many_hops_as_it_was_asked_for(graph) -> None:
    index = GraphIndex(graph)
    describer = Describer(index.view(index.whole_s))
    for thing in describer.view.visible:
        for steps in range(1, MOST_STEPS + 1):
            for named in describer.descriptions(thing, steps):
                assert named.steps == len(named.expanded()) == count_steps(f"name({named.program})") == steps


@given(graph=graphs)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_edge_and_no_thing_comes_twice_in_a_description(graph) -> None:
    index = GraphIndex(graph)
    for named in all_descriptions(Describer(index.view(index.whole_s))):
        facts = [fact.id for fact in named.facts()]
        assert len(facts) == len(set(facts))
        things = [part.thing for part in named.expanded()]
        assert len(things) == len(set(things))
        assert named.nesting <= MAX_NESTING


@given(graph=graphs)
@settings(max_examples=10, deadline=None, derandomize=True)
def test_a_description_that_fits_in_another_context_names_the_thing_there(graph) -> None:
    index = GraphIndex(graph)
    whole = Describer(index.view(index.whole_s))
    executor = Executor(graph)
    for number, clip in enumerate(graph.clips, start=1):
        scene = Describer(index.view(clip.span_s))
        for named in all_descriptions(whole):
            if scene.fits(named):
                assert executor.run(f"at(scene({number}), name({named.program}))") == named.label


def test_a_bare_label_is_the_shortest_name_of_what_there_is_one_of() -> None:
    index = GraphIndex(street_graph())
    describer = Describer(index.view(index.whole_s))
    bus = next(thing.key for thing in index.things if thing.label == "bus")
    assert [named.program for named in describer.shortest(bus)] == ['unique(called(things(), "bus"))']


def test_what_is_described_by_a_neighbour_is_looked_at_after_it() -> None:
    index = GraphIndex(street_graph())
    describer = Describer(index.view(index.whole_s))
    nested = next(named for named in all_descriptions(describer) if named.steps == 2)
    assert nested.inner is not None
    assert nested.expanded() == [nested.inner, nested]
