"""What replies said and is not believed: dual verification's other half, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from videostep.induce.lost import Lost
from videostep.induce.parsers.video_llm.draft import Attribute, Claim, Draft, Motion, Relation, Thing
from videostep.store.graph_drops import ElementKind

TOO_FEW = "too few replies say so"
RIVAL = "another is said as often"
NOT_SEEN = "not seen when asked for"
OTHER_SENTENCE = "another sentence is nearer to all"


class Why(NamedTuple):
    """Why a statement is not believed."""

    reason: str
    confidence: float
    """Share of the replies that said it, 0..1."""


def with_lost(draft: Draft, claims: Iterable[tuple[Claim, Why]]) -> tuple[Lost, ...]:
    """What a draft has lost with `claims`, which name things by the numbers of this very draft."""
    return (*draft.lost, *(Lost(*_in_words(claim, draft), *why) for claim, why in claims))


def _in_words(claim: Claim, draft: Draft) -> tuple[ElementKind, str]:
    match claim:
        case Thing():
            return "object", claim.label
        case Attribute():
            return "attribute", f"{draft.thing(claim.number).label}: {claim.name} {claim.value}"
        case Relation():
            subject, other = draft.thing(claim.subject), draft.thing(claim.object)
            return "relation", f"{subject.label} {claim.predicate} {other.label}"
        case Motion():
            return "motion", f"{draft.thing(claim.number).label}: {claim.predicate}"
