"""The steps of parsing keyframes, in STEP's order; each asks about all keyframes of a clip at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

from videostep.induce.parsers.video_llm.ask import Asker, Question
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.draft import Draft
from videostep.induce.parsers.video_llm.forms import (
    NamedAttributes,
    NamedMotions,
    NamedObjects,
    NamedRelations,
)
from videostep.induce.parsers.video_llm.lost import with_lost
from videostep.induce.parsers.video_llm.vote import (
    Ballot,
    vote_attributes,
    vote_motions,
    vote_relations,
    vote_things,
)
from videostep.induce.parsers.video_llm.words import Words

Form = TypeVar("Form")
MOST_NARRATIVE_CHARACTERS = 1500
"""Of a narrative, in the question that follows it."""


class Steps:
    """Finds nodes and edges by asking, and keeps those that enough replies agree on."""

    def __init__(self, asker: Asker, config: VideoLlmConfig) -> None:
        self._asker = asker
        self._words = Words(config.same_words)
        self._ballot = Ballot(config.samples, config.min_agreement)

    def narrate(self, drafts: Sequence[Draft]) -> list[Draft]:
        """A description of each picture."""
        questions = [question_of(draft) for draft in drafts]
        told = self._asker.texts("narrative", questions)
        return [
            replace(draft, narrative=text[:MOST_NARRATIVE_CHARACTERS])
            for draft, text in zip(drafts, told, strict=True)
        ]

    def find_things(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Object nodes."""
        questions = [question_of(draft, narrative=draft.narrative) for draft in drafts]
        found: list[Draft] = []
        for draft, replies in zip(drafts, self._asker.forms("objects", NamedObjects, questions), strict=True):
            things, more, lost = vote_things(replies, self._words, self._ballot)
            found.append(replace(draft, things=things, doubts=more, lost=with_lost(draft, lost.items())))
        return found

    def describe(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Attribute nodes of all things."""
        replies = self._of_things("attributes", NamedAttributes, drafts, at_least=1)
        votes = [
            vote_attributes(reply, draft.numbers(), self._words, self._ballot)
            for draft, reply in zip(drafts, replies, strict=True)
        ]
        return [
            replace(draft, attributes=kept, lost=with_lost(draft, lost.items()))
            for draft, (kept, lost) in zip(drafts, votes, strict=True)
        ]

    def relate(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Relation edges between all things."""
        replies = self._of_things("relations", NamedRelations, drafts, at_least=2)
        votes = [
            vote_relations(reply, draft.numbers(), self._words, self._ballot)
            for draft, reply in zip(drafts, replies, strict=True)
        ]
        return [
            replace(draft, relations=kept, lost=with_lost(draft, lost.items()))
            for draft, (kept, lost) in zip(drafts, votes, strict=True)
        ]

    def follow(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Motion edges of dynamic things, from each keyframe to the next of its clip."""
        moving = [(first, second) for first, second in pairwise(drafts) if dynamic_numbers(first)]
        replies = self._asker.forms(
            "motions", NamedMotions, [pair_question(first, second) for first, second in moving]
        )
        votes = {
            first.keyframe.id: vote_motions(reply, dynamic_numbers(first), self._words, self._ballot)
            for (first, _), reply in zip(moving, replies, strict=True)
        }
        return [
            replace(draft, motions=vote.kept, lost=with_lost(draft, vote.lost.items()))
            if (vote := votes.get(draft.keyframe.id))
            else draft
            for draft in drafts
        ]

    def _of_things(
        self, prompt: str, form: type[Form], drafts: Sequence[Draft], *, at_least: int
    ) -> list[tuple[Form, ...]]:
        """Replies about the things of each keyframe; none where it has fewer than `at_least`."""
        asked = [number for number, draft in enumerate(drafts) if len(draft.things) >= at_least]
        questions = [question_of(drafts[number], objects=drafts[number].plain_things()) for number in asked]
        replies = dict(zip(asked, self._asker.forms(prompt, form, questions), strict=True))
        return [replies.get(number, ()) for number in range(len(drafts))]


def question_of(draft: Draft, **data: Any) -> Question:
    """A question about one keyframe."""
    return Question(images=(draft.image,), data=data, about=f"keyframe {draft.keyframe.id}")


def pair_question(first: Draft, second: Draft, **data: Any) -> Question:
    """A question about what the dynamic things of a keyframe do until the next one."""
    numbers = dynamic_numbers(first)
    listed = [thing.plain() for thing in first.things if thing.number in numbers]
    return Question(
        images=(first.image, second.image),
        data={"objects": listed, **data},
        about=f"keyframes {first.keyframe.id} and {second.keyframe.id}",
    )


def dynamic_numbers(draft: Draft) -> frozenset[int]:
    """Of the things that may move by themselves."""
    return frozenset(thing.number for thing in draft.things if thing.kind == "dynamic")
