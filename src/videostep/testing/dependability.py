"""How much of what a parser says of noisy replies is wrong, and how much of the truth it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from videostep.graph import FrameGraph, VideoGraph
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.parser import VideoLlmParser
from videostep.testing.perfect_eye import PerfectEye
from videostep.testing.staged import watch_staged

_SEEDS_APART = 100
"""Between two runs: more than any samples a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependability:
    """Counts over several runs; elements are nodes and edges of FrameGraphs, and reference edges."""

    stated: int
    wrong: int
    """Of those stated."""
    true: int
    """That could be stated."""
    kept: int
    """Of the true ones."""

    @property
    def wrong_share(self) -> float:
        """Of what is stated, 0..1."""
        return self.wrong / self.stated if self.stated else 0.0

    @property
    def kept_share(self) -> float:
        """Of what is true, 0..1."""
        return self.kept / self.true


def measure_dependability(
    truth: VideoGraph, config: VideoLlmConfig, *, noise: float, runs: int
) -> Dependability:
    """Let a parser watch a graph through a noisy perfect eye, `runs` times with other seeds."""
    true = _elements(truth, config, noise=0.0, seed=0)
    said = [_elements(truth, config, noise=noise, seed=_SEEDS_APART * run) for run in range(runs)]
    return Dependability(
        stated=sum(map(len, said)),
        wrong=sum(len(one - true) for one in said),
        true=runs * len(true),
        kept=sum(len(one & true) for one in said),
    )


def _elements(
    truth: VideoGraph, config: VideoLlmConfig, *, noise: float, seed: int
) -> set[tuple[object, ...]]:
    parser = VideoLlmParser(PerfectEye(truth, noise=noise).model(), config, seed=seed)
    graph, frames = watch_staged(parser, truth)
    return elements_of(frames) | references_of(graph)


def references_of(graph: VideoGraph) -> set[tuple[object, ...]]:
    """Every reference edge, its ends told by clip, label and place."""
    things = {
        node.id: (node.clip, node.label, node.boxes[0].xyxy if node.boxes else None) for node in graph.objects
    }
    return {tuple(things[id_] for id_ in edge.objects) for edge in graph.references}


def elements_of(frames: Iterable[FrameGraph]) -> set[tuple[object, ...]]:
    """Every node and edge of every keyframe, told by labels and places."""
    said: set[tuple[object, ...]] = set()
    for frame in frames:
        things = {found.node: (frame.keyframe.id, found.label, found.box) for found in frame.objects}
        for found in frame.objects:
            thing = things[found.node]
            said |= {thing, *((thing, one.name, one.value) for one in found.attributes)}
        said |= {(things[edge.subject], edge.predicate, things[edge.object]) for edge in frame.relations}
        said |= {(things[edge.node], edge.predicate) for edge in frame.motions}
    return said
