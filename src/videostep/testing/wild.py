"""Graphs that keep every rule of their format and are as awkward as the rules allow."""

from __future__ import annotations

import itertools
import random
from typing import NamedTuple

from videostep.graph import Coverage, VideoGraph
from videostep.testing.builder import GraphBuilder

_PREDICATES = ("next to", "near", "behind", "in front of", "on", "riding")


class _Words(NamedTuple):
    """What things are called, how they look and what they do."""

    labels: tuple[str, ...]
    values: tuple[str, ...]
    motions: tuple[str, ...]


_PLAIN = _Words(
    ("person", "car", "bicycle", "dog"),
    ("red", "green", "white", "blue"),
    ("enters", "leaves", "walks to the left", "walks to the right", "stops"),
)
_ALIKE = _Words(
    ("person", "man", "car", "van", "bicycle", "bike"),
    ("red", "dark red", "grey", "silver"),
    ("enters", "leaves", "walks", "walks to the left", "walks to the right", "walking"),
)
"""Words many of which may mean the same."""


def wild_graph(seed: int, n_objects: int) -> VideoGraph:
    """A graph with loops in its references, clips without anything, and words that may mean the same.

    In a third of them all things have one label, in another third many words may mean the same. Attributes
    change and contradict each other, relations are stated both ways, motions repeat and overlap, and the
    coverage leaves out some of the words.

    Args:
        seed: Of the random numbers; the same arguments give the same graph.
        n_objects: Object nodes, 1 or more.
    """
    rng = random.Random(seed)
    n_clips = rng.randint(1, min(12, 1 + n_objects // 2))
    lengths_s = [rng.randint(5, 90) / 10 for _ in range(n_clips)]
    graph = GraphBuilder(f"wild-{seed}-{n_objects}", duration_s=round(sum(lengths_s) + rng.choice((0, 2)), 1))
    clips, start_s = list[str](), 0.0
    for length_s in lengths_s:
        clips.append(graph.clip(start_s, round(start_s + length_s, 1), n_keyframes=rng.randint(1, 3)))
        start_s = round(start_s + length_s, 1)
    words = rng.choice((_PLAIN, _ALIKE, _PLAIN._replace(labels=(rng.choice(_PLAIN.labels),))))
    lived_in = rng.sample(clips, rng.randint(1, n_clips))  # nothing is seen in the others
    things = [_thing(graph, rng, rng.choice(lived_in), words) for _ in range(n_objects)]
    for thing in things:
        _describe(graph, rng, thing, words)
    _relate(graph, rng, things)
    _join(graph, rng, things)
    for clip in clips:
        if rng.random() < 0.2:
            graph.doubt(clip, rng.choice(words.labels))
        if rng.random() < 0.8:  # all things pass by in the same words
            graph.event(clip, rng.choice(("a crowd passes by", f"crowd number {clip[1:]} passes by")))
    return graph.build(coverage=_coverage(rng, words))


def _thing(graph: GraphBuilder, rng: random.Random, clip: str, words: _Words) -> str:
    confidence = rng.randint(50, 100) / 100
    return graph.thing(
        clip, rng.choice(words.labels), _pieces(graph, rng, clip), kind="dynamic", confidence=confidence
    )


def _pieces(graph: GraphBuilder, rng: random.Random, clip: str) -> list[tuple[float, float]]:
    """One or two pieces of a clip, apart from each other."""
    start_s, end_s = graph.span_of(clip)
    cuts_s = sorted({round(rng.uniform(start_s, end_s), 1) for _ in range(rng.choice((2, 2, 4)))})
    pieces = [(a, b) for a, b in zip(cuts_s[::2], cuts_s[1::2], strict=False) if b > a]
    return pieces if rng.random() < 0.7 and pieces else [(start_s, end_s)]


def _describe(graph: GraphBuilder, rng: random.Random, thing: str, words: _Words) -> None:
    node = graph.object(thing)
    for name in ("colour", "top colour"):
        for value in rng.sample(words.values, rng.choice((0, 1, 1, 2))):
            spans_s = node.spans_s if rng.random() < 0.7 else [rng.choice(node.spans_s)]
            graph.attribute(thing, name, value, spans_s)
    for _ in range(rng.choice((0, 1, 2, 3))):
        start_s, end_s = rng.choice(node.spans_s)
        first_s, last_s = sorted(round(rng.uniform(start_s, end_s), 1) for _ in range(2))
        if last_s > first_s:
            graph.motion(thing, rng.choice(words.motions), first_s, last_s)


def _relate(graph: GraphBuilder, rng: random.Random, things: list[str]) -> None:
    """About one relation for each thing, a third of them stated the other way round, too."""
    stated = set[tuple[str, str, str]]()
    for _ in things:
        first, second = rng.choice(things), rng.choice(things)
        predicate = rng.choice(_PREDICATES)
        for subject, object_ in ((first, second), (second, first)):
            is_new = (subject, predicate, object_) not in stated and first != second
            if is_new and graph.seen_together(subject, object_):
                stated.add((subject, predicate, object_))
                graph.relation(subject, predicate, object_)
            if rng.random() < 2 / 3:
                break


def _join(graph: GraphBuilder, rng: random.Random, things: list[str]) -> None:
    """References between clips: each thing once in a clip, most joined in a loop, some with chords."""
    free = rng.sample(things, len(things))
    for _ in range(rng.randint(0, len(things) // 2)):
        ring = dict[str, str]()
        for thing in free[: rng.choice((2, 4, 12))]:
            ring.setdefault(graph.object(thing).clip, thing)
        same = list(ring.values())
        free = [thing for thing in free if thing not in same]
        pairs = [*itertools.pairwise(same), *zip(same[2:], same, strict=False)]
        for first, second in pairs:
            graph.reference(first, second)


def _coverage(rng: random.Random, words: _Words) -> Coverage:
    """What was looked for: everything, or only some of it."""
    share = rng.choice((1.0, 1.0, 0.7))

    def some(all_words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word for word in all_words if rng.random() < share)

    return Coverage(
        labels=some(words.labels),
        attributes=some(("colour", "top colour")),
        relations=some(_PREDICATES),
        motions=some(words.motions),
    )
