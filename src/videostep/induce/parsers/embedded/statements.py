"""What is said about a clip, before it is dealt out to keyframes."""

from __future__ import annotations

from dataclasses import dataclass

from videostep.graph import FrameAttribute, Kind
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A verified track."""

    track: int
    label: str
    kind: Kind
    confidence: float
    spans_s: tuple[TimeSpan, ...]
    attributes: tuple[FrameAttribute, ...]
    """Their spans may be any part of the clip."""
    appearance: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Track `subject` stands in `predicate` to track `object`."""

    subject: int
    predicate: str
    object: int
    confidence: float
    spans_s: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Track `track` does `predicate` during `span_s`."""

    track: int
    predicate: str
    confidence: float
    span_s: TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """There may be a `label`, but it was not confirmed."""

    label: str
    spans_s: tuple[TimeSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """All that is said about one clip."""

    things: tuple[Thing, ...]
    relations: tuple[Relation, ...]
    motions: tuple[Motion, ...]
    unsure: tuple[Unsure, ...]
