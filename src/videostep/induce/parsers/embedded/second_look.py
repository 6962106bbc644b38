"""The second look: the detector on an enlarged crop around a thing.

STEP's dual verification asks the model whether each node is present. Here the detector itself is asked,
on a view that shares neither scale nor side with the first: cropped around the box and mirrored.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from videostep.graph import Box
from videostep.induce.boxes import overlap
from videostep.induce.parsers.embedded.appearance import cut
from videostep.induce.parsers.embedded.detect import detect, family

MIN_SCORE = 0.15
"""The detector's own floor."""
SAME_PLACE_IOU = 0.4
"""A box of the second look is the thing when it shares this much with the first."""


def second_look(rgb: NDArray[np.uint8], label: str, box: Box, *, margin: float) -> float:
    """The score of `label` (or a rival label of it) in a mirrored crop; 0 when it is not found at `box`."""
    window = look_window(box, margin=margin, aspect=rgb.shape[1] / rgb.shape[0])
    view = np.ascontiguousarray(cut(rgb, window)[:, ::-1])
    scores = (
        one.score
        for one in detect(view, min_score=MIN_SCORE)
        if family(one.label) == family(label) and overlap(_unmirrored(one.box, window), box) >= SAME_PLACE_IOU
    )
    return max(scores, default=0.0)


def look_window(box: Box, *, margin: float, aspect: float) -> Box:
    """A square in pixels around the box, `margin` of its longer side added at each side, in the picture.

    It is moved, not shrunk, where it would leave the picture, and shrunk only where it is larger.
    """
    side = max((box.x2 - box.x1) * aspect, box.y2 - box.y1) * (1 + 2 * margin)
    x1, x2 = _inside((box.x1 + box.x2) / 2, side / aspect)
    y1, y2 = _inside((box.y1 + box.y2) / 2, side)
    return Box(x1, y1, x2, y2)


def _inside(middle: float, length: float) -> tuple[float, float]:
    length = min(length, 1.0)
    start = min(max(middle - length / 2, 0.0), 1.0 - length)
    return start, start + length


def _unmirrored(box: Box, window: Box) -> Box:
    """A box of the mirrored view in fractions of the picture."""
    width, height = window.x2 - window.x1, window.y2 - window.y1
    left, top = window.x1 + (1 - box.x2) * width, window.y1 + box.y1 * height
    return Box(left, top, window.x1 + (1 - box.x1) * width, window.y1 + box.y2 * height)
