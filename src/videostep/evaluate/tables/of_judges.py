"""How far judges of the same replies agree, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from videostep.evaluate.metrics.agreement import Agreement, agreement_of
from videostep.evaluate.predictions import Prediction
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
