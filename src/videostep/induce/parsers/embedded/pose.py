"""Pose: the joints of one person (MoveNet), and the parts of the picture between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.parsers.embedded.networks import open_network

INPUT_PX = 192
SQUARE = 1.15
"""Side of the square around a person that the network was made for, in longer sides of the box."""
MIN_JOINT = 0.3
"""Score from which a joint is where the network says."""
SHOULDERS, HIPS, KNEES, ANKLES = (5, 6), (11, 12), (13, 14), (15, 16)
"""Rows of `Pose.joints`: the person's own left, then right."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where a person's joints are."""

    joints: Points
    """17 x 2, pixels of the picture."""
    scores: NDArray[np.float64]
    """17, each 0..1."""

    @property
    def trusted(self) -> bool:
        """Whether the pose as a whole can be believed."""
        return float(self.scores.mean()) >= MIN_JOINT

    def has(self, *joints: int) -> bool:
        """Whether all these joints can be believed."""
        return bool((self.scores[list(joints)] >= MIN_JOINT).all())

    def middle(self, pair: tuple[int, int]) -> Points:
        """The point between a left and a right joint."""
        point: Points = self.joints[list(pair)].mean(axis=0)
        return point


def pose_of(rgb: NDArray[np.uint8], box: Box) -> Pose:
    """The joints of the person in `box`."""
    height_px, width_px = rgb.shape[:2]
    x, y = (box.x1 + box.x2) / 2 * width_px, (box.y1 + box.y2) / 2 * height_px
    side_px = max((box.x2 - box.x1) * width_px, (box.y2 - box.y1) * height_px) * SQUARE
    corner = np.array([x - side_px / 2, y - side_px / 2])
    scale = side_px / INPUT_PX
    to_picture = np.array([[scale, 0, corner[0]], [0, scale, corner[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    square = cv2.warpAffine(rgb, to_picture, (INPUT_PX, INPUT_PX), flags=flags)
    points = (
        open_network("movenet_lightning").run(None, {"image": square[np.newaxis]})[0][0].astype(np.float64)
    )
    return Pose(points[:, :2] * side_px + corner, points[:, 2])


def torso_pixels(rgb: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """N x 3 pixels between shoulders and hips; none when a joint is not seen."""
    if not pose.has(*SHOULDERS, *HIPS):
        return np.empty((0, 3), np.uint8)
    top, bottom = pose.middle(SHOULDERS), pose.middle(HIPS)
    across_px = abs(pose.joints[SHOULDERS[0], 0] - pose.joints[SHOULDERS[1], 0])
    half_px = max(0.35 * across_px, 0.16 * float(np.linalg.norm(bottom - top)))
    return _strip(rgb, top, bottom, half_px=half_px, start=0.12, end=0.85)


def thigh_pixels(rgb: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """N x 3 pixels along both thighs; none when a joint is not seen."""
    return _leg_pixels(rgb, pose, HIPS, KNEES)


def shin_pixels(rgb: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """N x 3 pixels along both shins; none when a joint is not seen."""
    return _leg_pixels(rgb, pose, KNEES, ANKLES)


def _leg_pixels(
    rgb: NDArray[np.uint8], pose: Pose, upper: tuple[int, int], lower: tuple[int, int]
) -> NDArray[np.uint8]:
    if not pose.has(*upper, *lower):
        return np.empty((0, 3), np.uint8)
    half_px = 0.18 * float(np.linalg.norm(pose.middle(lower) - pose.middle(upper)))
    strips = [
        _strip(rgb, pose.joints[a], pose.joints[b], half_px=half_px, start=0.2, end=0.8)
        for a, b in zip(upper, lower, strict=True)
    ]
    return np.concatenate(strips)


def _strip(
    rgb: NDArray[np.uint8], top: Points, bottom: Points, *, half_px: float, start: float, end: float
) -> NDArray[np.uint8]:
    """Pixels of a rectangle along a line, from `start` to `end` of it, `half_px` to either side."""
    along = bottom - top
    length_px = float(np.linalg.norm(along))
    if length_px < 1:
        return np.empty((0, 3), np.uint8)
    side = np.array([-along[1], along[0]]) / length_px * half_px
    first, last = top + start * along, top + end * along
    corners = np.array([first - side, first + side, last + side, last - side])
    return _polygon_pixels(rgb, corners)


def _polygon_pixels(rgb: NDArray[np.uint8], corners: Points) -> NDArray[np.uint8]:
    height_px, width_px = rgb.shape[:2]
    low = np.clip(np.floor(corners.min(axis=0)), 0, (width_px, height_px)).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, (width_px, height_px)).astype(int)
    region = rgb[low[1] : high[1], low[0] : high[0]]
    if not region.size:
        return np.empty((0, 3), np.uint8)
    mask = np.zeros(region.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners - low).astype(np.int32), 1)
    pixels: NDArray[np.uint8] = region[mask == 1]
    return pixels
