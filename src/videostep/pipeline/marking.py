"""Evaluating, the second half: predictions to marks, score cards, tables and plots; no model is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from videostep.errors import FormatError, InputError, RunFolderError
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.metrics.star_submission import star_submission
from videostep.evaluate.plots.chart import Chart
from videostep.evaluate.plots.curves import steps_chart, tag_charts
from videostep.evaluate.plots.draw import png_of, svg_of
from videostep.evaluate.prediction_file import PredictionFile
from videostep.evaluate.prediction_table import write_parquet
from videostep.evaluate.predictions import Condition, Prediction, line_of, read_predictions
from videostep.evaluate.scorecard import ScoreCard, make_scorecard
from videostep.evaluate.scoring import mark_answer, mark_by_judge, mark_by_words
from videostep.evaluate.tables.beside import tables_beside
from videostep.evaluate.tables.of_card import tables_of
from videostep.evaluate.tables.of_judges import tables_of_judges
from videostep.evaluate.tables.table import Table, latex_of, markdown_of
from videostep.models.protocol import VideoModel
from videostep.store.atomic import atomic_open, atomic_write

BY_WORDS: Final[tuple[Scoring, ...]] = ("exact", "choice")
"""The protocols that need no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is written of score cards besides the cards."""

    label: str = ""
    """What the model is called; "": as its backend names it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """What was varied."""


def score_folder(
    folder: EvaluationFolder, benchmark: str, report: Report, judges: Sequence[VideoModel] = ()
) -> tuple[ScoreCard, ...]:
    """Mark all predictions of a folder, and write cards, tables and plots into it.

    Args:
        folder: With predictions.
        benchmark: Whose they are.
        report: What the model is called.
        judges: Language models that judge as well; a number of each is a card of its own.

    Raises:
        ServerError, BudgetError: A judge cannot be reached, or its budget is spent.
        InputError: It holds no prediction of the benchmark, or none that could be scored.
        FormatError: A line is no prediction.
        RunFolderError: The folder cannot be written.
    """
    files = _files_by_condition(folder.prediction_files(), benchmark)
    protocols = _mark_all(files.values(), benchmark, judges)
    cards = tuple(
        make_scorecard(
            files,
            protocol,
            None if protocol.startswith("judge") else mark_answer,
            mean_of=open_benchmark(benchmark).mean_of,
            label=report.label,
            tags=report.tags,
        )
        for protocol in protocols
    )
    for card in cards:
        atomic_write(folder.scores(card.protocol), msgspec.json.format(msgspec.json.encode(card)) + b"\n")
    agreement = tables_of_judges(read_predictions(next(iter(files.values()))), protocols)
    write_report(folder.root, cards, tuple(agreement))
    return cards


def _files_by_condition(paths: Sequence[Path], benchmark: str) -> dict[Condition, Path]:
    """The files by how was asked; raises InputError and FormatError."""
    files: dict[Condition, Path] = {}
    for path in paths:
        conditions = {one.condition for one in read_predictions(path, benchmark=benchmark)}
        for condition in conditions:
            if len(conditions) > 1 or condition in files:
                raise FormatError(
                    f"{path} holds predictions of {condition.name!r} beside others",
                    remedy="keep one file for each way of asking",
                )
            files[condition] = path
    if not files:
        raise InputError("there are no predictions", remedy="make some with videostep evaluate --model")
    return files


def _mark_all(paths: Iterable[Path], benchmark: str, judges: Sequence[VideoModel]) -> tuple[str, ...]:
    """Write marks into all files; the protocols that marked anything, in the benchmark's order."""
    met: dict[str, None] = {}
    hidden: set[bool] = set()

    def marked(predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        for scoring in BY_WORDS:
            predictions = mark_by_words(predictions, scoring)
        for prediction in predictions:
            met.update(dict.fromkeys(prediction.marks))
            hidden.add(prediction.item.is_hidden)
            yield prediction

    for path in paths:
        for judge in judges:
            mark_by_judge(PredictionFile(path), judge)
        PredictionFile(path).rewrite(marked)
        write_parquet(path.with_suffix(".parquet"), read_predictions(path))
    scorings = open_benchmark(benchmark).scorings
    protocols = tuple(name for scoring in scorings for name in met if name.startswith(scoring))
    if not protocols and hidden != {True}:
        raise InputError(f"nothing of {benchmark} can be scored by words", remedy="give --judge SPEC")
    return protocols


def write_report(root: Path, cards: Sequence[ScoreCard], more: Sequence[Table] = ()) -> None:
    """Tables as Markdown and LaTeX, plots as SVG and PNG; `more` are tables that are not of one card."""
    write_tables(
        root, [*(table for card in cards for table in tables_of(card)), *more, *tables_beside(cards)]
    )
    folder = EvaluationFolder(root)
    for card in cards:
        chart = steps_chart(card)
        if chart is not None:
            name = f"steps-{card.benchmark}-{folder.scores(card.protocol).stem}"
            _write_chart(folder.plots / name, chart)
    for tag, chart in tag_charts(cards):
        _write_chart(folder.plots / tag, chart)


def write_tables(root: Path, tables: Iterable[Table]) -> None:
    """`report.md` and `report.tex`."""
    every = list(tables)
    atomic_write(root / "report.md", "\n".join(map(markdown_of, every)).encode())
    atomic_write(root / "report.tex", "\n".join(map(latex_of, every)).encode())


def _write_chart(stem: Path, chart: Chart) -> None:
    atomic_write(stem.with_name(f"{stem.name}.svg"), svg_of(chart))
    atomic_write(stem.with_name(f"{stem.name}.png"), png_of(chart))


def take_predictions(paths: Sequence[Path], folder: EvaluationFolder, benchmark: str) -> None:
    """Copy files of predictions into a folder, under the names of their conditions.

    Raises:
        ConfigError: There is no such benchmark.
        InputError: A file cannot be read, or is of another benchmark.
        FormatError: A line is no prediction, or two files are of one condition.
        RunFolderError: The folder is another evaluation's, or cannot be written.
    """
    open_benchmark(benchmark)
    for condition, path in _files_by_condition(paths, benchmark).items():
        copy = folder.predictions(condition)
        if copy.resolve() != path.resolve():
            if folder.settings.exists():
                raise RunFolderError(
                    f"{folder.root} holds the predictions of an evaluation", remedy="give another --out"
                )
            with atomic_open(copy) as file:
                file.writelines(map(line_of, read_predictions(path)))


def write_submission(folder: EvaluationFolder, path: Path) -> tuple[str, ...]:
    """Write the answers of STAR's hidden test as its server reads them; the ids that have none.

    Raises:
        InputError: There are no plain answers.
        RunFolderError: The file cannot be written.
    """
    answers = list(read_predictions(folder.predictions(Condition())))
    replies = {one.item.id: one.reply for one in answers if one.reply is not None}
    submission = star_submission((one.item for one in answers), replies)
    atomic_write(path, msgspec.json.encode(submission.answers))
    return tuple(submission.unanswered)
