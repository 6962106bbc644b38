"""Blind controls: what is left of a video when a part of it is taken away.

A question that is answered as well without the video asks nothing about the video.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from videostep.evaluate.prediction import Control

Frame = TypeVar("Frame")


def withhold(shots: Sequence[Frame], control: Control, *, key: str) -> tuple[Frame, ...]:
    """The frames that are shown under a control, in the order in which they are shown.

    Args:
        shots: Frames, or whatever stands for them, in order of time.
        control: `none` shows all of them, `question` and `caption` none.
        key: Decides on the order of shuffled frames, such as the question's id.
    """
    match control:
        case "none":
            return tuple(shots)
        case "one-frame":
            return (shots[len(shots) // 2],) if shots else ()
        case "shuffled":
            return _shuffle(shots, key)
        case "question" | "caption":
            return ()


def _shuffle(shots: Sequence[Frame], key: str) -> tuple[Frame, ...]:
    """Another order than that of time wherever there is one."""
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]))
    order = generator.permutation(len(shots))
    if (order == np.arange(len(shots))).all():
        order = np.roll(order, 1)
    return tuple(shots[place] for place in order)
