"""The blind controls of a data set as numbers: `videostep.controls/1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from videostep.sample import AnswerKind

CONTROLS_FORMAT: Final = "videostep.controls/1"
Steps = Literal["1", "2", "3+"]


class Interval(NamedTuple):
    """Where a share lies in 95 of 100 draws."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of questions, or a mean over them, with its uncertainty."""

    value: float
    """0..1."""
    interval: Interval | None = None
    """Over videos drawn with replacement: questions of one video are no independent evidence. None: there is
    only one video."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupControls:
    """How well one group of questions is answered blind. Rates are shares of right answers."""

    name: str
    """An answer kind, or a question type in words: `query attribute: top colour`."""
    answer_kind: AnswerKind
    samples: int
    videos: int
    answers: int
    """Different right answers."""
    entropy_bits: float
    """Of the right answers: two to its power is how many equally frequent ones would vary as much."""
    chance: float | None = None
    """Of blind luck, 0..1; None: an open question leaves nothing to draw from."""
    frequent: Rate
    """Always the most frequent answer or, of choices, always the same place: what is right more often."""
    words: Rate | None = None
    """The question-only model; None: there are no other videos that it could learn from."""
    captions: Rate | None = None
    """The caption-only rule; None: no video has a caption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFloor:
    """How well questions of so many steps are answered without the inner ones."""

    steps: Steps
    samples: int
    floor: Rate
    """Mean of 1 / outer candidates: guessing among what fits the outermost words."""
    single: int
    """Samples with one outer candidate: who skips the inner steps is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The blind controls of a data set; docs/controls.md says how each is worked out."""

    format: Literal["videostep.controls/1"]
    samples: int
    """Measured ones."""
    videos: int
    of_samples: int | None = None
    """How many samples those were drawn from, whole videos at a time; None: they are all."""
    kinds: tuple[GroupControls, ...]
    """Yes/no questions, choices, open questions; those that there are."""
    types: tuple[GroupControls, ...]
    """Question types, the most frequent first."""
    floors: tuple[StepFloor, ...]
    """By number of steps, rising."""
    longer: int
    """Samples of two and more steps."""
    twins: int
    """Those of them that have a twin: same outermost words, another answer."""
