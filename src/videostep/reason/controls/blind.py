"""Answering every question of a data set without its video."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from videostep.reason.controls.captions import CaptionRule
from videostep.reason.controls.guess import guess_answers
from videostep.reason.controls.kinds import question_type
from videostep.sample import Sample


class Marked(NamedTuple):
    """A sample, and how often it was answered right, 0..1; None: it could not be tried."""

    sample: Sample
    words: float | None
    """By the question-only model."""
    captions: float | None
    """By the caption-only rule."""


def answer_blind(samples: Sequence[Sample], captions: Mapping[str, Sequence[str]]) -> list[Marked]:
    """Mark every sample; `captions` are the sentences about each video, by its id."""
    by_words = _answer_by_words(samples)
    rule = CaptionRule(samples, captions) if any(captions.values()) else None
    return [
        Marked(sample, by_words.get(sample.id), rule.share_right(sample) if rule else None)
        for sample in samples
    ]


def _answer_by_words(samples: Sequence[Sample]) -> dict[str, float]:
    """1 for each sample that the question-only model guesses and 0 for the others, by id."""
    groups: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[_learned_with(sample)].append(sample)
    n_videos = len({sample.video.id for sample in samples})
    marks: dict[str, float] = {}
    for group in groups.values():
        guesses = guess_answers(group)
        if guesses is not None:
            marks.update((sample.id, float(g.right)) for sample, g in zip(group, guesses, strict=True))
        elif n_videos > 1 and group[0].answer_kind == "open":
            # No other video asks for such a thing, so that nobody learns how it is answered.
            marks.update((sample.id, 0.0) for sample in group)
    return marks


def _learned_with(sample: Sample) -> tuple[str, ...]:
    """Which samples share a model.

    Closed questions of one kind do, since "yes" means the same everywhere. Of open ones each type has its
    own: a colour never answers what somebody does.
    """
    return question_type(sample) if sample.answer_kind == "open" else (sample.answer_kind,)


def answer_always_alike(samples: Sequence[Sample]) -> list[float]:
    """Mark every sample: always the most frequent answer or, of choices, always the most frequent place.

    Whichever is right more often.
    """
    by_answer = _marks_of_most_frequent([sample.answer for sample in samples])
    by_place = _marks_of_most_frequent([_place(sample) for sample in samples])
    return max((by_answer, by_place), key=sum)


def _place(sample: Sample) -> str | None:
    choices = sample.choices or ()
    return str(choices.index(sample.answer)) if sample.answer in choices else None


def _marks_of_most_frequent(values: Sequence[str | None]) -> list[float]:
    counts = Counter(value for value in values if value is not None)
    most = min(counts, key=lambda value: (-counts[value], value), default=None)
    return [float(value is not None and value == most) for value in values]
