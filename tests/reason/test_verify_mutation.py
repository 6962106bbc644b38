"""Flip one fact that a sample rests on, and the verifier notices: in at least 99 of 100 cases."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from videostep.graph import VideoGraph
from videostep.reason.ask import AskConfig, ask_graph
from videostep.reason.verify import Verifier
from videostep.sample import Sample
from videostep.testing.graphs import random_graph

SHA256 = "5" * 64
CONFIG = AskConfig(samples_per_video=60, min_confidence=0.0)
PARTS = ("attributes", "relations", "motions", "references")
WORDS = {
    "value": ("black", "blue", "green", "red", "white", "yellow"),
    "predicate": ("carrying", "enters", "leaves", "next to", "on", "riding", "stops", "walks to the left"),
}


def asked(seeds: range) -> list[tuple[VideoGraph, tuple[Sample, ...]]]:
    graphs = [random_graph(seed, n_clips=4, n_objects=6) for seed in seeds]
    return [(graph, ask_graph(graph, graph_sha256=SHA256, config=CONFIG, seed=1).samples) for graph in graphs]


ASKED = asked(range(10))


def with_part(graph: VideoGraph, part: str, id_: str, change: Callable[[Any], list[Any]]) -> VideoGraph:
    """The graph with one element of a part changed to none or one other."""
    elements = getattr(graph, part)
    changed = [new for old in elements for new in (change(old) if old.id == id_ else [old])]
    return replace(graph, **{part: tuple(changed)})


def flipped(graph: VideoGraph, sample: Sample, part: str, rng: Random) -> VideoGraph | None:
    """The graph with another word in one fact that the sample rests on; None when it rests on none."""
    own = {element.id for element in getattr(graph, part)}
    ids = sorted({id_ for step in sample.steps for id_ in step.evidence} & own)
    if not ids:
        return None

    def change(old: Any) -> list[Any]:
        if part == "references":
            return []
        field = "value" if part == "attributes" else "predicate"
        others = [word for word in WORDS[field] if word != getattr(old, field)]
        return [replace(old, **{field: rng.choice(others)})]

    return with_part(graph, part, rng.choice(ids), change)


def test_a_flipped_fact_is_noticed() -> None:
    rng, noticed = Random(7), Counter[str]()
    flips = Counter[str]()
    for (graph, samples), part in itertools.product(ASKED, PARTS):
        for sample in samples:
            other = flipped(graph, sample, part, rng)
            if other is not None:
                flips[part] += 1
                noticed[part] += not Verifier(other, SHA256).check(sample).ok
    assert all(flips[part] > 20 for part in PARTS)
    assert noticed.total() >= 0.99 * flips.total()
