"""The paper's tables 1 to 4 with our numbers beside: columns say whose they are and who scored them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from videostep.evaluate.gradebook import Series
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.tables import numbers
from videostep.evaluate.tables.paper import Paper, PaperTable, Protocol, read_paper
from videostep.evaluate.tables.table import Table

ABLATION: Final = "ablation"
"""Tag of a card that belongs into the paper's Table 4."""
_OURS: Final = "ours"
_FRESH: Final = ("answer", "rationale-then-answer")
"""Conditions with the video: blind controls have tables of their own."""
_ABLATIONS_TABLE: Final = 4


def tables_beside(cards: Iterable[ScoreCard]) -> tuple[Table, ...]:
    """Every table of the paper that some card has a number for.

    A table holds one protocol. Where our numbers are of another one than the paper's, they stand in a table
    of their own, and the paper's numbers do not.
    """
    paper, ours = read_paper(), tuple(cards)
    return tuple(
        table
        for of_paper in paper.tables
        for protocol in ("judge", "exact", "choice")
        for table in _beside(paper, of_paper, protocol, _fitting(of_paper, protocol, ours))
    )


def protocol_of(card: ScoreCard) -> Protocol:
    """The kind of protocol: judges with other names are of one kind, and are named in each row."""
    if card.protocol.startswith("judge"):
        return "judge"
    return "exact" if card.protocol == "exact" else "choice"


def _fitting(of_paper: PaperTable, protocol: Protocol, cards: Sequence[ScoreCard]) -> list[ScoreCard]:
    return [
        card
        for card in cards
        if card.benchmark in of_paper.benchmarks
        and protocol_of(card) == protocol
        and card.headline == "accuracy"
        and (of_paper.number == _ABLATIONS_TABLE) == (ABLATION in card.tags)
    ]


def _beside(
    paper: Paper, of_paper: PaperTable, protocol: Protocol, cards: Sequence[ScoreCard]
) -> Iterator[Table]:
    ours = tuple(_our_rows(of_paper, cards))
    if not ours:
        return
    comparable = protocol == of_paper.protocol
    theirs = _their_rows(of_paper) if comparable else ()
    told = Table(
        title=f"Table {of_paper.number} of the paper. {of_paper.title}"
        if comparable
        else f"In the layout of Table {of_paper.number} of the paper, scored by {protocol}: accuracy (%)",
        columns=("model", "whose", "scored by", *of_paper.columns),
        rows=(*theirs, *_our_shares(of_paper, cards), *ours),
        notes=_notes(paper, of_paper, protocol, comparable),
    )
    yield _without_empty_columns(told)


def _without_empty_columns(table: Table) -> Table:
    """Benchmarks that nobody was asked about take no room."""
    columns = list(zip(table.columns, *table.rows, strict=True))
    kept = [place for place, (_, *cells) in enumerate(columns) if set(cells) != {numbers.NONE}]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
    )


def _their_rows(of_paper: PaperTable) -> tuple[tuple[str, ...], ...]:
    shares = ("share of the questions", "the paper's", "", *of_paper.shares)
    rows = ((row[0], "the paper's", of_paper.judge, *row[1:]) for row in of_paper.rows)
    return (*([shares] if of_paper.shares else []), *rows)


def _our_shares(of_paper: PaperTable, cards: Sequence[ScoreCard]) -> Iterator[tuple[str, ...]]:
    """Where the paper gives shares of its questions, those of ours: steps need not be counted alike."""
    if not of_paper.shares:
        return
    cells = list[str]()
    for benchmark, group in zip(of_paper.benchmarks, of_paper.column_groups, strict=True):
        series = (row for card in cards if card.benchmark == benchmark for row in card.series)
        groups = next((row.groups for row in series if row.condition in _FRESH), {})
        some = groups.get(group)
        cells.append(numbers.share(some.questions, groups["all"].questions) if some else numbers.NONE)
    yield ("share of the questions", _OURS, "", *cells)


def _our_rows(of_paper: PaperTable, cards: Sequence[ScoreCard]) -> Iterator[tuple[str, ...]]:
    """One row for each model, decoding and judge; the cells are of several benchmarks' cards."""
    keys = dict.fromkeys(
        (card.tags.get(ABLATION, card.label), row.condition, card.protocol)
        for card in cards
        for row in card.series
        if row.condition in _FRESH
    )
    for name, condition, protocol in keys:
        of_row = {
            card.benchmark: card
            for card in cards
            if (card.tags.get(ABLATION, card.label), card.protocol) == (name, protocol)
        }
        places = zip(of_paper.benchmarks, of_paper.column_groups, strict=True)
        cells = [
            _cell(of_row.get(benchmark), condition, group, scored=of_paper.has_scores)
            for benchmark, group in places
        ]
        if any(cell != numbers.NONE for cell in cells):
            yield (name if condition == "answer" else f"{name}, {condition}", _OURS, protocol, *cells)


def _cell(card: ScoreCard | None, condition: str, group: str, *, scored: bool) -> str:
    """Accuracy and, where the table has it, the judge's score."""
    if card is None:
        return numbers.NONE
    accuracy, points = (card.find(condition, measure) for measure in ("accuracy", "points"))
    shown = _number(accuracy, group)
    if points is None or not scored:
        return shown
    return f"{shown} / {numbers.points(points.groups.get(group), points.seeds.get(group))}"


def _number(row: Series | None, group: str) -> str:
    return numbers.NONE if row is None else numbers.percent(row.groups.get(group), row.seeds.get(group))


def _notes(paper: Paper, of_paper: PaperTable, protocol: Protocol, comparable: bool) -> tuple[str, ...]:
    ours = "Ours: 95 % intervals in brackets, from 1,000 bootstrap draws of whole videos."
    if not comparable:
        theirs = f"The paper's are scored by {of_paper.protocol}: not comparable, so they do not stand here."
        return (theirs, ours)
    judged = " Judges differ by several points, and so do their versions." if protocol == "judge" else ""
    return (f"The paper's: as printed in {paper.source}, one run, no interval.{judged}", ours)
