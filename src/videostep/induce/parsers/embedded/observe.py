"""Closer looks at what was just matched, rate-limited: second looks, poses, colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.parsers.embedded.appearance import cut
from videostep.induce.parsers.embedded.colour import dominant_colour
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.detect import area, common_area
from videostep.induce.parsers.embedded.pose import Pose, pose_of, shin_pixels, thigh_pixels, torso_pixels
from videostep.induce.parsers.embedded.posture import posture_of
from videostep.induce.parsers.embedded.second_look import second_look
from videostep.induce.parsers.embedded.track import Sight, Track
from videostep.media.picture import Picture

Matched = Sequence[tuple[Track, Sight]]
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

    def look(self, picture: Picture, number: int, matched: Matched) -> None:
        """Look closer at the picture numbered `number`."""
        for track, sight in self._for_second_look(picture.time_s, matched):
            self._second_look(picture, track, sight)
        for track, sight in matched:
            if self._wants_pose(picture, track, sight, matched):
                self._pose(picture, number, track, sight)
            elif (
                track.label in COLOURED and self._due(track, picture.time_s) and not _covered(sight, matched)
            ):
                track.posed_s = picture.time_s
                track.vote("colour", _surface_colour(picture.rgb, sight.detection.box))

    def _for_second_look(self, time_s: float, matched: Matched) -> Matched:
        """Strong boxes of tracks that were seen before; the least looked at first."""
        wanting = [
            (track, sight)
            for track, sight in matched
            if sight.detection.score >= self._config.weak_score
            and len(track.pictures) > 1
            and len(track.looks) < self._config.max_looks
            and time_s - track.looked_s >= self._config.look_every_s
        ]
        wanting.sort(key=lambda pair: (len(pair[0].looks), pair[0].number))
        return wanting[: self._config.looks_per_picture]

    def _second_look(self, picture: Picture, track: Track, sight: Sight) -> None:
        box, margin = sight.detection.box, self._config.look_margin
        track.looks.append(second_look(picture.rgb, track.label, box, margin=margin))
        track.looked_s = picture.time_s

    def _due(self, track: Track, time_s: float) -> bool:
        return len(track.pictures) > 1 and time_s - track.posed_s >= self._config.pose_every_s

    def _wants_pose(self, picture: Picture, track: Track, sight: Sight, matched: Matched) -> bool:
        box = sight.detection.box
        tall_px = (box.y2 - box.y1) * picture.rgb.shape[0]
        return (
            track.label == "person"
            and self._due(track, picture.time_s)
            and track.best_score >= self._config.start_score
            and tall_px >= self._config.min_person_px
            and not _covered(sight, matched)
        )

    def _wants_colour(self, picture: Picture, track: Track, sight: Sight, matched: Matched) -> bool:
        due = track.label in COLOURED and self._due(track, picture.time_s)
        return due and not _covered(sight, matched)

    def _pose(self, picture: Picture, number: int, track: Track, sight: Sight) -> None:
        track.posed_s = picture.time_s
        pose = pose_of(picture.rgb, sight.detection.box)
        if not pose.trusted:
            return
        track.vote("top colour", _colour_of(torso_pixels(picture.rgb, pose)))
        track.vote("trouser colour", _trouser_colour(picture.rgb, pose))
        track.postures.append(posture_of(pose))
        track.posture_pictures.append(number)


def _covered(sight: Sight, matched: Matched) -> bool:
    """Whether something nearer to the camera (its lower edge is lower) hides part of it."""
    box = sight.detection.box
    nearer = (o.detection.box for _, o in matched if o is not sight and o.detection.box.y2 > box.y2)
    return any(common_area(box, other) > MAX_COVERED * area(box) for other in nearer)


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
