"""Rules that ask no model and see no video: what a number must beat before it means anything."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.statistics.sums import Estimate

MAJORITY = "majority answer"
FLOOR = "outer-hop floor"


class Majority:
    """Always gives the most frequent answer to questions of one kind and type; of choices, always one place.

    It is told the true answers of the very questions, so it is as good as such a rule can be. Of a question
    are kept three numbers: its class and answer, its video, its groups.
    """

    def __init__(self) -> None:
        """No question is known yet."""
        self._answers: dict[_ClassAnswer, int] = {}
        self._videos: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        self._sets: dict[bytes, int] = {}
        self._asked: tuple[array[int], ...] = (array("i"), array("i"), array("i"))

    def add(self, item: Item) -> None:
        """Take a question of the benchmark."""
        answers, videos, sets = self._asked
        answers.append(_number(self._answers, (_class_of(item), _given(item))))
        videos.append(_number(self._videos, item.video))
        groups = array("i", [_number(self._groups, group) for group in groups_of(item)])
        sets.append(_number(self._sets, groups.tobytes()))

    def marks(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """Video, groups, and whether the rule answers it right, of every question in the order of adding."""
        videos, groups, sets = list(self._videos), list(self._groups), list(self._sets)
        rights = self._rights()
        for answer, video, of_set in zip(*self._asked, strict=True):
            numbers = array("i", sets[of_set])
            yield videos[video], tuple(groups[number] for number in numbers), rights[answer]

    def _rights(self) -> list[bool]:
        """Of each class and answer, whether it is what the rule says to the class."""
        counts = Counter(self._asked[0])
        best: dict[tuple[str, str], tuple[int, str]] = {}
        for (class_, answer), number in self._answers.items():
            rank = -counts[number], answer
            best[class_] = min(best.get(class_, rank), rank)
        return [best[class_][1] == answer for class_, answer in self._answers]


_ClassAnswer = tuple[tuple[str, str], str]
_Key = TypeVar("_Key")


def _number(numbers: dict[_Key, int], key: _Key) -> int:
    return numbers.setdefault(key, len(numbers))


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
