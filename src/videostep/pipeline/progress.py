"""How a run tells what it is doing; whoever listens decides what to show."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

from videostep.store.entries import ErrorEntry


class Reporter(Protocol):
    """Listens to a run. Nothing that a run makes depends on it."""

    def begin(self, stage: str, total: int, unit: str) -> None:
        """A stage starts; it has `total` pieces of work, called `unit` (`videos`, `samples`)."""

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        """`done` pieces are finished, parts of pieces included; `counts` is what came out so far."""

    def end(self, stage: str) -> None:
        """The stage is finished."""

    def say(self, text: str) -> None:
        """Something happened that a patient reader may want to know."""

    def warn(self, text: str) -> None:
        """Something is not as the user probably wants it."""

    def fail(self, entry: ErrorEntry, trace: str) -> None:
        """A video failed; `trace` is the Python traceback, if there is one."""


class Silent:
    """Shows nothing."""

    def begin(self, stage: str, total: int, unit: str) -> None:
        """Show nothing."""

    def advance(self, stage: str, done: float, counts: dict[str, int]) -> None:
        """Show nothing."""

    def end(self, stage: str) -> None:
        """Show nothing."""

    def say(self, text: str) -> None:
        """Show nothing."""

    def warn(self, text: str) -> None:
        """Show nothing."""

    def fail(self, entry: ErrorEntry, trace: str) -> None:
        """Show nothing."""


def in_words(counts: dict[str, int]) -> str:
    """`{"clips": 6, "motions": 1}` as `6 clips, 1 motion`."""
    return ", ".join(f"{count} {one_or_many(kind, count)}" for kind, count in counts.items())


def one_or_many(plural: str, count: int) -> str:
    """The noun that fits the count."""
    return plural.removesuffix("s") if count == 1 else plural


class Tally:
    """Adds up how far several videos have been watched, finished ones and those under way."""

    def __init__(self) -> None:
        """Nothing is done yet."""
        self._finished = 0
        self._finished_counts: Counter[str] = Counter()
        self._under_way: dict[str, tuple[float, dict[str, int]]] = {}

    def hear(self, video_id: str, share: float, counts: dict[str, int]) -> None:
        """A video has been watched up to `share` of its length."""
        self._under_way[video_id] = (share, counts)

    def finish(self, video_id: str, counts: dict[str, int]) -> None:
        """A video has ended and gave `counts`."""
        _, heard = self._under_way.pop(video_id, (0.0, {}))
        self._finished += 1
        self._finished_counts.update({**heard, **counts})

    @property
    def done(self) -> float:
        """Videos watched, parts included."""
        return self._finished + sum(share for share, _ in self._under_way.values())

    @property
    def counts(self) -> dict[str, int]:
        """What came out so far, by kind."""
        totals = Counter(self._finished_counts)
        for _, counts in self._under_way.values():
            totals.update(counts)
        return dict(totals)
