"""What replies said and is not believed: dual verification's other half, in words, clip by clip."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from videostep.induce.parsers.video_llm.draft import Attribute, Claim, Draft, Lost, Motion, Relation, Thing
from videostep.store.graph_drops import ElementKind, GraphDrop

TOO_FEW = "too few replies say so"
RIVAL = "another is said as often"
NOT_SEEN = "not seen when asked for"
GONE_WITH = "what it is said of was dropped"
OTHER_SENTENCE = "another sentence is nearer to all"


class Why(NamedTuple):
    """Why a statement is not believed."""

    reason: str
    confidence: float
    """Share of the replies that said it, 0..1."""


def with_lost(draft: Draft, claims: Iterable[tuple[Claim, Why]]) -> tuple[Lost, ...]:
    """What a draft has lost with `claims`, which name things by the numbers of this very draft."""
    return (*draft.lost, *(Lost(*_in_words(claim, draft), *why) for claim, why in claims))


def drops_of(clip: str, drafts: Iterable[Draft]) -> list[GraphDrop]:
    """What the keyframes of a clip have lost; what several say alike is one element, as it would be if kept.

    Two cars that one keyframe loses are two.
    """
    keyframes: defaultdict[tuple[ElementKind, str, str, int], list[str]] = defaultdict(list)
    shares: defaultdict[tuple[ElementKind, str, str, int], list[float]] = defaultdict(list)
    for draft in drafts:
        ranks: Counter[tuple[ElementKind, str, str]] = Counter()
        for kind, words, reason, share in draft.lost:
            element = (kind, words, reason, ranks[kind, words, reason])
            ranks[kind, words, reason] += 1
            keyframes[element].append(draft.keyframe.id)
            shares[element].append(share)
    return [
        GraphDrop(
            clip=clip,
            keyframes=tuple(frames),
            kind=kind,
            words=words,
            reason=reason,
            confidence=_mean(shares[kind, words, reason, rank]),
        )
        for (kind, words, reason, rank), frames in keyframes.items()
    ]


def _mean(shares: Sequence[float]) -> float:
    return round(sum(shares) / len(shares), 4)


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
