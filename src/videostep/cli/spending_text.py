"""What Video-LLMs have cost, or would cost, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from videostep.models.spending import Spent

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
