"""Random graphs in the words of several kinds of data, to read what is made of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from videostep.graph import VideoGraph
from videostep.testing.builder import GraphBuilder

REPEATED = 0.5
"""How often a thing of a scene has the label of another one there, 0..1: else nothing need be told apart."""
RELATED = 0.3
"""How often two things of a scene are in some relation, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of one kind of data, and what goes with what."""

    name: str
    doers: Sequence[str]
    """Labels of what moves and acts."""
    others: Sequence[str]
    """Labels of what does not."""
    relations: Sequence[str]
    """Of a doer to anything."""
    places: Sequence[str] = ()
    """Of anything to anything."""
    motions: Sequence[str]
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Attribute to its values, of any thing."""


KINDS = (
    Vocabulary(
        name="homes",
        doers=("person",),
        others=(
            "bed", "blanket", "chair", "clothes", "doorway", "dish", "food", "groceries", "laptop",
            "medicine", "mirror", "paper", "sandwich", "shelf", "sofa", "television", "towel", "vacuum",
            "window",
        ),
        relations=(
            "looking at", "carrying", "covered by", "drinking from", "eating", "carrying on the back",
            "holding", "leaning on", "lying on", "sitting on", "standing on", "touching", "twisting",
            "wearing", "wiping", "writing on",
        ),
        places=("above", "below", "in front of", "behind", "beside"),
        motions=(
            "opens a door", "holds some clothes", "washes their hands", "puts a pillow somewhere",
            "reaches for and grabs a picture", "takes paper or a notebook from somewhere",
            "sits on the floor", "puts a towel or towels somewhere", "tidies up a closet or cabinet",
            "looks out of a window",
        ),
        attributes={"posture": ("sitting", "standing", "lying")},
    ),
    Vocabulary(
        name="animals",
        doers=("dog", "adult", "child", "horse", "sheep or goat", "bus or truck", "giant panda"),
        others=("ball", "frisbee", "grass", "water", "stool", "bench", "stop sign"),
        relations=(
            "walking to the left of", "chasing", "running past", "faster than", "larger than",
            "falling off", "feeding", "fighting with", "following", "playing with", "watching",
            "sitting next to", "waving to", "stopped behind", "going away from", "holding the hand of",
            "shaking hands with", "getting off", "biting", "standing inside", "moving towards",
            "swimming with", "caressing",
        ),
        places=("above", "behind", "in front of", "inside", "next to", "to the left of"),
        motions=("walks", "runs", "jumps", "creeps", "flies", "swims", "moves", "walks to the left"),
        attributes={"posture": ("sitting", "standing", "lying")},
    ),
    Vocabulary(
        name="blocks",
        doers=("cube", "sphere", "cylinder"),
        others=("cube", "cylinder"),
        relations=("colliding with",),
        motions=("enters", "leaves", "stops", "starts moving", "moves"),
        attributes={
            "colour": ("red", "grey", "blue", "brown", "cyan", "green", "purple", "yellow"),
            "material": ("metal", "rubber"),
            "state": ("moving", "still"),
        },
    ),
    Vocabulary(
        name="open words",
        doers=("woman", "elderly man", "orange cat", "player", "chef"),
        others=(
            "armchair", "hourglass", "oven", "onion", "wine glass", "stairs", "scissors", "rice",
            "vegetables", "trash can", "umbrella",
        ),
        relations=(
            "holds", "is cutting", "stirs", "leans against", "uses", "pours from", "stands on", "opens",
        ),
        places=("on top of", "next to", "near", "attached to", "across from", "under"),
        motions=(
            "stirs the pot", "is carried away", "opens and closes the oven", "bends down", "turns around",
        ),
        attributes={
            "material": ("wood", "glass", "wool", "stainless steel"),
            "shape": ("round", "square", "heart"),
            "pattern": ("striped", "checked", "dots"),
            "texture": ("smooth", "rough"),
            "brand": ("acme", "unknown"),
            "position": ("left", "middle", "top"),
            "hair colour": ("brown", "grey", "auburn"),
            "shoe colour": ("white", "orange"),
            "hat colour": ("orange", "black"),
            "age": ("young", "old"),
        },
    ),
)  # fmt: skip


def graph_in(words: Vocabulary, seed: int, *, n_clips: int = 3, n_things: int = 6) -> VideoGraph:
    """A graph in these words: the same arguments give the same graph, on every machine."""
    rng = random.Random(f"{words.name} {seed}")
    graph = GraphBuilder(f"{words.name.replace(' ', '-')}-{seed}", duration_s=12.0 * n_clips)
    before: list[str] = []
    for number in range(n_clips):
        things = _scene(graph, words, rng, 12.0 * number, n_things)
        _recognise(graph, rng, before, things)
        before = things
    return graph.build()


def _scene(
    graph: GraphBuilder, words: Vocabulary, rng: random.Random, start_s: float, number: int
) -> list[str]:
    clip = graph.clip(start_s, start_s + 12.0)
    labels: list[str] = []
    while len(labels) < number:
        is_again = labels and rng.random() < REPEATED
        labels.append(rng.choice(labels if is_again else (words.doers, words.others)[len(labels) % 2]))
    things = [graph.thing(clip, label) for label in labels]
    for thing in things:
        _describe(graph, words, rng, thing)
        if graph.object(thing).label in words.doers:
            _act(graph, words, rng, thing, start_s)
    for first in things:
        for second in things:
            if first != second and rng.random() < RELATED:
                _relate(graph, words, rng, first, second)
    graph.event(clip, f"something happens near the {labels[0]}", things[:1])
    return things


def _describe(graph: GraphBuilder, words: Vocabulary, rng: random.Random, thing: str) -> None:
    for name, values in words.attributes.items():
        if rng.random() < 0.7:
            graph.attribute(thing, name, rng.choice(values))


def _act(graph: GraphBuilder, words: Vocabulary, rng: random.Random, thing: str, start_s: float) -> None:
    for place, motion in enumerate(rng.sample(words.motions, min(3, len(words.motions)))):
        begins_s = start_s + 4.0 * place + rng.choice((0.0, 0.7, 1.4))
        graph.motion(thing, motion, begins_s, begins_s + rng.choice((0.8, 1.5, 2.5)))


def _relate(graph: GraphBuilder, words: Vocabulary, rng: random.Random, first: str, second: str) -> None:
    is_doer = graph.object(first).label in words.doers
    if is_doer and (not words.places or rng.random() < 0.7):
        graph.relation(first, rng.choice(words.relations), second)
    elif words.places:
        graph.relation(first, rng.choice(words.places), second)


def _recognise(graph: GraphBuilder, rng: random.Random, before: list[str], now: list[str]) -> None:
    free = list(now)
    for old in before:
        again = next((new for new in free if graph.object(new).label == graph.object(old).label), None)
        if again is not None and rng.random() < 0.5:
            free.remove(again)
            graph.reference(old, again)
