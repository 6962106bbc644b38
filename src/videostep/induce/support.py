"""Support: which keyframes say something, when, and how surely; what several say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from videostep.video import TimeSpan, join_spans

Value = TypeVar("Value")


class Support(NamedTuple):
    """What one FrameGraph contributes to a node or edge."""

    keyframe: str
    spans_s: tuple[TimeSpan, ...]
    confidence: float


def seen_s(supports: Iterable[Support]) -> float:
    """Seconds for which something was seen, over all supports."""
    return sum(span.duration_s for support in supports for span in support.spans_s)


def mean_confidence(supports: Sequence[Support]) -> float:
    """Mean confidence weighted by seen time, to 4 decimals."""
    weighted = sum(support.confidence * seen_s([support]) for support in supports)
    return round(weighted / seen_s(supports), 4)


def evidence(supports: Iterable[Support]) -> tuple[str, ...]:
    """The keyframes, each once, in the order of the supports."""
    return tuple(dict.fromkeys(support.keyframe for support in supports))


def all_spans(supports: Iterable[Support]) -> list[TimeSpan]:
    """Every span of every support, as they come."""
    return [span for support in supports for span in support.spans_s]


def within(spans: Iterable[TimeSpan], limits: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The parts of `spans` that lie inside `limits` (disjoint)."""
    return tuple(part for span in spans for limit in limits if (part := span.overlap(limit)))


def without(spans: Iterable[TimeSpan], taken: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The parts of `spans` that lie outside `taken`."""
    left = list(spans)
    for away in taken:
        left = [piece for span in left for piece in _minus(span, away)]
    return tuple(left)


def _minus(span: TimeSpan, away: TimeSpan) -> list[TimeSpan]:
    if not span.overlap(away):
        return [span]
    pieces = (TimeSpan(span.start_s, away.start_s), TimeSpan(away.end_s, span.end_s))
    return [piece for piece in pieces if piece.duration_s > 0]


def settle(claims: Mapping[Value, Sequence[Support]]) -> dict[Value, tuple[TimeSpan, ...]]:
    """Let values that exclude each other share the time: where two are claimed, the stronger holds.

    Stronger is what was seen longer and more surely. A value keeps the time at which nothing
    stronger was claimed; one that keeps none is left out.
    """
    strength = {
        value: sum(support.confidence * seen_s([support]) for support in supports)
        for value, supports in claims.items()
    }
    settled: dict[Value, tuple[TimeSpan, ...]] = {}
    taken: list[TimeSpan] = []
    for value in sorted(claims, key=lambda value: (-strength[value], str(value))):
        spans = without(join_spans(all_spans(claims[value])), taken)
        taken += spans
        if spans:
            settled[value] = spans
    return settled


def join_unless(
    spans: Iterable[TimeSpan], *, gap_s: float, breaks_s: Sequence[float]
) -> tuple[TimeSpan, ...]:
    """Join spans at most `gap_s` apart, but not across a gap in which one of `breaks_s` lies."""
    joined: list[TimeSpan] = []
    for span in join_spans(list(spans)):
        gap = TimeSpan(joined[-1].end_s, span.start_s) if joined else None
        if gap and gap.duration_s <= gap_s and not any(gap.holds(time_s) for time_s in breaks_s):
            joined[-1] = TimeSpan(joined[-1].start_s, span.end_s)
        else:
            joined.append(span)
    return tuple(joined)
