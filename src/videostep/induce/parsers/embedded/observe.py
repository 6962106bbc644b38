"""Closer looks at what was just matched, rate-limited: second looks, poses, colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.boxes import area, common_area
from videostep.induce.parsers.embedded.appearance import cut
from videostep.induce.parsers.embedded.colour import dominant_colour
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.detect import RIDDEN, Detection
from videostep.induce.parsers.embedded.pose import Pose, pose_of, shin_pixels, thigh_pixels, torso_pixels
from videostep.induce.parsers.embedded.posture import posture_of
from videostep.induce.parsers.embedded.second_look import second_look
from videostep.induce.parsers.embedded.track import Match, Sight, Track
from videostep.induce.parsers.embedded.verdict import looks_agree
from videostep.media.picture import Picture

MIN_REGION_PX = 40
"""Fewer pixels have no colour: neighbours and compression mix in."""
MAX_COVERED = 0.2
"""Share of a box that something nearer may cover before its colours and pose are not looked at."""
COLOURED = frozenset({"car", "bus", "truck", "train"})
"""Labels of things with one surface that a colour can be said of; windows and wheels are left out."""


class Observer:
    """Decides which tracks of a picture get a closer look, and notes what it finds in them."""

    def __init__(self, config: EmbeddedConfig) -> None:
        self._config = config

    def look(self, picture: Picture, matched: Sequence[Match]) -> None:
        """Look closer at a picture's tracks; second looks first, since the others rest on them."""
        for track, sight in self._for_second_look(picture.time_s, matched):
            self._second_look(picture, track, sight)
        boxes = [(sight, looks_agree(track, self._config)) for track, sight in matched]
        for track, sight in matched:
            nearer = [o.detection for o, trusted in boxes if trusted and o is not sight]
            track.covered.append(covers(nearer, sight.detection.box))
            if not track.covered[-1] and self._due(track, picture.time_s):
                self._colours_and_posture(picture, track, sight.detection.box)

    def _for_second_look(self, time_s: float, matched: Sequence[Match]) -> list[Match]:
        """Tracks that were seen before and scored well in this picture; the least looked at first."""
        wanting = [pair for pair in matched if self._wants_second_look(*pair, time_s=time_s)]
        wanting.sort(key=lambda pair: (len(pair[0].looks), pair[0].number))
        return wanting[: self._config.looks_per_picture]

    def _wants_second_look(self, track: Track, sight: Sight, *, time_s: float) -> bool:
        few = len(track.looks) < self._config.max_looks
        wait_s = self._config.look_every_s if few else self._config.look_later_s
        seen_before = len(track.pictures) > 1
        return (
            seen_before
            and sight.detection.score >= self._config.weak_score
            and time_s - track.looked_s >= wait_s - 1e-6
        )

    def _second_look(self, picture: Picture, track: Track, sight: Sight) -> None:
        box, margin = sight.detection.box, self._config.look_margin
        track.looks.append(second_look(picture.rgb, track.label, box, margin=margin))
        track.looked_s = picture.time_s

    def _due(self, track: Track, time_s: float) -> bool:
        rested = time_s - track.posed_s >= self._config.pose_every_s - 1e-6
        return rested and track.best_score >= self._config.start_score and bool(track.looks)

    def _colours_and_posture(self, picture: Picture, track: Track, box: Box) -> None:
        if track.label in COLOURED:
            track.posed_s = picture.time_s
            track.vote("colour", _surface_colour(picture.rgb, box))
        elif track.label == "person" and self._tall_enough(picture, box):
            track.posed_s = picture.time_s
            _pose_votes(picture.rgb, track, box)

    def _tall_enough(self, picture: Picture, box: Box) -> bool:
        tall_px = (box.y2 - box.y1) * picture.rgb.shape[0]
        return bool(tall_px >= self._config.min_person_px)


def covers(nearer: Iterable[Detection], box: Box) -> bool:
    """Whether something hides a good part of `box`: it overlaps and its lower edge is lower.

    One can see through what is ridden, so it hides nothing.
    """
    return any(
        one.box.y2 > box.y2 and common_area(box, one.box) > MAX_COVERED * area(box)
        for one in nearer
        if one.label not in RIDDEN
    )


def _pose_votes(rgb: NDArray[np.uint8], track: Track, box: Box) -> None:
    pose = pose_of(rgb, box)
    if pose.trusted:
        track.vote("top colour", _colour_of(torso_pixels(rgb, pose)))
        track.vote("trouser colour", _trouser_colour(rgb, pose))
        track.vote("posture", posture_of(pose))


def _colour_of(pixels: NDArray[np.uint8]) -> str | None:
    """The colour, "" where none fills the region, None where there is no region."""
    return dominant_colour(pixels) if len(pixels) >= MIN_REGION_PX else None


def _trouser_colour(rgb: NDArray[np.uint8], pose: Pose) -> str | None:
    """The colour of thighs and shins, if they have the same: bare legs under shorts are no trousers."""
    thighs, shins = _colour_of(thigh_pixels(rgb, pose)), _colour_of(shin_pixels(rgb, pose))
    if thighs is None or shins is None:
        return None
    return thighs if thighs == shins else ""


def _surface_colour(rgb: NDArray[np.uint8], box: Box) -> str | None:
    """The colour of the middle of the lower half: below a vehicle's windows, above its wheels."""
    width, height = box.x2 - box.x1, box.y2 - box.y1
    middle = Box(box.x1 + 0.2 * width, box.y1 + 0.5 * height, box.x2 - 0.2 * width, box.y1 + 0.8 * height)
    return _colour_of(cut(rgb, middle).reshape(-1, 3))
