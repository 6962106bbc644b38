"""Cross-clip bridging: the ClipGraphs of a video become its spatio-temporal scene graph.

Source: STEP, section 3.1: objects of different clips that are the same thing are joined by reference
edges, and each clip gets an event. STEP asks the model about single pairs; here the answers for two
clips are matched one to one, and no chain of edges ever joins two objects of one clip.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from videostep.errors import ConfigError
from videostep.graph import GRAPH_FORMAT, ClipGraph, GraphClip, Provenance, ReferenceEdge, VideoGraph
from videostep.induce.identity import assign
from videostep.induce.parse import ComparesTogether, SceneParser, Sighting
from videostep.induce.support import within
from videostep.video import Video


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeConfig:
    """When objects of two clips are the same thing."""

    join: bool = True
    """False: no two objects of different clips are joined, and the parser is not asked. Paper: true; false is
    its ablation "without cross-clip bridging", but that each clip keeps its event."""
    min_confidence: float = 0.6
    """The parser must be at least so sure that two objects are one, 0..1. Paper: not given; by eye about
    half of the edges below were wrong, few above."""
    min_margin: float = 0.4
    """It must be so much surer than it is of any rival of either object, 0..1. Rivals are the others of
    both clips, those seen beside the object itself too, of which it is known that they are not it: of
    many people in dark jackets none is taken. Paper: not given; chosen by `scripts/bench bridge`: at
    0.4 precision is 0.92 where without a margin it is 0.76."""
    window_clips: int = 8
    """An object is compared with those of the last so many clips that hold its label: bounds the time
    for long videos. Paper: not given."""

    def __post_init__(self) -> None:
        for name in ("min_confidence", "min_margin"):
            if not 0 <= getattr(self, name) <= 1:
                raise ConfigError(f"{name} is {getattr(self, name)}", remedy="give 0 to 1")
        if self.window_clips < 1:
            raise ConfigError(f"window_clips is {self.window_clips}", remedy="give 1 or more")


class Candidate(NamedTuple):
    """Two objects of different clips that may be the same thing."""

    confidence: float
    first: Sighting
    second: Sighting
    """Of the later clip."""


def bridge_video(
    video: Video,
    clip_graphs: Sequence[ClipGraph],
    parser: SceneParser,
    config: BridgeConfig,
    provenance: Provenance,
) -> VideoGraph:
    """Join the clips of a video; `clip_graphs` in any order."""
    graphs = sorted(clip_graphs, key=lambda graph: graph.clip.span_s)
    candidates = find_candidates(map(sightings_of, graphs), parser, config) if config.join else []
    return VideoGraph(
        format=GRAPH_FORMAT,
        video=video,
        clips=tuple(_graph_clip(graph, parser) for graph in graphs),
        objects=tuple(node for graph in graphs for node in graph.objects),
        attributes=tuple(node for graph in graphs for node in graph.attributes),
        relations=tuple(edge for graph in graphs for edge in graph.relations),
        motions=tuple(edge for graph in graphs for edge in graph.motions),
        references=_references(resolve(candidates)),
        provenance=provenance,
        doubts=tuple(doubt for graph in graphs for doubt in graph.doubts),
        coverage=parser.coverage,
    )


def sightings_of(graph: ClipGraph) -> tuple[Sighting, ...]:
    """The objects of a clip as a parser compares them."""
    attributes: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for node in graph.attributes:
        attributes[node.object].append((node.name, node.value))
    return tuple(
        Sighting(
            object=node,
            attributes=tuple(sorted(attributes[node.id])),
            appearance=graph.appearances.get(node.id, ()),
        )
        for node in graph.objects
    )


def find_candidates(
    clips: Iterable[Sequence[Sighting]], parser: SceneParser, config: BridgeConfig
) -> list[Candidate]:
    """One-to-one matches of each clip with the clips before it, label by label."""
    recent: defaultdict[str, deque[_Group]] = defaultdict(lambda: deque(maxlen=config.window_clips))
    candidates: list[Candidate] = []
    for sightings in clips:
        by_label: defaultdict[str, list[Sighting]] = defaultdict(list)
        for sighting in sightings:
            by_label[sighting.object.label].append(sighting)
        if isinstance(parser, ComparesTogether):
            parser.expect_pairs(_pairs_to_compare(recent, by_label))
        for label in sorted(by_label):
            group = _Group(by_label[label], parser)
            for earlier in recent[label]:
                candidates += _match(earlier, group, parser, config)
            recent[label].append(group)
    return candidates


def _pairs_to_compare(
    recent: Mapping[str, Iterable[_Group]], later: Mapping[str, Sequence[Sighting]]
) -> list[tuple[Sighting, Sighting]]:
    return [
        (first, second)
        for label in sorted(later)
        for earlier in recent.get(label, ())
        for first in earlier.sightings
        for second in later[label]
    ]


class _Group:
    """The objects of one clip that have one label."""

    def __init__(self, sightings: Sequence[Sighting], parser: SceneParser) -> None:
        self.sightings = sightings
        self._parser = parser

    @cached_property
    def likest(self) -> NDArray[np.float64]:
        """How like each object is to the likest one that is seen beside it; asked only when needed."""
        alike = np.zeros((len(self.sightings), len(self.sightings)))
        for (row, one), (column, other) in combinations(enumerate(self.sightings), 2):
            if within(one.object.spans_s, other.object.spans_s):
                alike[row, column] = alike[column, row] = self._parser.same_thing(one, other)
        likest: NDArray[np.float64] = alike.max(axis=1, initial=0.0)
        return likest


def _match(earlier: _Group, later: _Group, parser: SceneParser, config: BridgeConfig) -> Iterator[Candidate]:
    scores = np.array(
        [[parser.same_thing(first, second) for second in later.sightings] for first in earlier.sightings]
    )
    for row, column in assign(scores, config.min_confidence, config.min_margin):
        likest = max(earlier.likest[row], later.likest[column])
        if scores[row, column] - likest >= config.min_margin:
            yield Candidate(float(scores[row, column]), earlier.sightings[row], later.sightings[column])


def resolve(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that hold together, strongest first.

    A candidate is dropped when it would put two objects of one clip into one thing, or when stronger
    ones join its objects already.
    """
    things: dict[str, dict[str, str]] = {}
    kept: list[Candidate] = []
    for pair in sorted(candidates, key=_strongest_first):
        first = things.setdefault(pair.first.object.id, {pair.first.object.clip: pair.first.object.id})
        second = things.setdefault(pair.second.object.id, {pair.second.object.clip: pair.second.object.id})
        if first.keys() & second.keys():
            continue
        first.update(second)
        for id_ in second.values():
            things[id_] = first
        kept.append(pair)
    return kept


def _strongest_first(pair: Candidate) -> tuple[float, str, str]:
    return (-pair.confidence, pair.first.object.id, pair.second.object.id)


def _in_time(pair: Candidate) -> tuple[object, ...]:
    ends = (pair.first.object, pair.second.object)
    return tuple((end.spans_s, end.id) for end in ends)


def _references(kept: Iterable[Candidate]) -> tuple[ReferenceEdge, ...]:
    edges = sorted(kept, key=_in_time)
    return tuple(
        ReferenceEdge(
            id=f"{first.object.id}.same-as.{second.object.id}",
            objects=(first.object.id, second.object.id),
            confidence=round(confidence, 4),
        )
        for confidence, first, second in edges
    )


def _graph_clip(graph: ClipGraph, parser: SceneParser) -> GraphClip:
    clip = graph.clip
    return GraphClip(id=clip.id, span_s=clip.span_s, event=parser.event_of(graph), keyframes=clip.keyframes)
