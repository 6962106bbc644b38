"""Which tracks are things, and which are only doubts: STEP's dual verification."""

from __future__ import annotations

from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Track

TOO_SELDOM = "found in too few pictures, or too weakly"
NOT_FOUND_AGAIN = "not found again by second looks"


def found_share(track: Track) -> float:
    """Votes: in how many of the pictures of its lifetime the thing was found, 0..1."""
    return len(track.pictures) / (track.pictures[-1] - track.pictures[0] + 1)


def is_thing(track: Track, timeline: Timeline, config: EmbeddedConfig) -> bool:
    """Whether both votes and second looks confirm it."""
    return _voted(track, timeline, config) and looks_agree(track, config)


def why_dropped(track: Track, timeline: Timeline, config: EmbeddedConfig) -> str:
    """Which of the two a track that is no thing has failed."""
    return NOT_FOUND_AGAIN if _voted(track, timeline, config) else TOO_SELDOM


def _voted(track: Track, timeline: Timeline, config: EmbeddedConfig) -> bool:
    seen_s = timeline.times_s[track.pictures[-1]] - timeline.times_s[track.pictures[0]]
    strong = sum(score >= config.start_score for score in track.scores)
    return (
        len(track.pictures) >= config.min_hits
        and seen_s >= config.min_seen_s - 1e-6
        and found_share(track) >= config.min_found_share
        and strong / len(track.scores) >= config.min_strong_share
        and track.label_share >= config.min_label_share
    )


def looks_agree(track: Track, config: EmbeddedConfig) -> bool:
    """Whether enough second looks found the thing again; no look yet: no."""
    agreeing = sum(score >= config.look_score for score in track.looks)
    return len(track.looks) > 0 and agreeing / len(track.looks) >= config.min_agreeing
