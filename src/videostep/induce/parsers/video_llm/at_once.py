"""A whole scene graph of each keyframe in one request, believed as it stands.

STEP's step-by-step parsing is compared with it: its ablation "without semantics parsing (one JSON prompt)".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from videostep.induce.parsers.video_llm.ask import Asker
from videostep.induce.parsers.video_llm.draft import Draft, Thing
from videostep.induce.parsers.video_llm.forms import (
    MOST_OBJECTS,
    NamedAttributes,
    NamedRelations,
    NamedScene,
)
from videostep.induce.parsers.video_llm.lost import with_lost
from videostep.induce.parsers.video_llm.steps import question_of
from videostep.induce.parsers.video_llm.vote import Ballot, vote_attributes, vote_relations
from videostep.induce.parsers.video_llm.words import Words

_ONE_REPLY = Ballot(replies=1, min_agreement=1.0)


def parse_at_once(asker: Asker, words: Words, drafts: Sequence[Draft]) -> list[Draft]:
    """Objects, attributes and relations of each keyframe; nothing where the model gave no usable reply."""
    replies = asker.forms("scene", NamedScene, [question_of(draft) for draft in drafts])
    return [
        _with_scene(draft, reply[0], words) if reply else draft
        for draft, reply in zip(drafts, replies, strict=True)
    ]


def _with_scene(draft: Draft, scene: NamedScene, words: Words) -> Draft:
    things = tuple(_things(scene, words))
    numbers = frozenset(thing.number for thing in things)
    attributes = NamedAttributes(attributes=scene.attributes)
    relations = NamedRelations(relations=scene.relations)
    is_full = len(scene.objects) >= MOST_OBJECTS
    described = vote_attributes([attributes], numbers, words, _ONE_REPLY)
    related = vote_relations([relations], numbers, words, _ONE_REPLY)
    seen = replace(draft, things=things)
    return replace(
        seen,
        # A list that is as long as it may be has left something out: nothing of its kinds is the only one.
        doubts=frozenset(thing.label for thing in things) if is_full else frozenset(),
        attributes=described.kept,
        # One reply loses only what it contradicts itself about.
        lost=with_lost(seen, described.lost.items()),
        relations=related.kept,
    )


def _things(scene: NamedScene, words: Words) -> list[Thing]:
    """The objects under the numbers that the reply gives them; one without a usable label is left out."""
    return [
        Thing(
            number=number,
            label=label,
            kind=named.kind,
            box=named.place.box() if named.place else None,
            confidence=1.0,
        )
        for number, named in enumerate(scene.objects, start=1)
        if (label := words.label(named.label)) is not None
    ]
