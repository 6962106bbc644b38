"""Evidence that passes is enough: a graph cut down to it gives the answer again."""

import math
from dataclasses import replace

import pytest

from videostep.errors import AmbiguousError, OutOfCoverageError
from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier, execute
from videostep.reason.verify.grounds import Elements
from videostep.sample import Sample
from videostep.testing.graphs import random_graph, street_graph

SHA256 = "5" * 64
CONFIG = AskConfig(samples_per_video=30, min_confidence=0.0)
GRAPHS = [street_graph(), *(random_graph(seed, 3, 7) for seed in range(3))]


def samples_of(graph: VideoGraph) -> tuple[Sample, ...]:
    return ask_graph(graph, graph_sha256=SHA256, config=CONFIG, seed=1).samples


def evidence_of(sample: Sample) -> list[str]:
    return sorted({id_ for step in sample.steps for id_ in step.evidence})


def cut_down(graph: VideoGraph, sample: Sample) -> VideoGraph:
    """Only the sample's evidence, and the object nodes that it hangs on."""
    elements, named = Elements(graph), evidence_of(sample)
    kept = {*named, *(node for id_ in named for node in elements.nodes[id_])}
    parts = ("objects", "attributes", "relations", "motions", "references")
    return replace(
        graph,
        doubts=(),
        **{part: tuple(element for element in getattr(graph, part) if element.id in kept) for part in parts},
    )


def gives_its_answer(sample: Sample, graph: VideoGraph) -> bool:
    """False when the graph only fails to say that another thing does not fit."""
    try:
        answer = execute(sample.program, graph)
    except (AmbiguousError, OutOfCoverageError) as error:
        # Values that are no evidence are unknown in a cut graph, and so is that two things are not one.
        if "might" in error.message:
            return False
        raise
    assert answer == sample.answer
    return True


def without(sample: Sample, id_: str, graph: VideoGraph) -> Sample:
    """The sample as if it had never named one piece of its evidence."""
    kept = (tuple(other for other in step.evidence if other != id_) for step in sample.steps)
    steps = tuple(replace(step, evidence=evidence) for step, evidence in zip(sample.steps, kept, strict=True))
    bare = replace(sample, steps=steps)
    confidence = Elements(graph).confidence
    return replace(bare, confidence=math.prod(confidence[other] for other in evidence_of(bare)))


@pytest.mark.parametrize("graph", GRAPHS)
def test_a_graph_of_the_evidence_alone_gives_the_answer(graph):
    answered = [gives_its_answer(sample, cut_down(graph, sample)) for sample in samples_of(graph)]
    assert sum(answered) >= 3


@pytest.mark.parametrize("graph", GRAPHS)
def test_evidence_that_can_be_left_out_was_not_needed(graph):
    verifier, missed, idle = Verifier(graph, SHA256), 0, 0
    nodes = {node.id for node in graph.objects}  # a fact stands for the nodes it hangs on
    for sample in samples_of(graph):
        for id_ in (id_ for id_ in evidence_of(sample) if id_ not in nodes):
            bare = without(sample, id_, graph)
            if verifier.check(bare).ok:
                gives_its_answer(bare, cut_down(graph, bare))
                idle += 1
            else:
                missed += 1
    assert missed > idle  # two clips may both show the same fact
