"""Which part of a video a question can be judged by without seeing the rest, and which it may see at all."""

from __future__ import annotations

import math
import re

from videostep.part_words import scenes_told
from videostep.sample import Sample
from videostep.video import TimeSpan

MIN_WINDOW_S = 1.0
"""Shorter ones are widened: loaders that pick frames by index must find some."""
_COUNTS_SCENES = re.compile(r"\bscene\((-?)")


def window_of(sample: Sample, duration_s: float) -> TimeSpan:
    """The sample's span, widened until nothing in the question changes its meaning.

    A description, "no" or count that holds in the whole video holds in every part of it that has all of the
    evidence. Scenes are counted from the video's start or end, though: "the third scene" is the third only
    if the first two are there. So it is in a rationale that tells several scenes apart; where it names one,
    that is left out of its words (`words_of_part`). A prediction's window ends at its cut: what answers it
    lies behind.

    Args:
        sample: The question.
        duration_s: Length of the video, seconds.

    Returns:
        Whole milliseconds, rounded outwards, but never beyond a cut: a file of that part is named by them.
    """
    shown_s = shown_part(sample)
    last_s = duration_s if shown_s is None else min(duration_s, shown_s.end_s)
    start_s, end_s = max(0.0, sample.span_s.start_s), min(last_s, sample.span_s.end_s)
    signs = _COUNTS_SCENES.findall(sample.program)
    if "" in signs or len(scenes_told(sample.rationale)) > 1:
        start_s = 0.0
    if "-" in signs:
        end_s = last_s
    missing_s = MIN_WINDOW_S - (end_s - start_s)
    if missing_s > 0:
        start_s = max(0.0, min(start_s - missing_s / 2, last_s - MIN_WINDOW_S))
        end_s = min(last_s, start_s + MIN_WINDOW_S)
    return TimeSpan(math.floor(_ms(start_s)) / 1000, math.ceil(_ms(end_s)) / 1000)


def shown_part(sample: Sample) -> TimeSpan | None:
    """What may be shown of the video, in whole milliseconds rounded inwards; None: all of it."""
    if sample.shown_s is None:
        return None
    return TimeSpan(0.0, math.floor(_ms(sample.shown_s.end_s)) / 1000)


def _ms(time_s: float) -> float:
    """Milliseconds without binary noise: 2.3 s are 2300, not 2299.9999999999995."""
    return round(time_s * 1000, 3)
