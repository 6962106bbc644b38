"""From predictions with marks to a score card, in one pass: each prediction is looked at once and let go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from videostep.errors import InputError
from videostep.evaluate.answering.rationale import chain_is_right, split_reply
from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.controls import FLOOR, MAJORITY, Majority, blind_verdict, floor_of
from videostep.evaluate.diagnosis import Diagnosis, count_outcomes, diagnose, question_of
from videostep.evaluate.gradebook import Gradebook, Grades
from videostep.evaluate.metrics.agqa_indirect import IndirectReferences
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.scale import scale_of
from videostep.evaluate.prediction import CONTROLS, Condition, Prediction
from videostep.evaluate.predictions import read_predictions
from videostep.evaluate.scorecard import ScoreCard, headline_of
from videostep.evaluate.scoring import answer_of
from videostep.evaluate.twins import Answered, Marker, pair_twins

_SIGHTED: Final = Condition().name
_RULES: Final = {MAJORITY: 1, FLOOR: 2}
"""Rows that ask no model stand last, in this order."""


@dataclass(slots=True)
class _Pass:
    """What is gathered of one condition until all of its predictions are in."""

    twins: list[Answered] = field(default_factory=list)
    indirect: IndirectReferences = field(default_factory=IndirectReferences)
    questions: int = 0


class CardMaker:
    """Takes the predictions of one benchmark and one model, condition by condition."""

    def __init__(self, protocol: str, marker: Marker | None, mean_of: tuple[str, ...] = ()) -> None:
        """Nothing is known yet.

        Args:
            protocol: Whose marks count.
            marker: Marks one twin's answer against the other's; None: it cannot be told, as with a judge.
            mean_of: Groups whose mean is the benchmark's headline.
        """
        self._protocol, self._marker = protocol, marker
        self._headline = headline_of(protocol)
        self._gradebook = Gradebook(mean_of)
        self._majority = Majority(marker if self._headline == "points" else None)
        self._benchmark = self._model = ""
        self._faults: dict[str, Counter[str]] = defaultdict(Counter)
        self._passes: dict[Condition, _Pass] = {}
        self._steps: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        self._long: dict[str, list[tuple[Item, bool]]] = defaultdict(list)

    @property
    def has_questions(self) -> bool:
        """Whether any prediction counted; those of steps asked singly do not."""
        return bool(self._passes)

    def add(self, condition: Condition, prediction: Prediction) -> None:
        """Take one prediction; one without a mark under the protocol counts nowhere."""
        mark = self._mark_of(prediction)
        if mark is None:
            return
        self._benchmark, self._model = prediction.benchmark, prediction.model
        name = _row_of(condition)
        if condition.single_steps:
            self._steps[name][question_of(prediction.item.id)].append(bool(mark.right))
            return
        if condition not in self._passes:
            self._passes[condition] = _Pass()
        gathered = self._passes[condition]
        gathered.questions += 1
        # The rules need the questions once, however often they were asked.
        if len(self._passes) == 1:
            self._add_to_rules(prediction.item)
        self._add_mark(name, condition.seed, prediction, mark)
        gathered.indirect.add(prediction.item, mark)
        if prediction.item.twin_of is not None:
            gathered.twins.append(Answered(prediction.item, answer_of(prediction) or "", mark))

    def card(self, *, label: str = "", tags: Mapping[str, str] | None = None) -> ScoreCard:
        """Work everything out.

        Args:
            label: What the model is called in tables; "": as its backend names it.
            tags: What was varied.

        Raises:
            InputError: No prediction has a mark under the protocol.
        """
        if not self.has_questions:
            raise InputError(
                f"no prediction has a mark by {self._protocol!r}", remedy="score them by it first"
            )
        for condition, gathered in self._passes.items():
            self._add_gathered(condition, gathered)
        for video, groups, worth in self._majority.marks():
            self._gradebook.add(MAJORITY, self._headline, video, groups, worth)
        grades = self._gradebook.close()
        return ScoreCard(
            benchmark=self._benchmark,
            protocol=self._protocol,
            model=self._model,
            label=label or self._model,
            tags=dict(tags or {}),
            questions=max(gathered.questions for gathered in self._passes.values()),
            series=tuple(sorted(grades.series, key=lambda row: _RULES.get(row.condition, 0))),
            faults={condition: dict(sorted(faults.items())) for condition, faults in self._faults.items()},
            diagnosis=self._diagnosis(),
            verdicts=tuple(_verdicts(grades, self._protocol)),
        )

    def _mark_of(self, prediction: Prediction) -> Mark | None:
        """By the card's protocol; steps that need no judge also by whichever fits them."""
        marks = prediction.marks
        by_words = prediction.single_steps and not self._protocol.startswith("judge")
        return marks.get(self._protocol) or (marks.get("exact") or marks.get("choice") if by_words else None)

    def _add_to_rules(self, item: Item) -> None:
        """Note what needs no model: the majority answer and, where it is known, the outer-hop floor."""
        # No free text is the most frequent one, and without a marker nobody knows what an answer is worth.
        if item.kind != "text" and (self._headline == "accuracy" or self._marker is not None):
            self._majority.add(item)
        floor = floor_of(item)
        if floor is not None:
            self._gradebook.add(FLOOR, "accuracy", item.video, groups_of(item), floor)

    def _add_mark(self, name: str, seed: int, prediction: Prediction, mark: Mark) -> None:
        item = prediction.item
        if mark.fault:
            self._faults[name][mark.fault] += 1
        groups = groups_of(item)
        if mark.points is not None:
            self._gradebook.add(name, "points", item.video, groups, mark.points, seed=seed)
        if mark.right is None:
            return
        self._gradebook.add(name, "accuracy", item.video, groups, float(mark.right), seed=seed)
        if len(item.sub_questions) > 1:
            self._add_long(name, seed, prediction, mark.right)

    def _add_long(self, name: str, seed: int, prediction: Prediction, right: bool) -> None:
        item = prediction.item
        if seed == 0:
            self._long[name].append((item, right))
        if prediction.mode == "rationale-then-answer":
            chain = right and chain_is_right(item, split_reply(prediction.reply or "").rationale)
            self._gradebook.add(name, "chain", item.video, groups_of(item), float(chain), seed=seed)

    def _add_gathered(self, condition: Condition, gathered: _Pass) -> None:
        """Count what needs two questions: twins, and indirect references with their direct forms."""
        name, seed = _row_of(condition), condition.seed
        for pair in pair_twins(gathered.twins, self._marker):
            add = self._gradebook.add
            add(name, "twin", pair.video, pair.groups, float(pair.both_right), seed=seed)
            if pair.contrast is not None:
                add(name, "contrast", pair.video, pair.groups, float(pair.contrast), seed=seed)
        for video, groups, right in gathered.indirect.marks():
            self._gradebook.add(name, "accuracy", video, groups, float(right), seed=seed)

    def _diagnosis(self) -> dict[str, tuple[Diagnosis, ...]]:
        """Condition to outcomes, of those whose steps were asked."""
        return {
            name: counts
            for name, steps in self._steps.items()
            if (counts := count_outcomes(diagnose(self._long[name], steps)))
        }


def _row_of(condition: Condition) -> str:
    """The row of numbers under which it counts: seeds are one row, steps belong to their questions."""
    return condition._replace(seed=0, single_steps=False).name


def _verdicts(grades: Grades, protocol: str) -> Iterator[str]:
    """What each blind control says, by the decoding that answers at once."""
    measure, scale = headline_of(protocol), scale_of(protocol)
    values = {row.condition: row.groups["all"] for row in grades.series if row.measure == measure}
    for control in CONTROLS[1:]:
        blind = Condition(control=control).name
        better, worse = (blind, _SIGHTED) if scale.less_is_better else (_SIGHTED, blind)
        gain = grades.difference(better, worse, measure)
        if gain is not None:
            of_points = scale if measure == "points" else None
            yield blind_verdict(control, values[_SIGHTED], values[blind], gain, of_points)


def make_scorecard(
    files: Mapping[Condition, Path],
    protocol: str,
    marker: Marker | None,
    *,
    mean_of: tuple[str, ...] = (),
    label: str = "",
    tags: Mapping[str, str] | None = None,
) -> ScoreCard:
    """The card of finished files of predictions with marks; see `CardMaker`.

    Raises:
        InputError: A file cannot be read, or no prediction has a mark under the protocol.
        FormatError: A line is no prediction.
    """
    maker = CardMaker(protocol, marker, mean_of)
    for condition, path in files.items():
        for prediction in read_predictions(path):
            maker.add(condition, prediction)
    return maker.card(label=label, tags=tags)
