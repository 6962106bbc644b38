"""What things are called in a rationale, the second and third of their kind, too."""

from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.index import GraphIndex
from videostep.reason.mentions import Mentions
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph
from videostep.testing.vocabularies import KINDS, graph_in


def mentions(*labels: str, ranked: tuple[str, ...] = ()) -> Mentions:
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    for label in labels:
        graph.thing(clip, label)
    return Mentions(GraphIndex(graph.build()), ranked)


def test_the_only_one_so_far_is_that_one():
    said = mentions("bus", "car")
    assert said.called(0) == "the bus"
    assert (said.introduce(0), said.introduce(1)) == ("one bus", "one car")
    assert (said.called(0), said.called(1)) == ("that bus", "that car")
    assert said.introduce(0) == "that bus"


def test_beside_another_one_each_has_a_number():
    said = mentions("car", "car", "car")
    assert [said.introduce(thing) for thing in range(3)] == ["one car", "another car", "a third car"]
    assert [said.called(thing) for thing in range(3)] == ["the first car", "the second car", "the third car"]


def test_what_is_ranked_by_what_it_does_is_not_numbered_by_when_it_is_named():
    said = mentions("car", "car", ranked=("car",))
    assert [said.introduce(thing) for thing in range(2)] == ["one car", "another car"]
    assert [said.called(thing) for thing in range(2)] == ["that car", "the other car"]


def test_what_cannot_be_counted_is_not_numbered():
    said = mentions("food", "food")
    assert [said.introduce(thing) for thing in range(2)] == ["some food", "some other food"]
    assert [said.called(thing) for thing in range(2)] == ["that food", "the other food"]


def test_that_one_is_said_only_while_there_is_one():
    """ "Another person ... That person" leaves open which of the two is meant."""
    config = AskConfig(min_confidence=0.0, samples_per_thing=20.0)
    several = 0
    for seed in range(4):
        graph = random_graph(seed, n_clips=2, n_objects=10)
        for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples:
            for label in ("person", "bicycle", "car", "dog"):
                before, another, after = sample.rationale.lower().partition(f"another {label}")
                ranked = any(name in sample.program for name in ("nth", "longest", "shortest"))
                if another and f"one {label}" in before and not ranked:
                    several += 1
                    assert f"that {label}" not in after.partition(".")[2], sample.rationale
    assert several


def test_nobody_is_the_first_person_before_the_second_one_came_in():
    config = AskConfig(min_confidence=0.0, samples_per_thing=20.0)
    timed = 0
    for seed in range(6):
        graph = graph_in(KINDS[2], seed, n_clips=1)
        for sample in ask_graph(graph, graph_sha256="0" * 64, config=config, seed=0).samples:
            for label in ("cube", "sphere", "cylinder"):
                before, another, _ = sample.rationale.lower().partition(f"another {label}")
                timed += bool(another) and sample.type.temporal in ("before", "after", "while")
                assert not another or f"the first {label}" not in before, sample.rationale
    assert timed
