"""What a CLEVRER annotation file says: objects, where they are in each frame, and which collide."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from videostep.formats.graphs.frames import MOST_FRAMES, Run, runs_of
from videostep.formats.graphs.imported import Account
from videostep.formats.graphs.plain import entries, fields, name, number, whole, words
from videostep.formats.graphs.verdicts import LostError, UnusableError

_ATTRIBUTES: Final = {"color": "colour", "material": "material"}
_COLOURS: Final = {"gray": "grey"}
"""As everywhere else in graphs."""


@dataclass(slots=True, kw_only=True)
class SceneObject:
    """One object and all its frames."""

    label: str
    """Its shape."""
    attributes: dict[str, str]
    in_view: dict[int, bool] = field(default_factory=dict)
    """Frame to whether the camera sees it; frames of which the file says nothing are missing."""
    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Frame to place on the ground, in units of the simulation."""

    def runs(self) -> list[Run]:
        """When it is in view."""
        return runs_of(frame for frame, is_in in self.in_view.items() if is_in)

    def speeds(self, fps: float) -> dict[int, float]:
        """Frame to units a second since the frame before it; the first frame has the speed of the second."""
        known = {
            frame: math.dist(self.places[frame - 1], place) * fps
            for frame, place in sorted(self.places.items())
            if frame - 1 in self.places
        }
        first = min(known, default=0)
        return {first - 1: known[first], **known} if known else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Two different objects of the scene touch."""

    objects: tuple[str, str]
    frame: int


@dataclass(slots=True, kw_only=True)
class Scene:
    """A file's content; `account` holds what could not be understood."""

    n_frames: int
    objects: dict[str, SceneObject]
    """By id, in the file's order."""
    collisions: list[Collision]
    account: Account

    @property
    def is_whole(self) -> bool:
        """Whether the file says of every object and frame whether it is in view."""
        return all(len(one.in_view) == self.n_frames for one in self.objects.values())


def parse_scene(record: dict[str, Any]) -> Scene:
    """Read a file's JSON object; raises UnusableError when nothing true can be said of the video."""
    frames = [whole(fields(entry).get("frame_id")) for entry in entries(record.get("motion_trajectory"))]
    n_frames = 1 + max((frame for frame in frames if frame is not None), default=-1)
    if not record:
        raise UnusableError("its file is not a whole JSON object")
    if not 1 <= n_frames <= MOST_FRAMES:
        raise UnusableError("it has no frames, or more than any video")
    scene = Scene(n_frames=n_frames, objects={}, collisions=[], account=Account())
    scene.account.settle_repeats(record)
    _declare(record, scene)
    _place(record, scene)
    _collide(record, scene)
    return scene


def _declare(record: dict[str, Any], scene: Scene) -> None:
    for entry in entries(record.get("object_property")):
        scene.account.find("objects")
        declared = fields(entry)
        id_, shape = name(declared.get("object_id")), words(declared.get("shape"))
        if id_ is None or shape is None:
            scene.account.lose("objects", "without id or shape")
            continue
        one = SceneObject(label=shape, attributes=_attributes(declared, scene.account))
        if id_ not in scene.objects:
            scene.objects[id_] = one
        elif scene.objects[id_] != one:
            raise UnusableError("one object id stands for two objects")
        else:
            scene.account.lose("objects", "declared before")
            scene.account.lose("attributes", "declared before", len(one.attributes))


def _attributes(declared: dict[str, Any], account: Account) -> dict[str, str]:
    found = {}
    for theirs, ours in _ATTRIBUTES.items():
        account.find("attributes")
        value = words(declared.get(theirs))
        if value is None:
            account.lose("attributes", "without a value")
        else:
            found[ours] = _COLOURS.get(value, value)
    return found


def _place(record: dict[str, Any], scene: Scene) -> None:
    met: set[int] = set()
    for entry in entries(record.get("motion_trajectory")):
        frame = whole(fields(entry).get("frame_id"))
        usable = frame is not None and frame >= 0 and frame not in met
        for placed in entries(fields(entry).get("objects")):
            scene.account.find("sightings")
            try:
                _place_one(scene, frame if usable else None, fields(placed))
            except LostError as why:
                scene.account.lose("sightings", str(why))
            else:
                scene.account.carry("sightings")
        met.update([frame] if frame is not None else [])


def _place_one(scene: Scene, frame: int | None, placed: dict[str, Any]) -> None:
    one = scene.objects.get(name(placed.get("object_id")) or "")
    in_view = placed.get("inside_camera_view")
    if frame is None:
        raise LostError("in a frame without a number of its own")
    if one is None:
        raise LostError("of an object that is not declared")
    if frame in one.in_view:
        raise LostError("a second one of an object in a frame")
    if not isinstance(in_view, bool):
        raise LostError("without a word on whether it is in view")
    place = [number(value) for value in entries(placed.get("location"))[:2]]
    if len(place) != 2 or place[0] is None or place[1] is None:
        # Nobody could tell whether it moves, stops or starts then.
        raise LostError("without a place")
    one.in_view[frame] = in_view
    one.places[frame] = place[0], place[1]


def _collide(record: dict[str, Any], scene: Scene) -> None:
    for entry in entries(record.get("collision")):
        scene.account.find("collisions")
        try:
            scene.collisions.append(_collision(scene, fields(entry)))
        except LostError as why:
            scene.account.lose("collisions", str(why))


def _collision(scene: Scene, entry: dict[str, Any]) -> Collision:
    ids, frame = [name(id_) for id_ in entries(entry.get("object_ids"))], whole(entry.get("frame_id"))
    if frame is None or not 0 <= frame < scene.n_frames:
        raise LostError("outside the video")
    if len(ids) != 2 or ids[0] == ids[1]:
        raise LostError("not of two objects")
    first, second = ids
    if first is None or second is None or not {first, second} <= set(scene.objects):
        raise LostError("of an object that is not declared")
    # Of a touch outside the picture there is nothing to see.
    if not all(scene.objects[id_].in_view.get(frame) for id_ in (first, second)):
        raise LostError("out of view")
    return Collision(objects=(first, second), frame=frame)
