"""Rules that ask no model and see no video: what a number must beat before it means anything."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.scale import Scale
from videostep.evaluate.statistics.sums import Estimate

MAJORITY = "majority answer"
FLOOR = "outer-hop floor"


class Majority:
    """Always gives the most frequent answer to questions of one kind and type; of choices, always one place.

    It is told the true answers of the very questions, so it is as good as such a rule can be. Of a question
    are kept three numbers: what it is about and how it is answered, its video, its groups.
    """

    def __init__(self, marker: Callable[[Item, str], Mark] | None = None) -> None:
        """`marker` gives points to an answer; None: an answer is right, or it is not."""
        self._marker = marker
        self._asked_alike: dict[_Alike, int] = {}
        self._examples: list[Item] = []
        self._videos: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        self._sets: dict[bytes, int] = {}
        self._asked: tuple[array[int], ...] = (array("i"), array("i"), array("i"))

    def add(self, item: Item) -> None:
        """Take a question of the benchmark."""
        alikes, videos, sets = self._asked
        alike = _number(self._asked_alike, (_class_of(item), _given(item), item.also_right))
        if alike == len(self._examples):
            self._examples.append(item)
        alikes.append(alike)
        videos.append(_number(self._videos, item.video))
        groups = array("i", [_number(self._groups, group) for group in groups_of(item)])
        sets.append(_number(self._sets, groups.tobytes()))

    def marks(self) -> Iterator[tuple[str, tuple[str, ...], float]]:
        """Video, groups and what the rule's answer is worth, of every question in the order of adding."""
        videos, groups, sets = list(self._videos), list(self._groups), list(self._sets)
        worths = self._worths()
        for alike, video, of_set in zip(*self._asked, strict=True):
            numbers = array("i", sets[of_set])
            yield videos[video], tuple(groups[number] for number in numbers), worths[alike]

    def _worths(self) -> list[float]:
        """What the most frequent answer of its class is worth to each example."""
        times = Counter(self._asked[0])
        counts: Counter[tuple[_Class, str]] = Counter()
        for (class_, given, _), alike in self._asked_alike.items():
            counts[class_, given] += times[alike]
        best: dict[_Class, tuple[int, str]] = {}
        for (class_, given), number in counts.items():
            rank = -number, given
            best[class_] = min(best.get(class_, rank), rank)
        return [self._worth(item, best[_class_of(item)][1]) for item in self._examples]

    def _worth(self, item: Item, answer: str) -> float:
        if self._marker is None:
            return float(_given(item) == answer)
        return self._marker(item, answer).points or 0.0


_Class = tuple[str, str]
_Alike = tuple[_Class, str, tuple[str, ...]]
_Key = TypeVar("_Key")


def _number(numbers: dict[_Key, int], key: _Key) -> int:
    return numbers.setdefault(key, len(numbers))


def _class_of(item: Item) -> _Class:
    return item.kind, item.type


def _given(item: Item) -> str:
    return item.answer.casefold() if item.answer_index is None else str(item.answer_index)


def floor_of(item: Item) -> float | None:
    """How often a guess among all that fits the outermost words is right; None: not known."""
    return None if item.outer_candidates is None else 1 / max(1, item.outer_candidates)


def blind_verdict(
    control: str, sighted: Estimate, blind: Estimate, gain: Estimate, scale: Scale | None = None
) -> str:
    """What a blind control says about a benchmark, in one sentence.

    Args:
        control: What the blind model was shown, such as `question`.
        sighted: Its accuracy, or points, with the video.
        blind: Without.
        gain: How much better the sighted one is, paired.
        scale: Of points; None: they are accuracies.
    """
    numbers = f"{_shown(blind.value, scale)} blind ({control}), {_shown(sighted.value, scale)} with the video"
    if gain.low is None:
        return f"{numbers}: one video says nothing about the benchmark"
    ends = ", ".join(_signed(end, scale) for end in (gain.low, gain.high or 0.0))
    adds = f"{_signed(gain.value, scale)} [{ends}]{' points' if scale is None else ''}"
    if gain.low <= 0:
        return f"SOLVED BLIND: {numbers}; the video adds {adds}, which may be nothing"
    if scale is not None:
        return f"{numbers}: the video adds {adds}"
    share = blind.value / sighted.value if sighted.value else 0.0
    return f"{numbers}: the video adds {adds}; {share:.0%} of the accuracy needs no video"


def _shown(value: float, scale: Scale | None) -> str:
    return f"{100 * value:.1f} %" if scale is None else f"{scale.factor * value:.2f}"


def _signed(value: float, scale: Scale | None) -> str:
    return f"{100 * value:+.1f}" if scale is None else f"{scale.factor * value:+.2f}"
