"""A table, and how it is written as Markdown and as LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
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
    lines = [f"## {_plain(table.title)}", "", _markdown_row(table.columns)]
    lines.append(
        "|" + "|".join(" --- " if not number else " ---: " for number in range(len(table.columns))) + "|"
    )
    lines += map(_markdown_row, table.rows)
    return "\n".join([*lines, "", *(f"{_plain(note)}  " for note in table.notes), ""])


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def latex_of(table: Table) -> str:
    """As a `table` with `booktabs` rules."""
    align = "l" + "r" * (len(table.columns) - 1)
    lines = [r"\begin{table}", r"\centering", rf"\caption{{{_latex(table.title)}}}"]
    lines += [rf"\begin{{tabular}}{{{align}}}", r"\toprule", _latex_row(table.columns), r"\midrule"]
    lines += map(_latex_row, table.rows)
    lines += [r"\bottomrule", r"\end{tabular}"]
    lines += [rf"\par\smallskip\footnotesize {_latex(note)}" for note in table.notes]
    return "\n".join([*lines, r"\end{table}", ""])


def _latex_row(cells: tuple[str, ...]) -> str:
    return " & ".join(map(_latex, cells)) + r" \\"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(char, char) for char in _plain(text))


def _plain(text: str) -> str:
    """On one line: names of models and groups come from files."""
    return _SPACE.sub(" ", text).strip()
