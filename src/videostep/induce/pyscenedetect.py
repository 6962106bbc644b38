"""What is used of PySceneDetect, imported without the program that it starts when it is imported.

`scenedetect.output` runs `ffmpeg` to see whether it is there, for cutting files apart, which we never do: a
tenth of a second of every start, and a program of the user's PATH that nobody asked for. Behind a PATH that
holds nothing it finds none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_programs() -> Iterator[None]:
    path = os.environ.get("PATH")
    os.environ["PATH"] = os.devnull
    try:
        yield
    finally:
        os.environ.pop("PATH")
        if path is not None:
            os.environ["PATH"] = path


with _without_programs():
    from scenedetect.common import FrameTimecode, Timecode
    from scenedetect.detector import SceneDetector
    from scenedetect.detectors import AdaptiveDetector, ContentDetector, HistogramDetector

__all__ = [
    "AdaptiveDetector",
    "ContentDetector",
    "FrameTimecode",
    "HistogramDetector",
    "SceneDetector",
    "Timecode",
]
