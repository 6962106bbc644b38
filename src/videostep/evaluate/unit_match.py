"""Which unit of the truth a predicted unit is: by label, time and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from videostep.evaluate.boxes import mean_box_iou
from videostep.evaluate.matching import Matcher
from videostep.evaluate.scene import Scene, Unit
from videostep.evaluate.spans import common_s, time_iou
from videostep.evaluate.tally import Tally

_AGREEMENT_WEIGHT = 0.01
"""What is said of two units decides between places and times that differ by less than this."""
_SAME_ID_WEIGHT = 0.0001
"""Equal ids decide between units of which all else is equal, so that a graph matches itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Two units of one label, seen at a common time and, as far as boxes tell, in one place."""

    predicted: str
    true: str
    common_s: float
    time_iou: float
    box_iou: float | None
    """None: at no time do both have a box."""

    @property
    def similarity(self) -> float:
        """Mean of the two IoUs; that of time alone where boxes cannot be compared."""
        return self.time_iou if self.box_iou is None else (self.time_iou + self.box_iou) / 2


def find_candidates(predicted: Scene, true: Scene, *, min_box_iou: float) -> Iterator[Candidate]:
    """All pairs of units that might be the same, by the order of ids."""
    truth: dict[str, list[Unit]] = defaultdict(list)
    for unit in true.units:
        truth[unit.label].append(unit)
    extents = {label: _extents(units) for label, units in truth.items()}
    for unit in predicted.units:
        if unit.label in truth:
            for index in _meeting(unit, extents[unit.label]):
                yield from _compared(unit, truth[unit.label][index], min_box_iou)


def _extents(units: Sequence[Unit]) -> np.ndarray:
    """Start and end of each unit, seconds: for ruling out most pairs at once in a long video."""
    return np.array([(unit.spans_s[0].start_s, unit.spans_s[-1].end_s) for unit in units])


def _meeting(unit: Unit, extents: np.ndarray) -> list[int]:
    start_s, end_s = unit.spans_s[0].start_s, unit.spans_s[-1].end_s
    return [int(index) for index in np.flatnonzero((extents[:, 0] < end_s) & (extents[:, 1] > start_s))]


def _compared(predicted: Unit, true: Unit, min_box_iou: float) -> Iterator[Candidate]:
    both_s = common_s(predicted.spans_s, true.spans_s)
    if both_s <= 0:
        return
    box_iou = mean_box_iou(predicted.courses, true.courses)
    if box_iou is None or box_iou >= min_box_iou:
        yield Candidate(
            predicted=predicted.id,
            true=true.id,
            common_s=both_s,
            time_iou=time_iou(predicted.spans_s, true.spans_s),
            box_iou=box_iou,
        )


def match_units(
    predicted: Scene, true: Scene, candidates: Iterable[Candidate], *, min_time_iou: float, matcher: Matcher
) -> dict[str, str]:
    """Predicted unit to true unit, one to one."""
    profiles, truth = _profiles(predicted), _profiles(true)
    weights = {
        (pair.predicted, pair.true): pair.similarity
        + _AGREEMENT_WEIGHT * _agreement(profiles[pair.predicted], truth[pair.true])
        + _SAME_ID_WEIGHT * (pair.predicted == pair.true)
        for pair in candidates
        if pair.time_iou >= min_time_iou
    }
    return matcher(weights)


def _profiles(scene: Scene) -> dict[str, set[tuple[object, ...]]]:
    """What is said of each unit, other units named by their labels only."""
    labels = {unit.id: unit.label for unit in scene.units}
    profiles: dict[str, set[tuple[object, ...]]] = {unit.id: set() for unit in scene.units}
    for statement in scene.statements:
        told = tuple(labels[id_] for id_ in statement.about)
        for role, id_ in enumerate(statement.about):
            profiles[id_].add((statement.kind, role, told, statement.words))
    return profiles


def _agreement(first: set[tuple[object, ...]], second: set[tuple[object, ...]]) -> float:
    """Share of what is said of either that is said of both, 0..1."""
    return len(first & second) / len(first | second) if first or second else 1.0


def tally_units(
    predicted: Scene, true: Scene, candidates: Iterable[Candidate], match: Mapping[str, str]
) -> dict[str, Tally]:
    """Counts by label."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for unit in predicted.units:
        tallies[unit.label] += Tally(predicted=1)
    for unit in true.units:
        tallies[unit.label] += Tally(true=1)
    labels = {unit.id: unit.label for unit in predicted.units}
    for pair in candidates:
        if match.get(pair.predicted) == pair.true:
            tallies[labels[pair.predicted]] += Tally(
                found=1,
                agreeing=1,
                time_iou=pair.time_iou,
                placed=int(pair.box_iou is not None),
                box_iou=pair.box_iou or 0.0,
            )
    return dict(tallies)
