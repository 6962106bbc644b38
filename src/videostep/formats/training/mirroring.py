"""What is false in a mirrored video."""

from __future__ import annotations

import re

from videostep.sample import Sample

_SIDE = re.compile(r"\b(left|right)(most|wards?|hand)?\b|clockwise", re.IGNORECASE)


def tells_left_from_right(sample: Sample) -> bool:
    """Whether a sample would be false of its mirrored video: program, answers or options name a side.

    Its other words say no more than these. "The man who left" does not count: programs have no past tense.
    """
    answers = (step.sub_answer for step in sample.steps)
    programs = (step.program for step in sample.steps)
    texts = (sample.program, sample.answer, *(sample.choices or ()), *answers, *programs)
    return any(_SIDE.search(text) for text in texts)
