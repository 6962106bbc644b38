"""Settings of the embedded parser; every number with its unit and the reason for it.

The paper parses with a Video-LLM and gives no thresholds; all are videostep's own, chosen by looking at
street footage (768x576 and 640x272) sampled five times a second.
"""

from __future__ import annotations

from dataclasses import dataclass

from videostep.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedConfig:
    """Thresholds of detection, tracking, verification and of what may be stated."""

    start_score: float = 0.45
    """Detector score, 0..1, that a thing must reach to be stated: at 0.5 no wrong box was seen."""
    weak_score: float = 0.30
    """Detector score from which something is followed as a doubt: one box in ten is wrong here."""
    keep_score: float = 0.25
    """Detector score that keeps a known track alive; only its place and looks make it credible."""
    max_lost_s: float = 1.4
    """A track that is not found for longer has ended, seconds: walkers cross behind a pole or one another
    in about one."""
    min_likeness: float = 0.62
    """Bhattacharyya coefficient below which a box is not the tracked thing: without it a third of the
    tracks changed person."""
    min_crowd_likeness: float = 0.70
    """The same while a track crosses another of its kind."""
    min_constancy: float = 0.72
    """Bhattacharyya coefficient between a track's first looks and its last, below which no colour is stated:
    it may have gone over to the person beside."""
    min_hits: int = 3
    """Pictures in which a thing must be found to be stated."""
    min_seen_s: float = 0.6
    """Time between its first and last sighting at least, seconds: less cannot be asked about."""
    min_found_share: float = 0.5
    """Share of the pictures of its lifetime in which it must be found (STEP's vote: node frequency is
    confidence, low ones go)."""
    min_strong_share: float = 0.34
    """Share of its boxes that must reach `start_score`: things that do so only now and then were wrong
    labels half of the time."""
    min_label_share: float = 0.7
    """Share of the score that the winning label must have: a car that is a truck every other time is neither
    for certain."""
    max_looks: int = 3
    """Second looks at a track (STEP's dual verification) in quick succession."""
    look_later_s: float = 4.0
    """Time between two later ones, seconds: a track may go over to something else."""
    look_every_s: float = 0.4
    """Least time between two second looks at a track, seconds."""
    looks_per_picture: int = 2
    """Second looks in one picture at most: each costs as much as a detection."""
    look_margin: float = 1.0
    """Border around the box for the second look, in longer sides of the box: of 99 true boxes 86 % were
    found again at 0.4, 92 % at 0.8, 95 % at 1.5 and 84 % at 2.5, where things are small again."""
    look_score: float = 0.35
    """Score at which the second look agrees: true things had 0.43 to 0.99 in most looks, wrong ones (a rock,
    a tripod, a box around the whole street) 0 to 0.3."""
    min_agreeing: float = 0.5
    """Share of second looks that must agree, else the thing is a doubt."""
    pose_every_s: float = 0.6
    """Least time between two poses of a person, seconds."""
    min_person_px: int = 40
    """Persons less tall than this have no pose: their torso is under 12 px wide, colours mix."""

    def __post_init__(self) -> None:
        if not 0.15 <= self.keep_score <= self.weak_score <= self.start_score <= 1:
            raise ConfigError(
                "the detector scores must rise: 0.15 <= keep_score <= weak_score <= start_score <= 1",
                remedy=f"now {self.keep_score}, {self.weak_score}, {self.start_score}",
            )
