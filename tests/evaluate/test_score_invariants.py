"""What holds for every graph, whatever it says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from videostep.evaluate.config import ScoreConfig
from videostep.evaluate.graph_score import Score, score_graph
from videostep.evaluate.scene import KINDS
from videostep.graph import VideoGraph
from videostep.testing.graphs import random_graph

GRAPHS = st.builds(random_graph, st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 9))
RANDOMS = st.randoms(use_true_random=False)
UNITS = st.sampled_from(["object", "thing"])
some = settings(deadline=None, max_examples=30, derandomize=True)


def without(graph: VideoGraph, gone: set[str]) -> VideoGraph:
    """The graph without some objects and all that is said of them."""
    return replace(
        graph,
        objects=tuple(node for node in graph.objects if node.id not in gone),
        attributes=tuple(node for node in graph.attributes if node.object not in gone),
        relations=tuple(edge for edge in graph.relations if not gone & {edge.subject, edge.object}),
        motions=tuple(edge for edge in graph.motions if edge.object not in gone),
        references=tuple(edge for edge in graph.references if not gone & set(edge.objects)),
    )


def blurred(graph: VideoGraph, random) -> VideoGraph:
    """The graph with some things lost, and some called or coloured otherwise."""
    gone = {node.id for node in graph.objects if random.random() < 0.2}
    left = without(graph, gone)
    return replace(
        left,
        objects=tuple(
            replace(node, label=random.choice(["dog", "car", node.label])) for node in left.objects
        ),
        attributes=tuple(replace(node, value=random.choice(["red", node.value])) for node in left.attributes),
    )


def shuffled(graph: VideoGraph, random) -> VideoGraph:
    names = ("objects", "attributes", "relations", "motions", "references", "doubts")
    return replace(
        graph, **{name: tuple(random.sample(value := getattr(graph, name), len(value))) for name in names}
    )


def assert_perfect(score: Score) -> None:
    for kind in KINDS:
        tally = score.total(kind)
        assert tally.found == tally.predicted == tally.true, kind
        assert tally.time_iou == pytest.approx(tally.agreeing)
    assert score.identity.common_s == pytest.approx(score.identity.true_s)


@some
@given(GRAPHS, UNITS)
def test_a_graph_agrees_with_itself(graph, unit):
    for score in score_graph(graph, graph, ScoreConfig(unit=unit)).values():
        assert_perfect(score)
        assert score.stsg_accuracy == 1.0


@some
@given(GRAPHS, UNITS)
def test_without_boxes_too(graph, unit):
    bare = replace(graph, objects=tuple(replace(node, boxes=()) for node in graph.objects))
    for score in score_graph(bare, bare, ScoreConfig(unit=unit)).values():
        assert_perfect(score)


@some
@given(GRAPHS, RANDOMS, UNITS)
def test_the_order_of_nodes_and_edges_makes_no_difference(graph, random, unit):
    config, other = ScoreConfig(unit=unit), blurred(graph, random)
    assert score_graph(shuffled(other, random), shuffled(graph, random), config) == score_graph(
        other, graph, config
    )


@some
@given(GRAPHS, RANDOMS)
def test_lost_objects_cost_recall_and_no_precision(graph, random):
    gone = {node.id for node in graph.objects if random.random() < 0.4}
    left = without(graph, gone)
    for score in score_graph(left, graph).values():
        objects = score.total("objects")
        assert objects.found == objects.predicted == len(graph.objects) - len(gone)
        assert objects.true == len(graph.objects)


@some
@given(GRAPHS, RANDOMS)
def test_things_called_otherwise_are_lost_with_all_that_is_said_of_them(graph, random):
    renamed = {node.id for node in graph.objects if random.random() < 0.4}
    wrong = replace(
        graph,
        objects=tuple(
            replace(node, label="unicorn") if node.id in renamed else node for node in graph.objects
        ),
    )
    score = score_graph(wrong, graph)["hungarian"]
    rest = len(graph.objects) - len(renamed)
    assert score.total("objects").found == rest
    assert score.total("objects").predicted == len(graph.objects)
    said = sum(node.object not in renamed for node in graph.attributes)
    assert score.total("attributes").found <= said
    assert score.total("attributes").predicted == len(graph.attributes)


@some
@given(GRAPHS, RANDOMS)
def test_turned_round_precision_is_recall(graph, random):
    other = blurred(graph, random)
    there, back = (score_graph(*pair)["hungarian"] for pair in ((other, graph), (graph, other)))
    assert there.total("objects").precision == back.total("objects").recall
    assert there.total("objects").recall == back.total("objects").precision
    assert there.identity.common_s == pytest.approx(back.identity.common_s)


@some
@given(GRAPHS, RANDOMS)
def test_best_shares_no_less_time_than_greedy(graph, random):
    scores = score_graph(blurred(graph, random), graph)
    assert scores["hungarian"].identity.common_s >= scores["greedy"].identity.common_s - 1e-9


@some
@given(GRAPHS, RANDOMS)
def test_scores_add_up(graph, random):
    score = score_graph(blurred(graph, random), graph)["hungarian"]
    twice = score + score
    for kind in KINDS:
        assert twice.total(kind).found == 2 * score.total(kind).found
        assert twice.total(kind).recall == score.total(kind).recall
    assert twice.stsg_accuracy == score.stsg_accuracy
    assert twice.identity.idf1 == pytest.approx(score.identity.idf1)
