"""On the most awkward graphs, too, what the sampler says is what the executor finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier, execute
from videostep.sample import Sample
from videostep.store.graph_rules import find_breaches
from videostep.testing.wild import wild_graph

SHA256 = "5" * 64
SEEDS = st.integers(0, 10**6)


def asked(graph: VideoGraph, seed: int) -> tuple[Sample, ...]:
    config = AskConfig(samples_per_video=40, min_confidence=0.0)
    return ask_graph(graph, graph_sha256=SHA256, config=config, seed=seed).samples


def check_agreement(graph: VideoGraph, samples: tuple[Sample, ...]) -> None:
    verifier = Verifier(graph, SHA256)
    for sample in samples:
        assert verifier.check(sample).reason == ""
    for sample in samples[::7]:  # with nothing remembered, as a stranger would
        assert execute(sample.program, graph) == sample.answer
        for step in sample.steps:
            assert execute(step.program, graph) == step.sub_answer
        assert Verifier(graph, SHA256).check(sample).ok


@settings(max_examples=25, deadline=None, derandomize=True)
@given(SEEDS, st.integers(1, 40))
def test_every_sample_of_an_awkward_graph_holds(seed, n_objects):
    graph = wild_graph(seed, n_objects)
    check_agreement(graph, asked(graph, seed))


@pytest.mark.parametrize(("seed", "n_objects"), [(1, 100), (2, 150), (3, 200)])
def test_every_sample_of_a_crowded_graph_holds(seed, n_objects):
    graph = wild_graph(seed, n_objects)
    samples = asked(graph, seed)
    assert samples
    check_agreement(graph, samples)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(SEEDS, st.integers(1, 200))
def test_awkward_graphs_keep_the_rules_of_their_format(seed, n_objects):
    graph = wild_graph(seed, n_objects)
    assert list(find_breaches(graph)) == []
    assert len(graph.objects) == n_objects
    assert wild_graph(seed, n_objects) == graph


def test_awkward_graphs_are_awkward():
    graphs = [wild_graph(seed, 60) for seed in range(20)]
    seen_in = [{node.clip for node in graph.objects} for graph in graphs]
    assert any(len(clips) < len(graph.clips) for clips, graph in zip(seen_in, graphs, strict=True))
    assert any(len({node.label for node in graph.objects}) == 1 for graph in graphs)
    assert any(has_a_loop(graph) for graph in graphs)


def has_a_loop(graph: VideoGraph) -> bool:
    """Whether references join things that other references join already."""
    groups = {node.id: {node.id} for node in graph.objects}
    for first, second in (edge.objects for edge in graph.references):
        if groups[first] is groups[second]:
            return True
        groups[first] |= groups[second]
        for member in groups[second]:
            groups[member] = groups[first]
    return False
