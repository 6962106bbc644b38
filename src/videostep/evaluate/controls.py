"""Rules that ask no model and see no video: what a number must beat before it means anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.statistics.sums import Estimate

MAJORITY = "majority answer"
FLOOR = "outer-hop floor"


class Majority:
    """Always gives the most frequent answer to questions of one kind and type; of choices, always one place.

    It is told the true answers of the very questions, so it is as good as such a rule can be.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        """`items`: all questions of the benchmark."""
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for item in items:
            counts[_class_of(item)][_given(item)] += 1
        self._most = {
            class_: min(answers, key=lambda answer: (-answers[answer], answer))
            for class_, answers in counts.items()
        }

    def is_right(self, item: Item) -> bool:
        """Whether the rule answers a question right."""
        return self._most.get(_class_of(item)) == _given(item)


def _class_of(item: Item) -> tuple[str, str]:
    return item.kind, item.type


def _given(item: Item) -> str:
    return item.answer.casefold() if item.answer_index is None else str(item.answer_index)


def floor_of(item: Item) -> float | None:
    """How often a guess among all that fits the outermost words is right; None: not known."""
    return None if item.outer_candidates is None else 1 / max(1, item.outer_candidates)


def blind_verdict(control: str, sighted: Estimate, blind: Estimate, difference: Estimate) -> str:
    """What a blind control says about a benchmark, in one sentence.

    Args:
        control: What the blind model was shown, such as `question`.
        sighted: Its accuracy with the video.
        blind: Without.
        difference: Sighted minus blind, paired.
    """
    numbers = f"{_percent(blind.value)} blind ({control}), {_percent(sighted.value)} with the video"
    if difference.low is None:
        return f"{numbers}: one video says nothing about the benchmark"
    gain = f"{_points(difference.value)} [{_points(difference.low)}, {_points(difference.high or 0.0)}]"
    if difference.low <= 0:
        return f"SOLVED BLIND: {numbers}; the video adds {gain} points, which may be nothing"
    share = blind.value / sighted.value if sighted.value else 0.0
    return f"{numbers}: the video adds {gain} points; {share:.0%} of the accuracy needs no video"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}"
