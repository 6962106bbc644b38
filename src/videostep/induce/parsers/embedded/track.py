"""Tracking: detections of successive pictures joined into things that last.

Constant velocity (alpha-beta filter) with the camera's motion taken out, one-to-one matching (Hungarian) on
overlap and colour. Detections too weak to be stated are followed too: they end as doubts.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from videostep.graph import Box
from videostep.induce.boxes import area, common_area, overlap
from videostep.induce.parsers.embedded.appearance import likeness
from videostep.induce.parsers.embedded.camera import Matrix, zoom
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.detect import Detection, family

POSITION_GAIN = 0.6
"""Alpha: how far the place follows a new box; boxes jitter by a tenth of their size."""
VELOCITY_GAIN = 0.25
"""Beta: how far the velocity does."""
APPEARANCE_GAIN = 0.1
"""Weight of a new box in the looks that the next one is compared with."""
EARLY = 6
"""Sightings that make up how a thing looked at first."""
MIN_EVER_LIKENESS = 0.66
"""Likeness to the mean over the whole track below which only that counts."""
SAME_IOU = 0.5
"""Two boxes of one picture that share this much show one thing."""
CROWD_COVER = 0.2
"""Two expected boxes that share this much of the smaller one may be taken for each other."""
CROWD_SCALE = 2.0
"""Things that differ more than this in height are not taken for each other."""
CROWD_SLACK = 0.3
"""Heights, and heights a second, by which a thing in a crowd may leave the course it came in on: people who
walk past one another come out 1.6 heights a second apart."""
IMPOSSIBLE = 1e3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sight:
    """A detection as the tracker takes it."""

    detection: Detection
    appearance: NDArray[np.float64]


class Track:
    """One thing followed through a clip: compact columns, no pictures."""

    def __init__(self, number: int, aspect: float) -> None:
        self.number = number
        self.aspect = aspect
        self.pictures = array("l")
        self.edges = array("f")
        self.scores = array("f")
        self.covered = array("b")
        self.votes: dict[str, float] = {}
        self.appearance = np.zeros(0)
        self.recent = np.zeros(0)
        self.early = np.zeros(0)
        self.centre = np.zeros(2)
        self.velocity = np.zeros(2)
        self.size = np.zeros(2)
        self.seen_s = 0.0
        self.crowded = False
        self.clear_centre = np.zeros(2)
        self.clear_velocity = np.zeros(2)
        self.clear_s = 0.0
        self.constancy = 1.0
        """How much it looked at last as at first, 0..1: low when it may have gone over to another thing."""
        self.looks = array("f")
        self.looked_s = -np.inf
        self.posed_s = -np.inf
        self.ballots: dict[str, dict[str, int]] = {}

    def vote(self, name: str, value: str | None) -> None:
        """Count one look at attribute `name`: a value, "" for unclear, None for nothing to look at."""
        if value is not None:
            votes = self.ballots.setdefault(name, {})
            votes[value] = votes.get(value, 0) + 1

    def add(self, picture: int, time_s: float, sight: Sight) -> None:
        """Take the thing's box in this picture; `predict` has been called for its time."""
        one = sight.detection
        centre, size = self._measure(one.box)
        if self.pictures:
            self._correct(centre, size, time_s - self.seen_s)
            self.recent += APPEARANCE_GAIN * (sight.appearance - self.recent)
            self.appearance += (sight.appearance - self.appearance) / (len(self.pictures) + 1)
        else:
            self.centre, self.size = centre, size
            self.recent, self.appearance = sight.appearance.copy(), sight.appearance.copy()
            self.early = sight.appearance.copy()
        if 0 < len(self.pictures) < EARLY:
            self.early += (sight.appearance - self.early) / (len(self.pictures) + 1)
        self.pictures.append(picture)
        self.edges.extend(one.box)
        self.scores.append(one.score)
        self.votes[one.label] = self.votes.get(one.label, 0.0) + one.score
        self.seen_s = time_s
        if not self.crowded:
            self.clear_centre, self.clear_velocity, self.clear_s = self.centre, self.velocity, time_s

    def likeness_to(self, sight: Sight) -> float:
        """0..1: how much it looks like the thing did lately and, less strictly, like it ever did.

        The second keeps a track from going over to its neighbour little by little.
        """
        lately, ever = (likeness(known, sight.appearance) for known in (self.recent, self.appearance))
        return lately if ever >= MIN_EVER_LIKENESS else min(lately, ever)

    def keeps_course(self, box: Box, time_s: float) -> bool:
        """Whether `box` lies where the thing should be by its course before it came into a crowd."""
        since_s = time_s - self.clear_s
        centre, _ = self._measure(box)
        astray = centre[0] - (self.clear_centre + self.clear_velocity * since_s)[0]
        return bool(abs(astray) <= CROWD_SLACK * (1 + since_s) * self.size[1])

    def predict(self, duration_s: float, camera: Matrix) -> None:
        """Move the expected place on by `duration_s`, as the camera moved and as the thing did."""
        turn = camera[:, :2]
        self.velocity, self.clear_velocity = turn @ self.velocity, turn @ self.clear_velocity
        self.clear_centre = turn @ self.clear_centre + camera[:, 2]
        self.centre = turn @ self.centre + camera[:, 2] + self.velocity * duration_s
        self.size = self.size * zoom(camera)

    @property
    def expected(self) -> Box:
        """Where the thing should be now, fractions of the picture (may reach beyond it)."""
        (x, y), (width, height) = self.centre, self.size
        left, right = (x - width / 2) / self.aspect, (x + width / 2) / self.aspect
        return Box(float(left), float(y - height / 2), float(right), float(y + height / 2))

    @property
    def label(self) -> str:
        """The label with most score; the alphabet decides between equals."""
        return min(self.votes, key=lambda label: (-self.votes[label], label))

    @property
    def label_share(self) -> float:
        """How much of all score the label has, 0..1."""
        return self.votes[self.label] / sum(self.votes.values())

    def rest(self) -> None:
        """The track has ended: keep what the statements need, let go of what only matching needs."""
        self.constancy = likeness(self.early, self.recent)
        self.appearance = self.appearance.astype(np.float32)
        self.early = self.recent = np.zeros(0)

    @property
    def best_score(self) -> float:
        """The highest score so far."""
        return max(self.scores)

    def _measure(self, box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centre and size in picture heights."""
        x1, x2 = box.x1 * self.aspect, box.x2 * self.aspect
        return np.array([(x1 + x2) / 2, (box.y1 + box.y2) / 2]), np.array([x2 - x1, box.y2 - box.y1])

    def _correct(self, centre: NDArray[np.float64], size: NDArray[np.float64], duration_s: float) -> None:
        error = centre - self.centre
        self.centre = self.centre + POSITION_GAIN * error
        self.velocity = self.velocity + VELOCITY_GAIN * error / max(duration_s, 1e-3)
        self.size = self.size + POSITION_GAIN * (size - self.size)


Match = tuple[Track, Sight]
"""Which track a picture's detection belongs to."""


class Tracker:
    """Matches each picture's detections with the tracks alive."""

    def __init__(self, config: EmbeddedConfig, aspect: float) -> None:
        self._config = config
        self._aspect = aspect
        self._made = 0
        self._time_s: float | None = None
        self.alive: list[Track] = []
        self.ended: list[Track] = []

    def step(self, picture: int, time_s: float, sights: Sequence[Sight], camera: Matrix) -> list[Match]:
        """Take one picture's sights; returns which track each belongs to, in the order of the tracks."""
        self._move_on(time_s, camera)
        strong = [s for s in sights if s.detection.score >= self._config.start_score]
        weak = [s for s in sights if s.detection.score < self._config.start_score]
        pairs = self._match(self.alive, strong, time_s)
        found = {track.number for track, _ in pairs}
        pairs += self._match([t for t in self.alive if t.number not in found], weak, time_s)
        taken = [sight for _, sight in pairs]
        pairs += [(self._begin(), s) for s in sights if s not in taken and self._may_begin(s, pairs)]
        for track, sight in pairs:
            track.add(picture, time_s, sight)
        return sorted(pairs, key=lambda pair: pair[0].number)

    def finish(self) -> list[Track]:
        """All tracks of the clip worth keeping, in the order they began."""
        self._retire(self.alive)
        self.alive = []
        return sorted(self.ended, key=lambda track: track.number)

    def _move_on(self, time_s: float, camera: Matrix) -> None:
        duration_s = 0.0 if self._time_s is None else time_s - self._time_s
        self._time_s = time_s
        lost = [t for t in self.alive if time_s - t.seen_s > self._config.max_lost_s]
        self._retire(lost)
        self.alive = [t for t in self.alive if time_s - t.seen_s <= self._config.max_lost_s]
        for track in self.alive:
            track.predict(duration_s, camera)
        for track in self.alive:
            track.crowded = any(_confusable(track, other) for other in self.alive if other is not track)

    def _retire(self, tracks: list[Track]) -> None:
        """One box alone is noise: it is neither a thing nor a doubt."""
        for track in tracks:
            if len(track.pictures) > 1:
                track.rest()
                self.ended.append(track)

    def _begin(self) -> Track:
        self._made += 1
        track = Track(self._made, self._aspect)
        self.alive.append(track)
        return track

    def _may_begin(self, sight: Sight, pairs: list[Match]) -> bool:
        """Whether an unmatched box is a thing of its own, not a second box of one that was just found."""
        one = sight.detection
        if one.score < self._config.weak_score:
            return False
        return all(
            overlap(one.box, other.detection.box) < SAME_IOU
            for _, other in pairs
            if family(other.detection.label) == family(one.label)
        )

    def _match(self, tracks: list[Track], sights: list[Sight], time_s: float) -> list[Match]:
        if not tracks or not sights:
            return []
        costs = np.array([[self._cost(track, sight, time_s) for sight in sights] for track in tracks])
        rows, columns = linear_sum_assignment(costs)
        return [
            (tracks[row], sights[column])
            for row, column in zip(rows, columns, strict=True)
            if costs[row, column] < IMPOSSIBLE
        ]

    def _cost(self, track: Track, sight: Sight, time_s: float) -> float:
        """0 (same place, same looks) to 1; IMPOSSIBLE when it cannot be the same thing."""
        one = sight.detection
        if family(one.label) != family(track.label):
            return IMPOSSIBLE
        shared, alike = overlap(track.expected, one.box), track.likeness_to(sight)
        lost_s = time_s - track.seen_s
        if not self._may_be(track, one, shared=shared, alike=alike, lost_s=lost_s):
            return IMPOSSIBLE
        return 1 - (shared + alike) / 2

    def _may_be(self, track: Track, one: Detection, *, shared: float, alike: float, lost_s: float) -> bool:
        if alike < 0.5 or (alike < self._config.min_likeness and shared < 0.55):
            return False
        if track.crowded and alike < self._config.min_crowd_likeness:
            return False
        if track.crowded and not track.keeps_course(one.box, track.seen_s + lost_s):
            return False
        if one.score < self._config.start_score:
            return shared >= 0.3
        if shared >= 0.15:
            return True
        near = _distance(track.expected, one.box, self._aspect) < 0.5 + 0.5 * lost_s
        return near and alike >= 0.75


def _distance(first: Box, second: Box, aspect: float) -> float:
    """Between the middles of two boxes, in heights of the larger one."""
    x = (first.x1 + first.x2 - second.x1 - second.x2) / 2 * aspect
    y = (first.y1 + first.y2 - second.y1 - second.y2) / 2
    height = max(first.y2 - first.y1, second.y2 - second.y1, 1e-6)
    return float(np.hypot(x, y) / height)


def _confusable(first: Track, second: Track) -> bool:
    """Whether one may be taken for the other now."""
    if family(first.label) != family(second.label):
        return False
    (_, low), (_, high) = sorted((tuple(first.size), tuple(second.size)), key=lambda size: size[1])
    if high > CROWD_SCALE * low:
        return False
    a, b = first.expected, second.expected
    return common_area(a, b) > CROWD_COVER * min(area(a), area(b))
