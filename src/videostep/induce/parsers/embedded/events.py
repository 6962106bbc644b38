"""Events: what happens in a clip, in one plain sentence."""

from __future__ import annotations

from videostep.graph import ClipGraph, Event

NOTHING = "Nothing that can be named is seen."


def event_of(graph: ClipGraph) -> Event:
    """The main participants and what they do."""
    return Event(
        id=f"{graph.clip.id}-event",
        description=NOTHING,
        span_s=graph.clip.span_s,
        participants=(),
        confidence=0.1,
    )
