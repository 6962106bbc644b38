"""Identity: how sure it is that two things of different clips are the same."""

from __future__ import annotations

from videostep.induce.parse import Sighting
from videostep.induce.parsers.embedded.appearance import SIZE, likeness


def same_thing(first: Sighting, second: Sighting) -> float:
    """0..1, symmetric; 0.5 and more means "rather yes". Labels must be equal."""
    if first.object.label != second.object.label:
        return 0.0
    if len(first.appearance) != SIZE or len(second.appearance) != SIZE:
        return 0.0
    alike = likeness(first.appearance, second.appearance)
    return round(max(0.0, min(1.0, (alike - 0.6) / 0.4)), 4)
