"""Food and clothes have no number: one object of a graph may be any number of pieces."""

import pytest

from videostep.graph import Coverage
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify.language import parse
from videostep.reason.verify.stuff import stuff_counted
from videostep.testing.builder import GraphBuilder


@pytest.mark.parametrize("label", ["food", "cat food", "clothes", "groceries", "stairs"])
def test_stuff_is_not_counted(label):
    assert stuff_counted(parse(f'count(called(things(), "{label}"))'))
    assert stuff_counted(parse(f'at(scene(1), count(with(called(things(), "{label}"), "colour", "red")))'))
    assert stuff_counted(parse(f'exists(called(things(), "{label}"))')) is None


@pytest.mark.parametrize("label", ["bus", "glass", "person", "food truck", "iris"])
def test_things_are(label):
    assert stuff_counted(parse(f'count(called(things(), "{label}"))')) is None


def test_the_sampler_counts_none():
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    person = graph.thing(clip, "person")
    for label in ("food", "clothes", "bag", "bag"):
        graph.relation(person, "carrying", graph.thing(clip, label, colour="red"))
    coverage = Coverage(
        labels=("bag", "clothes", "food", "person"),
        attributes=("colour",),
        relations=("carrying",),
        motions=(),
    )
    samples = ask_graph(
        graph.build(coverage=coverage),
        graph_sha256="0" * 64,
        config=AskConfig(samples_per_thing=20.0),
        seed=0,
    )
    assert any("count(" in sample.program for sample in samples.samples)
    made = [*samples.samples, *samples.dropped]
    counted = [s.program for s in made if "count(" in s.program]
    assert not [program for program in counted if "food" in program or "clothes" in program]
