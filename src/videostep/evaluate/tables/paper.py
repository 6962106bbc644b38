"""What the paper reports, from `paper.toml`; it is shown beside our numbers and never mixed with them."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import msgspec

Protocol = Literal["judge", "exact", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """One of the paper's tables 1 to 4."""

    number: int
    title: str
    protocol: Protocol
    judge: str
    """Who judged; empty where nobody did."""
    columns: tuple[str, ...]
    benchmarks: tuple[str, ...]
    """Of each column, as the command line calls it."""
    rows: tuple[tuple[str, ...], ...]
    """A name and a cell for each column, as printed."""
    groups: tuple[str, ...] = ()
    """Of each column; empty: all questions."""
    shares: tuple[str, ...] = ()
    """Of the questions in each column, per cent, as the paper counts them."""

    @property
    def has_scores(self) -> bool:
        """Whether its cells are `accuracy/score`."""
        return any("/" in cell for row in self.rows for cell in row[1:])

    @property
    def column_groups(self) -> tuple[str, ...]:
        """The group of each column."""
        return self.groups or ("all",) * len(self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFigure:
    """A curve read off one of the paper's figures, per cent, +-0.1."""

    name: str
    title: str
    axis: str
    x: tuple[str, ...]
    series: dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All numbers of the paper that have a place beside ours."""

    source: str
    tables: tuple[PaperTable, ...]
    figures: tuple[PaperFigure, ...]


@functools.cache
def read_paper() -> Paper:
    """The numbers that come with the package."""
    text = (files(__package__) / "paper.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Paper)
