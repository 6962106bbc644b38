"""What was said of keyframes and is in no graph, told clip by clip."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from videostep.store.graph_drops import ElementKind, GraphDrop

GONE_WITH = "what it is said of was dropped"


class Lost(NamedTuple):
    """Something that was said of a keyframe and is not believed."""

    kind: ElementKind
    words: str
    reason: str
    confidence: float
    """As a kept element has it, 0..1: of a Video-LLM the share of its replies that said it."""


def drops_of(clip: str, lost: Iterable[tuple[str, Sequence[Lost]]]) -> list[GraphDrop]:
    """What the keyframes of a clip have lost; what several say alike is one element, as it would be if kept.

    Two cars that one keyframe loses are two.

    Args:
        clip: Its id.
        lost: Keyframe ids, and what each has lost.
    """
    keyframes: defaultdict[tuple[ElementKind, str, str, int], list[str]] = defaultdict(list)
    shares: defaultdict[tuple[ElementKind, str, str, int], list[float]] = defaultdict(list)
    for keyframe, of_keyframe in lost:
        ranks: Counter[tuple[ElementKind, str, str]] = Counter()
        for kind, words, reason, share in of_keyframe:
            element = (kind, words, reason, ranks[kind, words, reason])
            ranks[kind, words, reason] += 1
            keyframes[element].append(keyframe)
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
