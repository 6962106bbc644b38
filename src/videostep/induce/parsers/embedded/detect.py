"""Detection: what stands where in one picture (COCO-SSD, 80 labels)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.boxes import area, overlap
from videostep.induce.parsers.embedded.networks import class_names, open_network

INPUT_PX = 300
"""The detector was trained on pictures squashed to this square."""
WHOLE_PICTURE = 0.92
"""A box that fills more of the picture than this is the detector's habit, not a thing."""
RIVALS = (
    frozenset({"car", "bus", "truck", "train"}),
    frozenset({"bicycle", "motorcycle"}),
    frozenset({"dog", "cat", "sheep", "cow", "horse"}),
    frozenset({"couch", "chair", "bed"}),
    frozenset({"handbag", "backpack", "suitcase"}),
)
"""Labels under which the same thing often comes out side by side, or in turns."""
RIDDEN = frozenset({"bicycle", "motorcycle"})
"""What a person rides; horses are left out, since none was seen to try it on."""
RIVAL_IOU = 0.6
"""Two boxes of rival labels that share more than this are one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One box of one picture."""

    label: str
    score: float
    """The network's, 0..1."""
    box: Box


def family(label: str) -> str:
    """The name that all rival labels share: the first of them in the alphabet, or the label itself."""
    return next((min(rivals) for rivals in RIVALS if label in rivals), label)


def detect(rgb: NDArray[np.uint8], *, min_score: float) -> tuple[Detection, ...]:
    """All boxes that score at least `min_score` (0.15 or more), strongest first, one per thing."""
    small = cv2.resize(rgb, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_LINEAR)
    rows = open_network("coco_ssd").run(["detections"], {"image": small[np.newaxis]})[0]
    names = class_names("coco_ssd")
    found = (_detection(row, names) for row in rows if row[2] >= min_score)
    return one_per_thing(one for one in found if area(one.box) <= WHOLE_PICTURE)


def _detection(row: NDArray[np.float32], names: dict[int, str]) -> Detection:
    box = Box(*(float(edge) for edge in row[3:7]))
    return Detection(label=names[int(row[1])], score=float(row[2]), box=box)


def one_per_thing(detections: Iterable[Detection]) -> tuple[Detection, ...]:
    """Drop what a stronger box of a rival label covers; strongest first."""
    kept: list[Detection] = []
    for one in sorted(detections, key=lambda one: (-one.score, one.label, one.box)):
        same = (k for k in kept if family(k.label) == family(one.label) and k.label != one.label)
        if all(overlap(one.box, other.box) <= RIVAL_IOU for other in same):
            kept.append(one)
    return tuple(kept)
