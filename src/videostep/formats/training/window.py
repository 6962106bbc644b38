"""Which part of a video a question can be judged by without seeing the rest."""

from __future__ import annotations

import math
import re

from videostep.sample import Sample
from videostep.video import TimeSpan

MIN_WINDOW_S = 1.0
"""Shorter ones are widened: loaders that pick frames by index must find some."""
_COUNTS_SCENES = re.compile(r"\bscene\((-?)")


def window_of(sample: Sample, duration_s: float) -> TimeSpan:
    """The sample's span, widened until nothing in the question changes its meaning.

    A description, "no" or count that holds in the whole video holds in every part of it that has all of the
    evidence. Scenes are counted from the video's start or end, though: "the third scene" is the third only
    if the first two are there.

    Args:
        sample: The question.
        duration_s: Length of the video, seconds.

    Returns:
        Whole milliseconds, rounded outwards: a file of that part is named by them.
    """
    start_s, end_s = max(0.0, sample.span_s.start_s), min(duration_s, sample.span_s.end_s)
    signs = _COUNTS_SCENES.findall(sample.program)
    if "" in signs:
        start_s = 0.0
    if "-" in signs:
        end_s = duration_s
    missing_s = MIN_WINDOW_S - (end_s - start_s)
    if missing_s > 0:
        start_s = max(0.0, min(start_s - missing_s / 2, duration_s - MIN_WINDOW_S))
        end_s = min(duration_s, start_s + MIN_WINDOW_S)
    return TimeSpan(math.floor(start_s * 1000) / 1000, math.ceil(end_s * 1000) / 1000)
