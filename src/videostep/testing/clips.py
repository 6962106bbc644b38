"""Made-up videos: textured scenes that move, with cuts and dissolves at known frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def texture(seed: int, *, width_px: int, height_px: int) -> Pixels:
    """A colourful RGB canvas of blobs and fine grain; other seeds look altogether different."""
    random = np.random.default_rng(seed)
    base = random.integers(20, 236, 3)
    blobs = np.clip(base + random.normal(0, 50, (6, 8, 3)), 0, 255).astype(np.float32)
    grain = random.normal(0, 12, (height_px // 4 + 1, width_px // 4 + 1, 3)).astype(np.float32)
    size = (width_px, height_px)
    canvas = cv2.resize(blobs, size, interpolation=cv2.INTER_CUBIC) + cv2.resize(grain, size)
    return np.asarray(np.clip(canvas, 0, 255), dtype=np.uint8)


def pan(canvas: Pixels, n_frames: int, *, width_px: int, height_px: int) -> Iterator[Pixels]:
    """A window of that size gliding over the canvas from its top left to its bottom right."""
    room_y, room_x = canvas.shape[0] - height_px, canvas.shape[1] - width_px
    for step in np.linspace(0.0, 1.0, n_frames):
        y, x = round(step * room_y), round(step * room_x)
        yield np.ascontiguousarray(canvas[y : y + height_px, x : x + width_px])


def shots(
    lengths: Sequence[int], *, width_px: int = 160, height_px: int = 96, seed: int = 0
) -> Iterator[Pixels]:
    """Shots of so many frames, one after the other: a cut lies before each but the first."""
    for index, n_frames in enumerate(lengths):
        canvas = texture(seed + index, width_px=width_px + 40, height_px=height_px + 24)
        yield from pan(canvas, n_frames, width_px=width_px, height_px=height_px)


def dissolve(before: Pixels, after: Pixels, n_frames: int) -> Iterator[Pixels]:
    """Frames in which one picture turns into another."""
    for share in np.linspace(0.0, 1.0, n_frames + 2)[1:-1]:
        yield cv2.addWeighted(before, 1.0 - share, after, share, 0.0).astype(np.uint8)


def encode_video(
    path: Path,
    frames: Iterable[Pixels],
    *,
    fps: int = 25,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    pts: Iterable[int] | None = None,
    time_base: Fraction | None = None,
    rotation_deg: int = 0,
    sample_aspect: Fraction | None = None,
) -> Path:
    """Encode RGB frames; the container follows from the path's ending.

    Args:
        path: The file to make.
        frames: RGB pictures of one size.
        fps: Nominal frame rate; frame times follow it unless `pts` are given.
        codec: FFmpeg's name of the encoder.
        pixel_format: FFmpeg's name of the stored pixel format.
        options: Of the encoder, for example `{"bf": "2"}`.
        pts: Presentation times in units of `time_base`, for variable frame rates.
        time_base: Unit of `pts`, seconds; 1 / fps if None.
        rotation_deg: Display rotation to note in the container, counter-clockwise.
        sample_aspect: Width of a pixel over its height.
    """
    unit = time_base or Fraction(1, fps)
    stamps = iter(range(1 << 62) if pts is None else pts)
    with av.open(str(path), "w") as container:
        stream = cast("VideoStream", container.add_stream(codec, rate=fps, options=options or {}))
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = unit
        if sample_aspect is not None:
            stream.codec_context.sample_aspect_ratio = sample_aspect
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        for index, pixels in enumerate(frames):
            if index == 0:
                stream.height, stream.width = pixels.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.pts, frame.time_base = next(stamps), unit
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
