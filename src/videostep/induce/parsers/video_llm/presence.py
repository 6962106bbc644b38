"""Dual verification, second step: each node and edge is asked for, and what is not there goes.

Source: STEP section 3.1. All statements about a keyframe go in one request, so that its picture is sent once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from videostep.induce.lost import GONE_WITH
from videostep.induce.parsers.video_llm.ask import Asker, Question
from videostep.induce.parsers.video_llm.config import VideoLlmConfig
from videostep.induce.parsers.video_llm.draft import Attribute, Claim, Draft, Motion, Relation, Thing
from videostep.induce.parsers.video_llm.forms import Verdicts
from videostep.induce.parsers.video_llm.lost import NOT_SEEN, Why, with_lost
from videostep.induce.parsers.video_llm.steps import pair_question, question_of
from videostep.induce.parsers.video_llm.vote import Ballot


class PresenceCheck:
    """Asks whether what was found is there."""

    def __init__(self, asker: Asker, config: VideoLlmConfig) -> None:
        self._asker = asker
        self._ballot = Ballot(config.samples, config.min_presence)
        self._batch = config.checks_per_request

    def check_frames(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Keep the things, attributes and relations that are present, and nothing of a thing that is not."""
        claims: list[list[Claim]] = [[*draft.things, *draft.attributes, *draft.relations] for draft in drafts]
        questions = [question_of(draft, objects=draft.plain_things()) for draft in drafts]
        present = self._present("presence", drafts, claims, questions)
        return [_kept(draft, confirmed) for draft, confirmed in zip(drafts, present, strict=True)]

    def check_motions(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Keep the motions that are present."""
        pairs = [(first, second) for first, second in pairwise(drafts) if first.motions]
        firsts = [first for first, _ in pairs]
        claims: list[list[Claim]] = [[*first.motions] for first in firsts]
        questions = [pair_question(first, second) for first, second in pairs]
        present = self._present("motion_presence", firsts, claims, questions)
        confirmed = dict(zip((first.keyframe.id for first in firsts), present, strict=True))
        return [_kept_motions(draft, confirmed.get(draft.keyframe.id, ())) for draft in drafts]

    def _present(
        self,
        prompt: str,
        drafts: Sequence[Draft],
        claims: Sequence[Sequence[Claim]],
        questions: Sequence[Question],
    ) -> list[list[Claim]]:
        """Of the claims about each draft, those that enough replies say yes to."""
        batches = [
            (place, claims[place][start : start + self._batch])
            for place in range(len(drafts))
            for start in range(0, len(claims[place]), self._batch)
        ]
        asked = [
            replace(
                questions[place],
                data={**questions[place].data, "statements": _statements(batch, drafts[place])},
            )
            for place, batch in batches
        ]
        present: list[list[Claim]] = [[] for _ in drafts]
        for (place, batch), replies in zip(batches, self._asker.forms(prompt, Verdicts, asked), strict=True):
            votes = _votes(replies)
            present[place] += [
                claim for number, claim in enumerate(batch, start=1) if self._ballot.passes(votes[number])
            ]
        return present


def _votes(replies: Sequence[Verdicts]) -> Counter[int]:
    """How many replies say yes to each statement; one that says both yes and no says nothing."""
    votes: Counter[int] = Counter()
    for reply in replies:
        yes = {verdict.number for verdict in reply.verdicts if verdict.present}
        no = {verdict.number for verdict in reply.verdicts if not verdict.present}
        votes.update(sorted(yes - no))
    return votes


def _kept(draft: Draft, confirmed: Sequence[Claim]) -> Draft:
    things = tuple(thing for thing in draft.things if thing in confirmed)
    numbers = {thing.number for thing in things}
    return replace(
        draft,
        things=things,
        attributes=_confirmed(draft.attributes, confirmed, numbers),
        relations={
            said: sure
            for said, sure in draft.relations.items()
            if said in confirmed and {said.subject, said.object} <= numbers
        },
        doubts=draft.doubts | {thing.label for thing in draft.things if thing not in things},
        lost=with_lost(draft, _lost(draft, confirmed, numbers).items()),
    )


def _kept_motions(draft: Draft, confirmed: Sequence[Claim]) -> Draft:
    kept = {motion: sure for motion, sure in draft.motions.items() if motion in confirmed}
    lost = {motion: Why(NOT_SEEN, sure) for motion, sure in draft.motions.items() if motion not in kept}
    return replace(draft, motions=kept, lost=with_lost(draft, lost.items()))


def _lost(draft: Draft, confirmed: Sequence[Claim], numbers: set[int]) -> dict[Claim, Why]:
    """What was not confirmed, and what was but is said of a thing that was not."""
    lost: dict[Claim, Why] = {
        thing: Why(NOT_SEEN, thing.confidence) for thing in draft.things if thing not in confirmed
    }
    for attribute, sure in draft.attributes.items():
        if attribute not in confirmed:
            lost[attribute] = Why(NOT_SEEN, sure)
        elif attribute.number not in numbers:
            lost[attribute] = Why(GONE_WITH, sure)
    for relation, sure in draft.relations.items():
        if relation not in confirmed:
            lost[relation] = Why(NOT_SEEN, sure)
        elif not {relation.subject, relation.object} <= numbers:
            lost[relation] = Why(GONE_WITH, sure)
    return lost


def _confirmed(
    attributes: Mapping[Attribute, float], confirmed: Sequence[Claim], numbers: set[int]
) -> dict[Attribute, float]:
    return {said: sure for said, sure in attributes.items() if said in confirmed and said.number in numbers}


def _statements(claims: Sequence[Claim], draft: Draft) -> list[dict[str, object]]:
    return [
        {"number": number, "statement": _in_words(claim, draft)}
        for number, claim in enumerate(claims, start=1)
    ]


def _in_words(claim: Claim, draft: Draft) -> str:
    def called(number: int) -> str:
        return f"object {number} ({draft.thing(number).label})"

    match claim:
        case Thing():
            return f"{called(claim.number)} is in the picture"
        case Attribute():
            return f"the {claim.name} of {called(claim.number)} is {claim.value}"
        case Relation():
            return f"{called(claim.subject)} is {claim.predicate} {called(claim.object)}"
        case Motion():
            return f"{called(claim.number)} {claim.predicate}"
