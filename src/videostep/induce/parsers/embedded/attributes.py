"""Attributes: what the looks at a thing agree on."""

from __future__ import annotations

from videostep.graph import FrameAttribute
from videostep.induce.parsers.embedded.track import Track
from videostep.video import TimeSpan

MIN_VOTES = 2
"""Looks that must name a colour."""
MIN_VOTE_SHARE = 0.7
"""Share of all looks, unclear ones included, that must name the same colour."""


def attributes_of(track: Track, spans_s: tuple[TimeSpan, ...]) -> tuple[FrameAttribute, ...]:
    """Colours hold as long as the thing is seen.

    A colour that the looks do not agree on is not stated at all. In the program language a thing without a
    value for an attribute *may* have any, so "the person in the black top" stays ambiguous while such a
    person is about: what is unclear breaks uniqueness, as it must.
    """
    said = ((name, *_elected(votes)) for name, votes in sorted(track.colours.items()))
    return tuple(
        FrameAttribute(name=name, value=value, confidence=share, spans_s=spans_s)
        for name, value, share in said
        if value
    )


def _elected(votes: dict[str, int]) -> tuple[str, float]:
    """The value with enough of the votes and its share; "" when there is none."""
    value = min(votes, key=lambda value: (-votes[value], value))
    share = votes[value] / sum(votes.values())
    elected = votes[value] >= MIN_VOTES and share >= MIN_VOTE_SHARE
    return (value, round(share, 4)) if elected else ("", 0.0)
