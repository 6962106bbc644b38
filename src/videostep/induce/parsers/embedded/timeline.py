"""The timeline of a clip: when its pictures were seen and how the camera stood at each."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from videostep.induce.parsers.embedded.camera import STILL, CameraStep, Matrix, chain, invert, zoom
from videostep.video import TimeSpan

DEFAULT_STEP_S = 0.2
"""Time between pictures where a clip has only one."""


class Timeline:
    """Grows by one entry a picture: 9 numbers, so an hour at five a second takes 1.2 MB."""

    def __init__(self, aspect: float) -> None:
        self.aspect = aspect
        """Width over height of the pictures."""
        self.times_s = array("d")
        self._camera: Matrix = STILL
        self._to_start = array("d")
        self._known = array("b")

    def add(self, time_s: float, camera: CameraStep) -> int:
        """Note a picture; returns its number, counted from 0."""
        self._camera = chain(self._camera, camera.matrix)
        self.times_s.append(time_s)
        self._to_start.extend(invert(self._camera).ravel())
        self._known.append(camera.known)
        return len(self.times_s) - 1

    @property
    def step_s(self) -> float:
        """The usual time between two pictures, seconds."""
        steps = np.diff(np.asarray(self.times_s))
        return float(np.median(steps)) if len(steps) else DEFAULT_STEP_S

    def camera_known(self) -> NDArray[np.bool_]:
        """For each picture: whether the camera's motion since the one before was measured."""
        return np.asarray(self._known, dtype=bool)

    def on_ground(self, pictures: NDArray[np.int64], points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n x 2, picture heights) as the camera of the clip's first picture would see them."""
        matrices = np.asarray(self._to_start).reshape(-1, 2, 3)[pictures]
        moved: NDArray[np.float64] = np.einsum("nij,nj->ni", matrices[:, :, :2], points) + matrices[:, :, 2]
        return moved

    def zooms(self, pictures: NDArray[np.int64]) -> NDArray[np.float64]:
        """How many times larger things were at the clip's start than in each picture."""
        matrices = np.asarray(self._to_start).reshape(-1, 2, 3)[pictures]
        return np.array([zoom(matrix) for matrix in matrices])

    def spans_of(
        self, pictures: NDArray[np.int64], *, gap_s: float, within: TimeSpan
    ) -> tuple[TimeSpan, ...]:
        """Pieces of time that a set of pictures stands for: half a step around each, gaps closed."""
        if not len(pictures):
            return ()
        times_s, half_s = np.asarray(self.times_s)[pictures], self.step_s / 2
        breaks = np.flatnonzero(np.diff(times_s) > gap_s) + 1
        pieces = (
            TimeSpan(round(float(piece[0]) - half_s, 4), round(float(piece[-1]) + half_s, 4))
            for piece in np.split(times_s, breaks)
        )
        return tuple(cut for cut in (piece.overlap(within) for piece in pieces) if cut is not None)
