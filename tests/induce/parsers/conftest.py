"""Synthetic footage for the embedded parser: boxes instead of pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from videostep.graph import Box
from videostep.induce.parsers.embedded.appearance import SIZE
from videostep.induce.parsers.embedded.camera import STILL, CameraStep, Matrix
from videostep.induce.parsers.embedded.config import EmbeddedConfig
from videostep.induce.parsers.embedded.detect import Detection
from videostep.induce.parsers.embedded.path import path_of
from videostep.induce.parsers.embedded.say import Scene
from videostep.induce.parsers.embedded.timeline import Timeline
from videostep.induce.parsers.embedded.track import Sight, Tracker
from videostep.video import TimeSpan

STEP_S = 0.2


@dataclass
class Thing:
    """A label and its box in every picture; None where the detector misses it."""

    label: str
    boxes: Sequence[Box | None]
    colour: int = 0
    score: float = 0.9
    looks: Sequence[float] = (0.9, 0.9)


def _sight(thing: Thing, picture: int) -> Sight | None:
    box = thing.boxes[picture]
    if box is None:
        return None
    appearance = np.full(SIZE, 0.2 / SIZE)
    appearance[thing.colour] += 0.8
    return Sight(detection=Detection(label=thing.label, score=thing.score, box=box), appearance=appearance)


def _watch(*things: Thing, camera: Sequence[Matrix] | None = None, aspect: float = 1.0) -> Scene:
    """Run the tracker over the things' boxes; every track gets the second looks of the nearest thing."""
    count = len(things[0].boxes)
    timeline, tracker = Timeline(aspect), Tracker(EmbeddedConfig(), aspect)
    for picture in range(count):
        time_s, matrix = round(picture * STEP_S, 4), camera[picture] if camera else STILL
        number = timeline.add(time_s, CameraStep(matrix, known=True))
        sights = [sight for sight in (_sight(thing, picture) for thing in things) if sight]
        for track, _ in tracker.step(number, time_s, sights, matrix):
            track.covered.append(False)
    tracks = tracker.finish()
    for track in tracks:
        owner = next(thing for thing in things if Box(*track.edges[:4]) in map(_single, thing.boxes))
        track.looks.extend(owner.looks)
    paths = {track.number: path_of(track, timeline) for track in tracks}
    span_s = TimeSpan(0.0, round(count * STEP_S, 4))
    return Scene(tracks=tracks, paths=paths, timeline=timeline, span_s=span_s, config=EmbeddedConfig())


def _single(box: Box | None) -> Box | None:
    """The box as a track stores it: in single precision."""
    return None if box is None else Box(*(float(np.float32(edge)) for edge in box))


def _gliding(start: Box, step: tuple[float, float], count: int) -> list[Box]:
    """A box that moves by `step` (x, y) from picture to picture."""
    return [
        Box(start.x1 + i * step[0], start.y1 + i * step[1], start.x2 + i * step[0], start.y2 + i * step[1])
        for i in range(count)
    ]


@pytest.fixture
def thing() -> type[Thing]:
    return Thing


@pytest.fixture
def watch() -> Callable[..., Scene]:
    return _watch


@pytest.fixture
def gliding() -> Callable[..., list[Box]]:
    return _gliding
