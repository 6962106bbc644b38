"""Counts of right, predicted and true elements, which can be added up, and the shares they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]
DECIMALS = 4


def share(part: float, whole: float) -> float | None:
    """`part / whole`; None for nothing out of nothing, which is neither right nor wrong."""
    return part / whole if whole > 0 else None


def rounded(value: float | None) -> float | None:
    """As it stands in a result file."""
    return None if value is None else round(value, DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Elements of one kind, or of one kind and word."""

    found: int = 0
    """Predicted elements that agree with a true one, one to one."""
    predicted: int = 0
    true: int = 0
    agreeing: int = 0
    """Pairs that agree in all but perhaps the time; `found` of them do so in time, too."""
    time_iou: float = 0.0
    """Sum over the agreeing pairs."""
    placed: int = 0
    """Agreeing pairs whose boxes could be compared; objects only."""
    box_iou: float = 0.0
    """Sum over the placed pairs."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            found=self.found + other.found,
            predicted=self.predicted + other.predicted,
            true=self.true + other.true,
            agreeing=self.agreeing + other.agreeing,
            time_iou=self.time_iou + other.time_iou,
            placed=self.placed + other.placed,
            box_iou=self.box_iou + other.box_iou,
        )

    @property
    def precision(self) -> float | None:
        """Share of the predicted that is right; None: nothing was predicted."""
        return share(self.found, self.predicted)

    @property
    def recall(self) -> float | None:
        """Share of the true that was found; None: there was nothing to find."""
        return share(self.found, self.true)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 2 found / (predicted + true); None: neither side has any."""
        return share(2 * self.found, self.predicted + self.true)

    def plain(self) -> Plain:
        """For result files; null where nothing was there to be counted."""
        return {
            "found": self.found,
            "predicted": self.predicted,
            "true": self.true,
            "precision": rounded(self.precision),
            "recall": rounded(self.recall),
            "f1": rounded(self.f1),
            "mean_time_iou": rounded(share(self.time_iou, self.agreeing)),
            "mean_box_iou": rounded(share(self.box_iou, self.placed)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityTally:
    """Seconds for which things are seen, and for which they are seen as the right thing."""

    common_s: float = 0.0
    """IDTP: seconds that matched things share."""
    predicted_s: float = 0.0
    true_s: float = 0.0

    def __add__(self, other: IdentityTally) -> IdentityTally:
        return IdentityTally(
            common_s=self.common_s + other.common_s,
            predicted_s=self.predicted_s + other.predicted_s,
            true_s=self.true_s + other.true_s,
        )

    @property
    def idf1(self) -> float | None:
        """2 IDTP / (predicted seconds + true seconds); None: nothing is seen on either side."""
        return share(2 * self.common_s, self.predicted_s + self.true_s)

    def plain(self) -> Plain:
        """For result files."""
        return {
            "common_s": round(self.common_s, DECIMALS),
            "predicted_s": round(self.predicted_s, DECIMALS),
            "true_s": round(self.true_s, DECIMALS),
            "id_precision": rounded(share(self.common_s, self.predicted_s)),
            "id_recall": rounded(share(self.common_s, self.true_s)),
            "idf1": rounded(self.idf1),
        }
