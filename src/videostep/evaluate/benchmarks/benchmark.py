"""What a benchmark is: where its files come from, how they are read, and by which rules it is scored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from videostep.errors import FormatError, InputError
from videostep.evaluate.benchmarks.item import Item, complaint_about

Scoring = Literal["exact", "choice", "count", "wups", "judge"]
"""The protocols. `exact`: the words of the answer, nothing else. `choice`: the option that the reply names.
`count`: the squared error of a number. `wups`: how near the words lie in WordNet. `judge`: a language model
says yes or no and gives 0 to 5 points, or marks a free text as its authors ask. Their numbers never share a
column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row of a benchmark's files that asks nothing that could be scored."""

    id: str
    """Of the question, or its place in the file."""
    reason: str


Hear = Callable[[Skipped], None]
Read = Callable[[Path, Hear], Iterator[Item]]
"""From the folder (or file) of a benchmark to its questions, in the files' order, one in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A data set of questions with true answers."""

    name: str
    """As the command line calls it."""
    title: str
    """As its authors call it."""
    where: str
    """Where to get the questions and the videos."""
    terms: str
    """Under which terms they are given."""
    files: str
    """What must lie in the folder."""
    scorings: tuple[Scoring, ...]
    """The protocols it may be scored by; the first is its authors' own, or the paper's."""
    read: Read
    """Raw reading; use `items`."""
    mean_of: tuple[str, ...] = ()
    """Groups whose mean accuracy is the authors' headline. Empty: the headline is over all questions."""

    def items(self, data: Path, *, limit: int | None = None, hear: Hear | None = None) -> Iterator[Item]:
        """The questions, one by one; nothing is downloaded.

        Args:
            data: The folder of the benchmark's files, or one of them.
            limit: At most so many, the first ones.
            hear: Is told of every row that cannot be asked.

        Raises:
            InputError: The files are not there, or ask nothing; says where to get them.
            FormatError: A file is not of the format, or two questions have one id.
        """
        if not data.exists():
            raise InputError(f"{data} does not exist", remedy=self.directions())
        return islice(self._usable(data, hear or _ignore), limit)

    def directions(self) -> str:
        """How a user gets the data, in one sentence."""
        return f"{self.title} is {self.files}, from {self.where} ({self.terms})"

    def _usable(self, data: Path, hear: Hear) -> Iterator[Item]:
        seen = set[str]()
        for item in self.read(data, hear):
            if item.id in seen:
                raise FormatError(
                    f"{data}: two questions have the id {item.id!r}", remedy="take the authors' file again"
                )
            seen.add(item.id)
            complaint = complaint_about(item)
            if complaint:
                hear(Skipped(id=item.id, reason=complaint))
            else:
                yield item
        if not seen:
            raise InputError(f"{data} holds no question of {self.title}", remedy=self.directions())


def _ignore(skipped: Skipped) -> None:
    """For callers who do not want to know."""
