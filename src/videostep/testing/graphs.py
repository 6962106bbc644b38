"""Two graphs for tests: a street told by hand, and as many plausible random ones as wanted."""

from __future__ import annotations

import itertools
import random

from videostep.graph import Box, Coverage, Kind, VideoGraph
from videostep.testing.builder import GraphBuilder

COVERAGE = Coverage(
    labels=("backpack", "bench", "bicycle", "bus", "car", "dog", "person"),
    attributes=("colour", "posture", "top colour", "trouser colour"),
    relations=("carrying", "next to", "on", "riding"),
    motions=(
        "drives to the right",
        "enters",
        "leaves",
        "rides to the left",
        "runs to the right",
        "sits down",
        "stops",
        "walks to the left",
        "walks to the right",
    ),
)
"""What both graphs' parser is said to have looked for."""


def street_graph() -> VideoGraph:
    """Three scenes of a street, 24 s, small enough to know by heart.

    In scene 1 a white bus stands beside a woman in red (black trousers) and drives off to the
    right (4-6 s), after which she walks to the left. A man in blue stands next to a silver car. A
    third person, in black, comes in with a green backpack. In scene 2 somebody in yellow rides a
    red bicycle past a bench; the woman in red sits down on the bench, next to which a black
    bicycle stands; the man in blue walks by. In scene 3 the cyclist stops next to a blue car,
    a dog runs past, and something in the background may be a person.
    """
    street = GraphBuilder("street", duration_s=24.0)
    woman, man = _bus_stop(street)
    cyclist, bicycle = _bench(street, woman, man)
    _parked_cars(street, cyclist, bicycle)
    return street.build(coverage=COVERAGE)


def _bus_stop(street: GraphBuilder) -> tuple[str, str]:
    clip = street.clip(0.0, 10.0, n_keyframes=3)
    bus = street.thing(
        clip, "bus", [(0.0, 6.0)], kind="dynamic", box=Box(0.35, 0.1, 0.8, 0.8), colour="white"
    )
    woman = street.thing(
        clip,
        "person",
        kind="dynamic",
        box=Box(0.2, 0.35, 0.3, 0.9),
        top_colour="red",
        trouser_colour="black",
    )
    man = street.thing(
        clip,
        "person",
        [(0.0, 8.0)],
        kind="dynamic",
        box=Box(0.8, 0.4, 0.88, 0.9),
        top_colour="blue",
        trouser_colour="grey",
    )
    late = street.thing(
        clip, "person", [(5.0, 10.0)], kind="dynamic", box=Box(0.02, 0.4, 0.1, 0.9), top_colour="black"
    )
    car = street.thing(clip, "car", box=Box(0.85, 0.5, 1.0, 0.8), colour="silver")
    backpack = street.thing(
        clip, "backpack", [(5.0, 10.0)], box=Box(0.04, 0.45, 0.08, 0.6), colour="green", confidence=0.7
    )
    street.attribute(woman, "posture", "standing", [(0.0, 10.0)])
    street.relation(woman, "next to", bus, [(0.0, 4.0)])
    street.relation(man, "next to", car, [(0.0, 8.0)])
    street.relation(late, "carrying", backpack)
    street.motion(bus, "drives to the right", 4.0, 6.0)
    street.motion(woman, "walks to the left", 6.2, 9.0)
    street.motion(man, "leaves", 7.0, 8.0)
    street.motion(late, "enters", 5.0, 6.0)
    street.motion(late, "walks to the right", 6.5, 9.5)
    street.event(clip, "a white bus drives away from a person in red", [bus, woman])
    return woman, man


def _bench(street: GraphBuilder, woman: str, man: str) -> tuple[str, str]:
    clip = street.clip(10.0, 18.0)
    cyclist = street.thing(
        clip, "person", [(11.0, 16.0)], kind="dynamic", box=Box(0.5, 0.2, 0.6, 0.7), top_colour="yellow"
    )
    sitter = street.thing(
        clip,
        "person",
        kind="dynamic",
        box=Box(0.3, 0.4, 0.4, 0.9),
        top_colour="red",
        trouser_colour="black",
    )
    walker = street.thing(
        clip, "person", [(12.0, 17.0)], kind="dynamic", box=Box(0.7, 0.4, 0.78, 0.9), top_colour="blue"
    )
    ridden = street.thing(
        clip, "bicycle", [(11.0, 16.0)], kind="dynamic", box=Box(0.48, 0.4, 0.62, 0.8), colour="red"
    )
    parked = street.thing(clip, "bicycle", box=Box(0.15, 0.5, 0.28, 0.9), colour="black")
    bench = street.thing(clip, "bench", box=Box(0.25, 0.6, 0.45, 0.9), colour="brown")
    street.attribute(sitter, "posture", "standing", [(10.0, 14.0)])
    street.attribute(sitter, "posture", "sitting", [(15.0, 18.0)])
    street.relation(cyclist, "riding", ridden, confidence=0.8)
    street.relation(parked, "next to", bench)
    street.relation(sitter, "next to", bench, [(10.0, 14.0)])
    street.relation(sitter, "on", bench, [(15.0, 18.0)])
    street.motion(cyclist, "rides to the left", 11.0, 16.0)
    street.motion(sitter, "sits down", 14.0, 15.0)
    street.motion(walker, "walks to the right", 12.0, 13.5)
    street.motion(walker, "leaves", 16.5, 17.0)
    street.event(clip, "a person in yellow rides a red bicycle to the left", [cyclist, ridden])
    street.reference(woman, sitter, confidence=0.9)
    street.reference(man, walker, confidence=0.8)
    return cyclist, ridden


def _parked_cars(street: GraphBuilder, cyclist: str, bicycle: str) -> None:
    clip = street.clip(18.0, 24.0)
    rider = street.thing(clip, "person", kind="dynamic", box=Box(0.4, 0.3, 0.5, 0.8), top_colour="yellow")
    stopped = street.thing(clip, "bicycle", kind="dynamic", box=Box(0.38, 0.5, 0.52, 0.9), colour="red")
    blue = street.thing(clip, "car", box=Box(0.55, 0.5, 0.8, 0.85), colour="blue")
    street.thing(clip, "car", box=Box(0.82, 0.5, 1.0, 0.85), colour="white")
    dog = street.thing(
        clip, "dog", [(20.0, 23.0)], kind="dynamic", box=Box(0.1, 0.7, 0.2, 0.85), colour="brown"
    )
    street.relation(rider, "riding", stopped, [(18.0, 20.0)])
    street.relation(rider, "next to", blue, [(19.0, 24.0)])
    street.motion(rider, "rides to the left", 18.0, 19.0)
    street.motion(rider, "stops", 19.0, 20.0)
    street.motion(dog, "enters", 20.0, 20.5)
    street.motion(dog, "runs to the right", 20.5, 22.5)
    street.event(clip, "a person in yellow stops next to a blue car", [rider, blue])
    street.reference(cyclist, rider, confidence=0.85)
    street.reference(bicycle, stopped, confidence=0.8)
    street.doubt(clip, "person", [(21.0, 22.0)])


# --- random graphs --------------------------------------------------------------------------

_COLOURS = ("black", "blue", "green", "red", "white", "yellow")
_LABELS: tuple[tuple[str, Kind], ...] = (
    ("person", "dynamic"),
    ("person", "dynamic"),
    ("bicycle", "dynamic"),
    ("car", "static"),
    ("bench", "static"),
    ("dog", "dynamic"),
    ("backpack", "static"),
)
_BY_PEOPLE = {"bicycle": "riding", "backpack": "carrying", "bench": "on"}
_MOTIONS = ("enters", "leaves", "stops", "walks to the left", "walks to the right")


def random_graph(seed: int, n_clips: int = 3, n_objects: int = 6) -> VideoGraph:
    """A plausible graph: the same `seed` and sizes give the same graph, on every machine.

    Args:
        seed: Of the random numbers.
        n_clips: Scenes, 4 to 12 s each.
        n_objects: Things in each scene; some come back in the next one.
    """
    rng = random.Random(seed)
    lengths_s = [rng.randint(40, 120) / 10 for _ in range(n_clips)]
    graph = GraphBuilder(f"random-{seed}", duration_s=round(sum(lengths_s), 1))
    start_s, before = 0.0, list[str]()
    for length_s in lengths_s:
        end_s = round(start_s + length_s, 1)
        before = _random_scene(graph, rng, start_s, end_s, n_objects, before)
        start_s = end_s
    return graph.build(coverage=COVERAGE)


def _random_scene(
    graph: GraphBuilder, rng: random.Random, start_s: float, end_s: float, n_objects: int, before: list[str]
) -> list[str]:
    """Add one scene; the ids of its things."""
    clip = graph.clip(start_s, end_s, n_keyframes=rng.randint(1, 4))
    things = [_random_thing(graph, rng, clip, start_s, end_s) for _ in range(n_objects)]
    for first, second in itertools.permutations(things, 2):
        if rng.random() < 0.25 and graph.seen_together(first, second):
            graph.relation(first, _random_predicate(graph, rng, first, second), second, confidence=_sure(rng))
    for thing in things:
        _random_motions(graph, rng, thing)
    _random_references(graph, rng, before, things)
    if rng.random() < 0.3:
        graph.doubt(clip, rng.choice(COVERAGE.labels), [(start_s, round(start_s + 1.0, 1))])
    graph.event(clip, f"crowd number {clip.removeprefix('c')} passes by", things[:2])
    return things


def _random_thing(graph: GraphBuilder, rng: random.Random, clip: str, start_s: float, end_s: float) -> str:
    label, kind = rng.choice(_LABELS)
    first_s = round(start_s + rng.choice((0.0, 0.0, 1.0, 1.5)), 1)
    last_s = round(end_s - rng.choice((0.0, 0.0, 0.5, 1.2)), 1)
    x = rng.randint(0, 70) / 100
    thing = graph.thing(
        clip,
        label,
        [(first_s, last_s)],
        kind=kind,
        box=Box(x, 0.3, round(x + 0.2, 2), 0.9),
        confidence=_sure(rng),
    )
    if rng.random() < 0.85:
        name = "top colour" if label == "person" else "colour"
        graph.attribute(thing, name, rng.choice(_COLOURS), confidence=_sure(rng))
    return thing


def _random_predicate(graph: GraphBuilder, rng: random.Random, first: str, second: str) -> str:
    """Only a person rides, carries or sits on something."""
    close = _BY_PEOPLE.get(graph.object(second).label)
    if close and graph.object(first).label == "person" and rng.random() < 0.7:
        return close
    return "next to"


def _random_motions(graph: GraphBuilder, rng: random.Random, thing: str) -> None:
    """Up to three motions one after the other."""
    node = graph.object(thing)
    if node.kind == "static":
        return
    time_s, end_s = node.spans_s[0]
    for predicate in rng.sample(_MOTIONS, 3):
        length_s = rng.randint(5, 30) / 10
        if time_s + length_s > end_s:
            return
        graph.motion(thing, predicate, time_s, round(time_s + length_s, 1), confidence=_sure(rng))
        time_s = round(time_s + length_s + rng.choice((0.0, 0.4)), 1)


def _random_references(graph: GraphBuilder, rng: random.Random, before: list[str], now: list[str]) -> None:
    """Let some things of the previous scene come back, each at most once."""
    free = list(now)
    for old in before:
        label = graph.object(old).label
        again = next((new for new in free if graph.object(new).label == label), None)
        if again is not None and rng.random() < 0.5:
            free.remove(again)
            graph.reference(old, again, confidence=_sure(rng))


def _sure(rng: random.Random) -> float:
    return rng.randint(60, 99) / 100
