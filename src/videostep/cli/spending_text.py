"""What Video-LLMs have cost, or would cost, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from videostep.errors import BudgetError
from videostep.models.spending import Budget, Spent
from videostep.pipeline.estimating import CostEstimate

_HEAD = f"  {'stage':<16}{'requests':>10}{'pictures':>10}{'tokens in':>13}{'tokens out':>13}{'USD':>10}"


def spending_lines(spent: Mapping[str, Spent]) -> Iterator[str]:
    """A table, a line for each stage and one for all."""
    yield _HEAD
    total = sum(spent.values(), start=Spent())
    for stage, of_stage in {**spent, "together": total}.items():
        usage = of_stage.usage
        yield (
            f"  {stage or 'other':<16}{of_stage.requests:>10,}{of_stage.images:>10,}"
            f"{usage.prompt_tokens:>13,}{usage.completion_tokens:>13,}{of_stage.usd:>10.4f}"
        )


def estimate_lines(cost: CostEstimate, budget: Budget) -> Iterator[str]:
    """What would be sent, about, by stage; and whether the budget allows for it."""
    how = f"keyframes of {cost.rehearsed} of {cost.videos} videos counted, {cost.things} things in each taken"
    yield f"would ask      about as much as this ({how})"
    yield from spending_lines(cost.spent)
    try:
        budget.check(cost.total)
    except BudgetError as error:
        yield f"  more than may be spent: {error.message}"
