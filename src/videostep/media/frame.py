"""A decoded frame: scaled straight from the decoder's planes, turned upright, never copied needlessly."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from videostep.media.picture import Picture, fit_side

SAMPLE_ASPECT_LIMIT = 4
"""Pixels wider or taller than this are a broken header, not an anamorphic recording."""


FILTERS = {"rgb24": Interpolation.AREA, "bgr24": Interpolation.FAST_BILINEAR}
"""Pictures are averaged without aliasing; the small ones, made of every frame, only need to be alike
from frame to frame, and this filter takes half the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """How a decoded picture is turned upright: transposed first, then mirrored."""

    transposed: bool = False
    mirrored_x: bool = False
    mirrored_y: bool = False

    def turn(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The upright pixels, rows x columns x channels, contiguous."""
        if self.transposed:
            pixels = pixels.swapaxes(0, 1)
        step_y, step_x = (-1 if self.mirrored_y else 1), (-1 if self.mirrored_x else 1)
        return np.ascontiguousarray(pixels[::step_y, ::step_x])

    def size(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Width and height after (or before) turning."""
        return (height_px, width_px) if self.transposed else (width_px, height_px)


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """Read the display matrix that a recorder wrote instead of turning the pixels.

    The matrix maps (x, y) to (a x + c y, b x + d y); angles between the quarter turns are
    rounded to one, as players do.
    """
    # PyAV's stubs call it a mapping of names; iterating yields the SideData themselves.
    side_data = cast("Iterable[SideData]", frame.side_data)
    matrix = next((bytes(data) for data in side_data if data.type is SideDataType.DISPLAYMATRIX), b"")
    if len(matrix) != 36:
        return Orientation()
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix)
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(mirrored_x=a < 0, mirrored_y=d < 0)
    return Orientation(transposed=True, mirrored_x=c < 0, mirrored_y=b < 0)


def display_size(frame: av.VideoFrame, sample_aspect: Fraction | None, turn: Orientation) -> tuple[int, int]:
    """Width and height of the upright picture with square pixels."""
    aspect = sample_aspect or Fraction(1)
    if not Fraction(1, SAMPLE_ASPECT_LIMIT) <= aspect <= SAMPLE_ASPECT_LIMIT:
        aspect = Fraction(1)
    return turn.size(max(1, round(frame.width * aspect)), frame.height)


@dataclass(slots=True, kw_only=True)
class FrameScaler:
    """Scales and turns the frames of one video; keeps one swscale context per target size."""

    orientation: Orientation
    size_px: tuple[int, int]
    """Upright width and height of the video."""
    picture_size_px: tuple[int, int]
    """Upright width and height of a Picture."""
    contexts: dict[tuple[int, int, str], VideoReformatter] = field(default_factory=dict)

    def scale(self, frame: av.VideoFrame, size_px: tuple[int, int], pixel_format: str) -> av.VideoFrame:
        """Scale to the upright `size_px`; the result is still as the decoder turned it."""
        width_px, height_px = self.orientation.size(*size_px)
        context = self.contexts.get((width_px, height_px, pixel_format))
        if context is None:
            context = self.contexts[width_px, height_px, pixel_format] = VideoReformatter()
        filter_ = FILTERS[pixel_format]
        # One thread: starting more costs as much as they save on pictures this small.
        return context.reformat(frame, width_px, height_px, pixel_format, interpolation=filter_, threads=1)

    def pixels(self, frame: av.VideoFrame, size_px: tuple[int, int], pixel_format: str) -> NDArray[np.uint8]:
        """Upright pixels of `size_px`."""
        scaled: Any = self.scale(frame, size_px, pixel_format).to_ndarray()
        return self.orientation.turn(scaled)


class Frame:
    """One frame of a video at its true time."""

    __slots__ = ("_decoded", "_picture", "_scaler", "_small", "_small_size_px", "n_left_out", "time_s")

    def __init__(
        self, time_s: float, decoded: av.VideoFrame, scaler: FrameScaler, n_left_out: int = 0
    ) -> None:
        self.time_s = time_s
        """Seconds from the video's first frame."""
        self.n_left_out = n_left_out
        """How many frames between this one and the one before were not decoded."""
        self._decoded = decoded
        self._scaler = scaler
        self._picture: Picture | None = None
        self._small_size_px = (0, 0)
        self._small: NDArray[np.uint8] | None = None

    def small(self, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """Upright BGR pixels of exactly that size, whatever the shape; the last size asked is kept."""
        if self._small is None or self._small_size_px != (width_px, height_px):
            self._small_size_px = (width_px, height_px)
            self._small = self._scaler.pixels(self._decoded, self._small_size_px, "bgr24")
        return self._small

    def picture(self) -> Picture:
        """The frame as everything downstream sees it."""
        if self._picture is None:
            pixels = self._scaler.pixels(self._decoded, self._scaler.picture_size_px, "rgb24")
            self._picture = Picture(self.time_s, pixels)
        return self._picture

    def rgb(self, width_px: int, height_px: int) -> NDArray[np.uint8]:
        """Upright RGB pixels of exactly that size, made anew each time."""
        return self._scaler.pixels(self._decoded, (width_px, height_px), "rgb24")

    def full(self) -> NDArray[np.uint8]:
        """Upright RGB pixels of the video's own size, made anew each time."""
        return self.rgb(*self._scaler.size_px)

    def shrink(self) -> None:
        """Let go of the decoder's buffer if the picture is smaller: for frames that are kept a while."""
        width_px, height_px = self._scaler.picture_size_px
        if sum(plane.buffer_size for plane in self._decoded.planes) > 3 * width_px * height_px:
            self._decoded = self._scaler.scale(self._decoded, (width_px, height_px), "rgb24")


def make_scaler(first: av.VideoFrame, sample_aspect: Fraction | None) -> tuple[FrameScaler, tuple[int, int]]:
    """The scaler for a video and its upright width and height, from its first frame."""
    orientation = orientation_of(first)
    size_px = display_size(first, sample_aspect, orientation)
    scaler = FrameScaler(orientation=orientation, size_px=size_px, picture_size_px=fit_side(*size_px))
    return scaler, size_px
