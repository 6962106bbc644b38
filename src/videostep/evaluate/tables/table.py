"""A table of words and numbers, and how it is written as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Plain text in cells; the first column names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    """Sentences below it: what the numbers are, and whose."""

    def __post_init__(self) -> None:
        """Raise ValueError where a row has not one cell for each column."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.title}: {len(row)} cells for {len(self.columns)} columns: {row}")


def markdown_of(table: Table) -> str:
    """As a GitHub table under a heading."""
    lines = [f"## {_markdown(table.title)}", "", _markdown_row(table.columns)]
    lines.append(
        "|" + "|".join(" --- " if not number else " ---: " for number in range(len(table.columns))) + "|"
    )
    lines += map(_markdown_row, table.rows)
    return "\n".join([*lines, "", *(f"{_markdown(note)}  " for note in table.notes), ""])


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_markdown(cell).replace("|", "\\|") for cell in cells) + " |"


def _markdown(text: str) -> str:
    """On one line, and never HTML: a model called `<b>` is called so on a page, too."""
    return plain(text).replace("<", "\\<")


def plain(text: str) -> str:
    """On one line: names of models and groups come from files."""
    return _SPACE.sub(" ", text).strip()
