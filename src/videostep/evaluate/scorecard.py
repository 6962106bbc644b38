"""All numbers of one model on one benchmark under one protocol: the file `videostep.scores/1`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec

from videostep.errors import FormatError, InputError
from videostep.evaluate.diagnosis import Diagnosis
from videostep.evaluate.gradebook import Measure, Series
from videostep.evaluate.metrics.scale import scale_of

SCORES_FORMAT: Final = "videostep.scores/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """One model, one benchmark, one protocol; numbers of two protocols are two cards."""

    format: Literal["videostep.scores/1"] = SCORES_FORMAT
    benchmark: str
    protocol: str
    """`exact`, `choice`, `count`, `wups` with WordNet's version, or `judge` with the judge's name and the
    digest of what it is told."""
    model: str
    label: str
    """What the model is called in tables."""
    tags: dict[str, str] = field(default_factory=dict)
    """What was varied, such as `lambda` to `0.5`; plots are drawn over them."""
    questions: int
    """With a mark under this protocol."""
    series: tuple[Series, ...]
    faults: dict[str, dict[str, int]] = field(default_factory=dict)
    """Condition to why nothing could be read from a reply, and how often."""
    diagnosis: dict[str, tuple[Diagnosis, ...]] = field(default_factory=dict)
    """Condition to how questions and their true steps came out."""
    verdicts: tuple[str, ...] = ()
    """What blind controls say about the benchmark."""

    @property
    def headline(self) -> Measure:
        """What its tables are about."""
        return headline_of(self.protocol)

    def find(self, condition: str, measure: Measure = "accuracy") -> Series | None:
        """One row of numbers, if there is one."""
        fitting = (row for row in self.series if (row.condition, row.measure) == (condition, measure))
        return next(fitting, None)


def headline_of(protocol: str) -> Measure:
    """Accuracy; or the points of a protocol that says neither right nor wrong."""
    return "points" if scale_of(protocol).stands_alone else "accuracy"


def read_scorecard(path: Path) -> ScoreCard:
    """A card from its file; raises InputError or FormatError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ScoreCard)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", remedy="make it with videostep evaluate"
        ) from error
    except msgspec.MsgspecError as error:
        raise FormatError(f"{path} is no score card: {error}", remedy="make it anew") from error
