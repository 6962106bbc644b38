"""Relations that hold both ways, whichever way round the graph states them."""

from dataclasses import replace

import pytest

from videostep.errors import AmbiguousError, EmptyError
from videostep.graph import RelationEdge, VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.index import HOLD_BOTH_WAYS, GraphIndex
from videostep.reason.verify import execute
from videostep.reason.verify.facts import SYMMETRIC, Facts
from videostep.testing.builder import GraphBuilder
from videostep.testing.graphs import random_graph

MAN, CAR = 'unique(called(things(), "man"))', 'unique(called(things(), "car"))'
RELATED = set[tuple[int, str, int, str]]  # thing, predicate, thing, spans


def turned(graph: VideoGraph) -> VideoGraph:
    """The graph with every relation that holds both ways stated the other way round."""
    return replace(graph, relations=tuple(map(turned_edge, graph.relations)))


def turned_edge(edge: RelationEdge) -> RelationEdge:
    if edge.predicate not in SYMMETRIC:
        return edge
    return replace(edge, subject=edge.object, object=edge.subject)


def doubled(graph: VideoGraph) -> VideoGraph:
    """The graph with every relation that holds both ways stated both ways."""
    stated = {(edge.subject, edge.predicate, edge.object) for edge in graph.relations}
    back = (replace(turned_edge(edge), id=f"{edge.id}-back") for edge in graph.relations)
    fresh = [edge for edge in back if (edge.subject, edge.predicate, edge.object) not in stated]
    return replace(graph, relations=(*graph.relations, *fresh))


def related_to_the_executor(graph: VideoGraph) -> RELATED:
    things = enumerate(Facts(graph).things)
    return {
        (number, fact.word, fact.other, str(fact.spans_s))
        for number, thing in things
        for fact in thing.outgoing
    }


def related_to_the_sampler(graph: VideoGraph) -> RELATED:
    facts = GraphIndex(graph).facts
    return {(f.thing, f.name, f.other, str(f.spans_s)) for f in facts if f.kind == "relation"}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("related", [related_to_the_executor, related_to_the_sampler])
def test_a_graph_says_the_same_one_way_the_other_way_and_both_ways(seed, related):
    graph = random_graph(seed, n_clips=3, n_objects=5)
    assert len(related(graph)) > len(graph.relations)
    assert related(graph) == related(turned(graph)) == related(doubled(graph))


@pytest.mark.parametrize("seed", range(6))
def test_a_samples_answer_does_not_depend_on_the_way_round(seed):
    graph = random_graph(seed, n_clips=3, n_objects=5)
    config = AskConfig(min_confidence=0.0, samples_per_video=30)
    samples = ask_graph(graph, graph_sha256="0" * 64, config=config, seed=seed).samples
    about = [sample for sample in samples if '"next to"' in sample.program]
    assert about
    for sample in about:
        for other in (turned(graph), doubled(graph)):
            assert execute(sample.program, other) == sample.answer


def test_sampler_and_executor_mean_the_same_predicates():
    assert HOLD_BOTH_WAYS == SYMMETRIC


def man_and_car(predicate: str) -> GraphBuilder:
    graph = GraphBuilder(duration_s=20.0)
    clip = graph.clip(0.0, 20.0)
    man, car = graph.thing(clip, "man", kind="dynamic"), graph.thing(clip, "car")
    graph.relation(man, predicate, car, [(2.0, 8.0)])
    return graph


@pytest.mark.parametrize("predicate", ["next to", "beside", "near", "close to"])
def test_it_is_known_from_either_end(predicate):
    graph = man_and_car(predicate).build()
    assert execute(f"predicate({CAR}, {MAN})", graph) == predicate
    assert execute(f'held({CAR}, "{predicate}", {MAN})', graph) == "2.0 s to 8.0 s"
    assert execute(f'name(unique(subjects(things(), "{predicate}", {MAN})))', graph) == "car"


def test_other_relations_have_one_direction():
    with pytest.raises(EmptyError):
        execute(f"predicate({CAR}, {MAN})", man_and_car("behind").build())


@pytest.mark.parametrize(
    ("back_s", "found_s"), [((7.0, 9.0), "7.0 s to 9.0 s"), ((2.0, 8.0), "2.0 s to 8.0 s")]
)
def test_what_the_graph_states_of_that_time_is_not_said_again(back_s, found_s):
    graph = man_and_car("next to")
    graph.relation("c1-car-1", "next to", "c1-man-1", [back_s])
    assert execute(f'held({CAR}, "next to", {MAN})', graph.build()) == found_s


def test_what_it_states_of_another_time_is_a_second_time():
    graph = man_and_car("next to")
    graph.relation("c1-car-1", "next to", "c1-man-1", [(8.0, 9.0)])
    during = f'at(after(held({MAN}, "next to", {CAR})), held({CAR}, "next to", {MAN}))'
    assert execute(f"at(always(), predicate({CAR}, {MAN}))", graph.build()) == "next to"
    with pytest.raises(AmbiguousError, match="more than one time"):
        execute(during, graph.build())
