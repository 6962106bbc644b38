"""One fact on a sample's path told wrongly, and the verifier notices."""

import random
from collections import Counter
from dataclasses import replace
from itertools import groupby

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier
from videostep.reason.verify.facts import Facts
from videostep.sample import Sample
from videostep.testing.builder import GraphBuilder
from videostep.testing.flips import KINDS, Flip, flips, is_on_path, without
from videostep.testing.graphs import random_graph, street_graph

SHA256 = "5" * 64


def asked(graph: VideoGraph) -> tuple[Sample, ...]:
    config = AskConfig(samples_per_video=60, min_confidence=0.0)
    return ask_graph(graph, graph_sha256=SHA256, config=config, seed=1).samples


def only_moves_a_change(sample: Sample, before: VideoGraph, flip: Flip) -> bool:
    """Whether a thing takes on the same values in the same order, only sooner or later.

    Who is said to sit while still standing sits down earlier: "from standing to sitting" stays true, and no
    sample says when.
    """
    is_value = flip.kind == "attribute value changed" and any(
        op in sample.program for op in ("change(", "turn(")
    )
    return is_value and values_in_order(before, flip.fact) == values_in_order(flip.graph, flip.fact)


def values_in_order(graph: VideoGraph, fact: str) -> list[str]:
    """The values of a fact's attribute and thing by when they begin, each once for as long as it stays."""
    facts = Facts(graph)
    node = next(node for node in graph.attributes if node.id == fact)
    known = facts.things[facts.thing_of[node.object]].attributes[node.name]
    return [value for value, _ in groupby(f.word for f in sorted(known, key=lambda f: f.spans_s))]


def unnoticed(graph: VideoGraph, *, of_each: int) -> tuple[Counter[str], list[tuple[Sample, Flip]]]:
    """Flips by kind, at most so many of each sample, and those after which the sample still passes."""
    rng, tried, missed = random.Random(7), Counter[str](), list[tuple[Sample, Flip]]()
    for sample in asked(graph):
        on_path = [flip for flip in flips(graph, sample, rng) if is_on_path(graph, sample, flip.fact)]
        for flip in rng.sample(on_path, min(of_each, len(on_path))):
            tried[flip.kind] += 1
            if Verifier(flip.graph, SHA256).check(sample).ok and not only_moves_a_change(sample, graph, flip):
                missed.append((sample, flip))
    return tried, missed


def test_nothing_flipped_goes_unnoticed_in_the_street():
    tried, missed = unnoticed(street_graph(), of_each=4)
    assert tried.total() > 150
    assert missed == [], [(flip.kind, sample.question) for sample, flip in missed]


def test_flipped_facts_of_every_kind_are_noticed_in_random_graphs():
    tried, missed = Counter[str](), list[tuple[Sample, Flip]]()
    for seed in range(5):
        more, also_missed = unnoticed(random_graph(seed, n_clips=4, n_objects=5), of_each=3)
        tried += more
        missed += also_missed
    assert set(tried) == {kind for kinds in KINDS.values() for kind in kinds}
    assert len(missed) <= 0.01 * tried.total(), [(flip.kind, sample.question) for sample, flip in missed]


def test_every_flip_changes_one_fact_and_no_other():
    graph, rng = random_graph(3, n_clips=4, n_objects=5), random.Random(0)
    for sample in asked(graph)[:10]:
        for flip in flips(graph, sample, rng):
            assert flip.graph != graph
            kept = [e for part in KINDS for e in getattr(graph, part) if e.id != flip.fact]
            assert [e for part in KINDS for e in getattr(flip.graph, part) if e.id != flip.fact] == kept


def test_what_is_told_twice_is_not_on_the_path():
    graph = GraphBuilder(duration_s=10.0)
    clip = graph.clip(0.0, 10.0)
    man, bus = graph.thing(clip, "man", kind="dynamic"), graph.thing(clip, "bus", colour="red")
    graph.relation(man, "behind", bus, [(0.0, 4.0)])
    once = graph.build()
    sample = next(s for s in asked(once) if '"behind"' in s.program)
    first = once.relations[0]
    twice = replace(once, relations=(first, replace(first, id=f"{first.id}-again")))
    assert is_on_path(once, sample, first.id)
    assert not is_on_path(twice, sample, first.id)


def test_without_a_thing_there_is_nothing_that_hangs_on_it():
    graph = street_graph()
    bus = next(node.id for node in graph.objects if node.label == "bus")
    left = without(graph, bus)
    assert len(left.objects) == len(graph.objects) - 1
    assert bus not in {element.object for element in (*left.attributes, *left.motions)}
    assert bus not in {end for edge in left.relations for end in (edge.subject, edge.object)}
