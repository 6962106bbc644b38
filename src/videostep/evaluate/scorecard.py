"""All numbers of one model on one benchmark under one protocol: the file `videostep.scores/1`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import msgspec

from videostep.errors import FormatError, InputError
from videostep.evaluate.answering.rationale import chain_is_right, split_reply
from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.controls import FLOOR, MAJORITY, Majority, blind_verdict, floor_of
from videostep.evaluate.diagnosis import Diagnosis, count_outcomes, diagnose, question_of
from videostep.evaluate.gradebook import Gradebook, Grades, Measure, Series
from videostep.evaluate.metrics.agqa_indirect import IndirectReferences
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.predictions import CONTROLS, Condition, Prediction, read_predictions
from videostep.evaluate.scoring import answer_of
from videostep.evaluate.twins import Answered, Marker, pair_twins

SCORES_FORMAT: Final = "videostep.scores/1"
_SIGHTED: Final = Condition().name


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """One model, one benchmark, one protocol; numbers of two protocols are two cards."""

    format: Literal["videostep.scores/1"] = SCORES_FORMAT
    benchmark: str
    protocol: str
    """`exact`, `choice`, or `judge` with the judge's name and the digest of what it is told."""
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

    def find(self, condition: str, measure: Measure = "accuracy") -> Series | None:
        """One row of numbers, if there is one."""
        fitting = (row for row in self.series if (row.condition, row.measure) == (condition, measure))
        return next(fitting, None)


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


def make_scorecard(
    files: Mapping[Condition, Path],
    protocol: str,
    marker: Marker | None,
    *,
    mean_of: tuple[str, ...] = (),
    label: str = "",
    tags: Mapping[str, str] | None = None,
) -> ScoreCard:
    """Work out all numbers from predictions with marks; few predictions are in memory at a time.

    Args:
        files: Of one benchmark and one model, by how was asked.
        protocol: Whose marks count.
        marker: Marks one twin's answer against the other's; None: it cannot be told, as with a judge.
        mean_of: Groups whose mean is the benchmark's headline.
        label: What the model is called in tables; "": as its backend names it.
        tags: What was varied.

    Raises:
        InputError: No prediction has a mark under this protocol.
    """
    book = _Book(protocol, marker, mean_of)
    for condition, path in files.items():
        book.read(condition, read_predictions(path))
    if not book.model:
        raise InputError(f"no prediction has a mark by {protocol!r}", remedy="score them by it first")
    book.add_rules(next(path for condition, path in files.items() if not condition.single_steps))
    grades = book.gradebook.close()
    return ScoreCard(
        benchmark=book.benchmark,
        protocol=protocol,
        model=book.model,
        label=label or book.model,
        tags=dict(tags or {}),
        questions=book.questions,
        series=grades.series,
        faults={condition: dict(sorted(faults.items())) for condition, faults in book.faults.items()},
        diagnosis=book.diagnosis(),
        verdicts=tuple(_verdicts(grades)),
    )


def _verdicts(grades: Grades) -> Iterator[str]:
    """What each blind control says, by the decoding that answers at once."""
    accuracy = {row.condition: row.groups["all"] for row in grades.series if row.measure == "accuracy"}
    for control in CONTROLS[1:]:
        blind = Condition(control=control).name
        difference = grades.difference(_SIGHTED, blind)
        if difference is not None:
            yield blind_verdict(control, accuracy[_SIGHTED], accuracy[blind], difference)


class _Book:
    """Marks of all conditions, added up as they are read."""

    def __init__(self, protocol: str, marker: Marker | None, mean_of: tuple[str, ...]) -> None:
        self._protocol, self._marker = protocol, marker
        self.gradebook = Gradebook(mean_of)
        self.benchmark = self.model = ""
        self.questions = 0
        self.faults: dict[str, Counter[str]] = defaultdict(Counter)
        self._steps: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        self._long: dict[str, list[tuple[Item, bool]]] = defaultdict(list)

    def read(self, condition: Condition, predictions: Iterable[Prediction]) -> None:
        """Add the predictions of one condition."""
        name = condition._replace(seed=0, single_steps=False).name
        twins: list[Answered] = []
        indirect = IndirectReferences()
        count = 0
        for prediction in predictions:
            mark = self._mark_of(prediction)
            if mark is None:
                continue
            self.benchmark, self.model = prediction.benchmark, prediction.model
            if condition.single_steps:
                self._steps[name][question_of(prediction.item.id)].append(bool(mark.right))
                continue
            count += 1
            self._add(name, condition.seed, prediction, mark)
            if prediction.item.twin_of is not None:
                twins.append(Answered(prediction.item, answer_of(prediction) or "", mark))
            indirect.add(prediction.item, mark)
        self._add_twins(name, condition.seed, twins)
        for video, group, right in indirect.marks():
            self.gradebook.add(name, "accuracy", video, [group], float(right), seed=condition.seed)
        self.questions = max(self.questions, count)

    def _mark_of(self, prediction: Prediction) -> Mark | None:
        """By the card's protocol; steps that need no judge also by whichever fits them."""
        marks = prediction.marks
        by_words = prediction.single_steps and not self._protocol.startswith("judge")
        return marks.get(self._protocol) or (marks.get("exact") or marks.get("choice") if by_words else None)

    def _add(self, name: str, seed: int, prediction: Prediction, mark: Mark) -> None:
        item = prediction.item
        if mark.fault:
            self.faults[name][mark.fault] += 1
        if mark.right is None:
            return
        groups = groups_of(item)
        self.gradebook.add(name, "accuracy", item.video, groups, float(mark.right), seed=seed)
        if mark.points is not None:
            self.gradebook.add(name, "points", item.video, groups, float(mark.points), seed=seed)
        if len(item.sub_questions) > 1:
            self._add_long(name, seed, prediction, mark.right)

    def _add_long(self, name: str, seed: int, prediction: Prediction, right: bool) -> None:
        item = prediction.item
        if seed == 0:
            self._long[name].append((item, right))
        if prediction.mode == "rationale-then-answer":
            chain = right and chain_is_right(item, split_reply(prediction.reply or "").rationale)
            self.gradebook.add(name, "chain", item.video, groups_of(item), float(chain), seed=seed)

    def _add_twins(self, name: str, seed: int, answered: Iterable[Answered]) -> None:
        for pair in pair_twins(answered, self._marker):
            add = self.gradebook.add
            add(name, "twin", pair.video, pair.groups, float(pair.both_right), seed=seed)
            if pair.contrast is not None:
                add(name, "contrast", pair.video, pair.groups, float(pair.contrast), seed=seed)

    def add_rules(self, path: Path) -> None:
        """Add what needs no model: the majority answer and, where it is known, the outer-hop floor."""
        majority = Majority(self._items(path))
        for item in self._items(path):
            groups = groups_of(item)
            self.gradebook.add(MAJORITY, "accuracy", item.video, groups, float(majority.is_right(item)))
            floor = floor_of(item)
            if floor is not None:
                self.gradebook.add(FLOOR, "accuracy", item.video, groups, floor)

    def _items(self, path: Path) -> Iterator[Item]:
        marked = (one for one in read_predictions(path) if self._protocol in one.marks)
        return (one.item for one in marked)

    def diagnosis(self) -> dict[str, tuple[Diagnosis, ...]]:
        """Condition to outcomes, of those whose steps were asked."""
        return {
            name: counts
            for name, steps in self._steps.items()
            if (counts := count_outcomes(diagnose(self._long[name], steps)))
        }
