"""LaTeX that compiles, checked without TeX: what is left without everything allowed is plain text."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from videostep.evaluate.tables.latex import latex_document, latex_of, latex_text
from videostep.evaluate.tables.table import Table

SPECIALS = '\\&%$#_{}~^<>|"'
ESCAPED = re.compile(r"\\(?:text[a-z]+\{\}|[&%$#_{}])|\$-\$")
TEXTS = st.text(alphabet=st.sampled_from(SPECIALS + "[]*-0123 abé模\n\t"), max_size=12)


def table(rows=(("m\nn", "1 & 2"),), columns=("model", "x|y"), title="50 % of a_b"):
    return Table(title=title, columns=columns, rows=rows, notes=("Ours: 95 %.",))


def environments_of(latex):
    """`\\begin` and `\\end` as they nest; fails where they do not."""
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", latex):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []


def rows_of(latex):
    body = re.search(r"\\midrule\n(.*?)\\bottomrule", latex, re.DOTALL)[1]
    return [line.removesuffix(r" \\") for line in body.splitlines()]


@settings(deadline=None, max_examples=300, derandomize=True)
@given(TEXTS)
@example(SPECIALS)
def test_no_character_that_means_something_is_left(text):
    assert not set(ESCAPED.sub("", latex_text(text))) & set(SPECIALS)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(TEXTS, st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5))
@example("t", [("[1]", "", ""), ("*", "-1.0", "[-2, +3]")])
def test_any_table_is_well_formed(text, rows):
    latex = latex_of(table(tuple(rows), (text, "b", "c"), text))
    environments_of(latex)
    bare = ESCAPED.sub("", latex)
    assert bare.count("{") == bare.count("}")
    assert len(rows_of(latex)) == len(rows)
    for row in rows_of(latex):
        assert len(ESCAPED.sub("", row).split("&")) == 3
        # Behind the end of the row above, these would be its argument.
        assert not row.startswith(("[", "*"))


def test_rules_are_those_of_booktabs_and_wide_tables_shrink():
    latex = latex_of(table())
    assert [latex.count(rule) for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\hline")] == [
        1,
        1,
        1,
        0,
    ]
    assert r"\caption{50 \% of a\_b}" in latex
    assert r"m n & 1 \& 2 \\" in latex
    assert r"\resizebox{\ifdim\width>\linewidth" in latex
    assert r"{\footnotesize Ours: 95 \%.\par}" in latex


@pytest.mark.parametrize(
    ("text", "printed"),
    [("[-0.2, +1]", "[$-$0.2, +1]"), ("-3", "$-$3"), ("rationale-2", "rationale-2"), ("-", "-")],
)
def test_a_minus_is_no_hyphen(text, printed):
    assert latex_text(text) == printed


def test_long_words_are_broken_into_lines():
    latex = latex_of(table((("short", "a judge, " * 9),)))
    assert re.search(r"\\begin\{tabular\}\{l>\{\\raggedright\\arraybackslash\}p\{42mm\}\}", latex)


def test_a_table_higher_than_a_page_is_cut_into_several():
    latex = latex_of(table(tuple((f"row {number}", "1") for number in range(80))))
    environments_of(latex)
    parts = latex.split(r"\end{table}")[:-1]
    assert [len(rows_of(part)) for part in parts] == [36, 36, 8]
    assert all(f"({number} of 3)" in part for number, part in enumerate(parts, start=1))
    numbers = [int(row.split()[1]) for part in parts for row in rows_of(part)]
    assert all(after == before + 1 for before, after in pairwise(numbers))


def test_a_document_says_what_its_preamble_needs():
    head = latex_document([table()]).splitlines()[0]
    assert head.startswith("% ")
    assert all(package in head for package in ("array", "booktabs", "graphicx"))
