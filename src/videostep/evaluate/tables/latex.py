"""Tables as LaTeX that compiles: every special character escaped, no table wider or higher than its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from videostep.evaluate.tables.table import Table, plain

_ESCAPED: Final = {
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
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}
_MINUS: Final = re.compile(r"(?<![\w-])-(?=\d)")
_HEAD: Final = (
    "% The preamble needs \\usepackage[T1]{fontenc} and \\usepackage{array,booktabs,graphicx}.\n"
    "% Names that are not in Latin letters need LuaLaTeX or XeLaTeX and a font that has them.\n"
)
_WIDEST: Final = 28
"""Characters of a cell beyond which its column is broken into lines."""
_BROKEN: Final = r">{\raggedright\arraybackslash}p{42mm}"
_MOST_ROWS: Final = 36
"""Of one float: as many as a page holds."""


def latex_document(tables: Iterable[Table]) -> str:
    r"""All tables, to be read by `\input`; a comment says what the preamble needs."""
    return "\n".join([_HEAD, *map(latex_of, tables)])


def latex_of(table: Table) -> str:
    """As a `table` with `booktabs` rules, or several where it has more rows than a page holds."""
    starts = range(0, max(1, len(table.rows)), _MOST_ROWS)
    return "\n".join(
        _float(table, table.rows[start : start + _MOST_ROWS], _part(number, len(starts)))
        for number, start in enumerate(starts, start=1)
    )


def _part(number: int, parts: int) -> str:
    return "" if parts == 1 else f" ({number} of {parts})"


def _float(table: Table, rows: tuple[tuple[str, ...], ...], part: str) -> str:
    tabular = [
        rf"\begin{{tabular}}{{{''.join(_columns(table))}}}",
        r"\toprule",
        _row(table.columns),
        r"\midrule",
        *map(_row, rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex_text(table.title + part)}}}",
        # Shrunk where it is wider than the text, never stretched.
        r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        *tabular[:-1],
        tabular[-1] + "}",
        *(rf"\par\smallskip{{\footnotesize {latex_text(note)}\par}}" for note in table.notes),
        r"\end{table}",
    ]
    return "\n".join([*lines, ""])


def _columns(table: Table) -> Iterator[str]:
    """Words to the left, numbers to the right; long words in lines."""
    for place, cells in enumerate(zip(table.columns, *table.rows, strict=True)):
        is_long = max(map(len, cells)) > _WIDEST
        yield _BROKEN if is_long else "r" if place else "l"


def _row(cells: tuple[str, ...]) -> str:
    row = " & ".join(map(latex_text, cells))
    # Behind the end of a row, LaTeX takes these for an argument or a star.
    guard = "{}" if row.startswith(("[", "*")) else ""
    return guard + row + r" \\"


def latex_text(text: str) -> str:
    """Text on one line, as LaTeX prints it."""
    escaped = "".join(_ESCAPED.get(char, char) for char in plain(text))
    return _MINUS.sub("$-$", escaped)
