"""Judges: how far those of the same replies agree, and what they are told, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from videostep.evaluate.metrics.agreement import Agreement, agreement_of
from videostep.evaluate.metrics.judge import told_to_judges
from videostep.evaluate.prediction import Prediction
from videostep.evaluate.tables.numbers import NONE
from videostep.evaluate.tables.table import Table


def tables_of_judges(predictions: Iterable[Prediction], protocols: Sequence[str]) -> Iterator[Table]:
    """One row for each pair of judges; no table for fewer than two.

    Args:
        predictions: With the marks of all judges.
        protocols: As the judges sign.
    """
    judges = [protocol for protocol in protocols if protocol.startswith("judge")]
    if len(judges) < 2:
        return
    marks = [
        prediction.marks for prediction in predictions if all(judge in prediction.marks for judge in judges)
    ]
    rows = (
        _row(one, other, agreement_of((by_judge[one], by_judge[other]) for by_judge in marks))
        for one, other in combinations(judges, 2)
    )
    yield Table(
        title="Agreement of judges",
        columns=(
            "judge",
            "other judge",
            "same word, %",
            "Cohen's kappa",
            "points apart",
            "replies",
            "unjudged",
        ),
        rows=tuple(rows),
        notes=("Of the replies that both judged; unjudged: one of the two, or both, gave no verdict.",),
    )


def tables_of_prompts(protocols: Iterable[str]) -> Iterator[Table]:
    """What the judges of these protocols were told, word for word; no table where nobody judged.

    Args:
        protocols: As the judges sign.
    """
    judges = dict.fromkeys(protocol for protocol in protocols if protocol.startswith("judge "))
    told = {
        signed: words
        for signed, words in told_to_judges().items()
        if any(judge.endswith(signed) for judge in judges)
    }
    if judges:
        yield Table(
            title="What judges are told",
            columns=("judge", "words below"),
            rows=tuple((judge, "yes" if any(map(judge.endswith, told)) else "no") for judge in judges),
            notes=tuple(f"{signed}: {words}" for signed, words in told.items()),
        )


def _row(one: str, other: str, agreement: Agreement) -> tuple[str, ...]:
    same = None if agreement.equal is None else 100 * agreement.equal
    return (
        one,
        other,
        *map(_number, (same, agreement.kappa, agreement.points_apart)),
        str(agreement.n),
        str(agreement.unjudged),
    )


def _number(value: float | None) -> str:
    return NONE if value is None else f"{value:.2f}"
