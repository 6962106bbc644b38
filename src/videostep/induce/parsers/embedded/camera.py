"""Camera motion: how the standing background moved from one picture to the next.

Points are in *picture heights*: x and y both divided by the picture's height, so that a turn or a zoom
is a similarity transform whatever the picture's format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box

Matrix = NDArray[np.float64]
"""2 x 3: a similarity transform of the plane."""

STILL: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
WIDTH_PX = 320
"""Pictures are brought to this width before points are followed: a pixel is 0.3 % of the width."""
MAX_POINTS = 150
MIN_POINTS = 12
"""Fewer points that could be followed: the camera's motion is not known."""
MIN_AGREEING = 0.5
"""Smaller share of points that move as one background: the camera's motion is not known."""
AGREE_PX = 1.0
"""A point agrees when it lands this near to where the background's motion brings it, small pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class CameraStep:
    """From the previous picture to this one."""

    matrix: Matrix
    known: bool
    """False: `matrix` is a guess (no motion), nothing may be said about what moves."""


class Camera:
    """Follows background points from picture to picture."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._points = np.empty((0, 1, 2), np.float32)

    def step(self, rgb: NDArray[np.uint8]) -> CameraStep:
        """The camera's motion since the last picture."""
        self._before, self._grey = self._grey, _small_grey(rgb)
        return self._follow(self._grey)

    def set_aside(self, boxes: Iterable[Box]) -> None:
        """Choose background points in the last picture: not in `boxes`, which may move by themselves."""
        if self._grey is not None:
            self._points = _background_points(self._grey, boxes)

    def _follow(self, grey: NDArray[np.uint8]) -> CameraStep:
        if self._before is None or self._before.shape != grey.shape:
            return CameraStep(STILL, known=self._before is None)
        if len(self._points) < MIN_POINTS:
            return CameraStep(STILL, known=False)
        guess = self._points.copy()
        ends, found, _ = cv2.calcOpticalFlowPyrLK(self._before, grey, self._points, guess, maxLevel=4)
        followed = found.ravel() == 1
        return _similarity(self._points[followed], ends[followed], grey.shape[0])


def _similarity(starts: NDArray[Any], ends: NDArray[Any], height_px: int) -> CameraStep:
    """The one similarity transform that most points agree on (RANSAC; cv2's own fixed seed)."""
    if len(starts) < MIN_POINTS:
        return CameraStep(STILL, known=False)
    matrix, agrees = cv2.estimateAffinePartial2D(starts, ends, ransacReprojThreshold=AGREE_PX)
    if matrix is None or agrees.mean() < MIN_AGREEING:
        return CameraStep(STILL, known=False)
    in_heights = np.column_stack([matrix[:, :2], matrix[:, 2] / height_px]).astype(np.float64)
    return CameraStep(in_heights, known=True)


def _small_grey(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height_px, width_px = rgb.shape[:2]
    scale = min(1.0, WIDTH_PX / width_px)
    size = (max(8, round(width_px * scale)), max(8, round(height_px * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _background_points(grey: NDArray[np.uint8], moving: Iterable[Box]) -> NDArray[np.float32]:
    height_px, width_px = grey.shape
    mask = np.full(grey.shape, 255, np.uint8)
    for box in moving:
        top, bottom = int(box.y1 * height_px), int(np.ceil(box.y2 * height_px))
        left, right = int(box.x1 * width_px), int(np.ceil(box.x2 * width_px))
        mask[top:bottom, left:right] = 0
    points = cv2.goodFeaturesToTrack(grey, MAX_POINTS, qualityLevel=0.01, minDistance=8, mask=mask)
    return np.empty((0, 1, 2), np.float32) if points is None else points.astype(np.float32, copy=False)


def chain(first: Matrix, then: Matrix) -> Matrix:
    """One transform that does `first`, then `then`."""
    linear = then[:, :2] @ first[:, :2]
    shift = then[:, :2] @ first[:, 2] + then[:, 2]
    return np.column_stack([linear, shift])


def invert(matrix: Matrix) -> Matrix:
    """The transform back."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def zoom(matrix: Matrix) -> float:
    """How many times larger things are after the transform."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
