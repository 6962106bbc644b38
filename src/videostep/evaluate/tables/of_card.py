"""A score card as tables: no accuracy stands alone, what it must beat stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from videostep.evaluate.controls import FLOOR, MAJORITY
from videostep.evaluate.diagnosis import OUTCOMES
from videostep.evaluate.gradebook import MEAN, Series
from videostep.evaluate.metrics.scale import scale_of
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.tables import numbers
from videostep.evaluate.tables.table import Table

STEPS: Final = ("steps/1", "steps/2", "steps/3+")
_ALL: Final = "all"
_INTERVALS: Final = "Per cent; in brackets 95 % intervals from 1,000 bootstrap draws of whole videos."


def tables_of(card: ScoreCard) -> tuple[Table, ...]:
    """Every table of one card, the most telling first."""
    return (
        *_shortcuts(card),
        *_by_steps(card),
        *_chain(card),
        *_diagnoses(card),
        *_groups(card),
        *_faults(card),
    )


def heading_of(card: ScoreCard) -> str:
    """What the card is about, for titles."""
    return f"{card.label} on {card.benchmark}, scored by {card.protocol}"


def _shortcuts(card: ScoreCard) -> Iterator[Table]:
    """Twins and contrast: what cannot be had by ignoring the inner description."""
    rows = [row for row in card.series if row.measure == "twin"]
    if not rows:
        return
    steps = _steps_in(rows)
    names = [*(f", {named_group(group)}" for group in steps), ""]
    columns = [f"{measure}{name}" for measure in ("both right", "contrast") for name in names]
    yield Table(
        title=f"Twins: {heading_of(card)}",
        columns=("asked as", *columns, "accuracy, all questions", "pairs"),
        rows=(
            *(_twin_row(card, row, steps) for row in rows),
            *(_rule_row(row, len(columns)) for row in card.series if _rules_last(row)),
        ),
        notes=(
            "Twins are two questions of one video with the same outermost words, another inner description "
            "and another answer. Contrast: both right minus both swapped, on twins that leave the same "
            "answers to choose from; 0 for any rule that ignores the inner description.",
            _INTERVALS,
        ),
    )


def _twin_row(card: ScoreCard, row: Series, steps: Sequence[str]) -> tuple[str, ...]:
    contrast, accuracy = (card.find(row.condition, measure) for measure in ("contrast", "accuracy"))
    return (
        row.condition,
        *(_cell(measured, group) for measured in (row, contrast) for group in (*steps, _ALL)),
        _cell(accuracy, _ALL),
        str(row.groups[_ALL].questions),
    )


def _rule_row(row: Series, n_columns: int) -> tuple[str, ...]:
    """What a rule that asks no model gets right; it answers no twins."""
    return (row.condition, *[numbers.NONE] * n_columns, _cell(row, _ALL), numbers.NONE)


def _by_steps(card: ScoreCard) -> Iterator[Table]:
    rows = [row for row in card.series if row.measure == card.headline]
    if not rows:
        # A judge that gave no verdict at all: what is left of it stands among the replies without a mark.
        return
    steps = _steps_in(rows)
    totals = [_ALL, *([MEAN] if any(MEAN in row.groups for row in rows) else [])]
    widest = max(rows, key=lambda row: row.groups[_ALL].questions)
    whole = widest.groups[_ALL].questions
    shares = (numbers.share(widest.groups[group].questions, whole) for group in steps)
    judged = card.headline == "accuracy" and any(row.measure == "points" for row in card.series)
    score = [scale_of(card.protocol).name] if judged else []
    share = ("share of the questions", *shares, "100", *[""] * (len(totals) - 1 + judged))
    yield Table(
        title=f"{_measured(card)}{' by reasoning steps' if steps else ''}: {heading_of(card)}",
        columns=("asked as", *map(named_group, steps), *totals, *score),
        rows=(
            *([share] if steps else []),
            *(_accuracy_row(card, row, (*steps, *totals), judged) for row in sorted(rows, key=_rules_last)),
        ),
        notes=(_intervals(card), *_rule_notes(rows), *card.verdicts),
    )


def _measured(card: ScoreCard) -> str:
    """What the headline's numbers are."""
    name = scale_of(card.protocol).name
    return "Accuracy" if card.headline == "accuracy" else name[0].upper() + name[1:]


def _intervals(card: ScoreCard) -> str:
    return _INTERVALS if card.headline == "accuracy" else _INTERVALS.replace("Per cent; in", "In", 1)


def _accuracy_row(card: ScoreCard, row: Series, groups: Sequence[str], judged: bool) -> tuple[str, ...]:
    points = card.find(row.condition, "points")
    score = [_points_cell(points)] if judged else []
    return (row.condition, *(_headline(card, row, group) for group in groups), *score)


def _headline(card: ScoreCard, row: Series, group: str) -> str:
    """One number of what the card is about."""
    if card.headline == "accuracy":
        return _cell(row, group)
    factor = scale_of(card.protocol).factor
    return numbers.points(row.groups.get(group), row.seeds.get(group), factor=factor)


def _rules_last(row: Series) -> bool:
    return row.condition in (MAJORITY, FLOOR)


def _rule_notes(rows: Sequence[Series]) -> Iterator[str]:
    conditions = {row.condition for row in rows}
    if MAJORITY in conditions:
        yield "Majority answer: always the most frequent true answer to questions of that kind and type."
    if FLOOR in conditions:
        yield "Outer-hop floor: a guess among all that fits the outermost words of the question."


def _chain(card: ScoreCard) -> Iterator[Table]:
    rows = [row for row in card.series if row.measure == "chain"]
    if rows:
        steps = [group for group in _steps_in(rows) if group != STEPS[0]]
        yield Table(
            title=f"Chain accuracy: {heading_of(card)}",
            columns=("asked as", *map(named_group, steps), "2 steps and more"),
            rows=tuple((row.condition, *(_cell(row, group) for group in (*steps, _ALL))) for row in rows),
            notes=(
                "Answer right and every true step said in the explanation, read by words: a lower bound.",
                _INTERVALS,
            ),
        )


def _diagnoses(card: ScoreCard) -> Iterator[Table]:
    for condition, diagnoses in card.diagnosis.items():
        wanted = [one for one in diagnoses if one.group in (*STEPS, _ALL)]
        yield Table(
            title=f"Cannot see or cannot compose: {heading_of(card)}",
            columns=(condition, *OUTCOMES, "questions"),
            rows=tuple(
                (
                    named_group(one.group),
                    *(
                        numbers.share(one.outcomes[outcome], sum(one.outcomes.values()))
                        for outcome in OUTCOMES
                    ),
                    str(sum(one.outcomes.values())),
                )
                for one in sorted(wanted, key=lambda one: (one.group == _ALL, one.group))
            ),
            notes=(
                "Per cent of the questions. Seen: asked singly, after the true statements of the steps "
                "before, every true sub-question is answered right. Wrong though all is seen: the model "
                "cannot compose. Right though not all is seen: luck, or a shortcut.",
            ),
        )


def _groups(card: ScoreCard) -> Iterator[Table]:
    rows = [row for row in card.series if row.measure == card.headline and not _rules_last(row)]
    groups = sorted({group for row in rows for group in row.groups} - {_ALL, MEAN, *STEPS})
    if groups:
        yield Table(
            title=f"{_measured(card)} by group: {heading_of(card)}",
            columns=("group", *(row.condition for row in rows), "questions"),
            rows=tuple(
                (
                    group,
                    *(_headline(card, row, group) for row in rows),
                    str(max(row.groups[group].questions for row in rows if group in row.groups)),
                )
                for group in groups
            ),
            notes=(_intervals(card),),
        )


def _faults(card: ScoreCard) -> Iterator[Table]:
    kinds = sorted({kind for faults in card.faults.values() for kind in faults})
    if kinds:
        yield Table(
            title=f"Replies that could not be read: {heading_of(card)}",
            columns=("asked as", *kinds),
            rows=tuple(
                (condition, *(str(faults.get(kind, 0)) for kind in kinds))
                for condition, faults in card.faults.items()
            ),
            notes=("They count as wrong; those that the judge failed on count neither way.",),
        )


def _steps_in(rows: Sequence[Series]) -> tuple[str, ...]:
    return tuple(group for group in STEPS if any(group in row.groups for row in rows))


def named_group(group: str) -> str:
    """`steps/2` as `2 steps`."""
    kind, _, name = group.partition("/")
    return (f"{name} step" if name == "1" else f"{name} steps") if kind == "steps" else group


def _cell(row: Series | None, group: str) -> str:
    return numbers.NONE if row is None else numbers.percent(row.groups.get(group), row.seeds.get(group))


def _points_cell(row: Series | None) -> str:
    return numbers.NONE if row is None else numbers.points(row.groups.get(_ALL), row.seeds.get(_ALL))
