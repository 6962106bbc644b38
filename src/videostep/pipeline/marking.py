"""Evaluating, the second half: predictions to marks, score cards, tables and plots; no model is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from videostep.errors import FormatError, InputError, RunFolderError
from videostep.evaluate.benchmarks import open_benchmark
from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.card_maker import CardMaker
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.marking import is_scored
from videostep.evaluate.metrics.star_submission import star_submission
from videostep.evaluate.metrics.wordnet import WordNet
from videostep.evaluate.metrics.wups import mark_wups, wups_protocol
from videostep.evaluate.plots.chart import Chart
from videostep.evaluate.plots.draw import png_of, svg_of
from videostep.evaluate.plots.files import named_step_charts, named_tag_charts
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.prediction_table import open_table
from videostep.evaluate.predictions import line_of, read_predictions
from videostep.evaluate.scorecard import ScoreCard
from videostep.evaluate.scoring import answer_of, mark_answer, marks_by_judge, marks_by_words
from videostep.evaluate.tables.beside import tables_beside
from videostep.evaluate.tables.latex import latex_document
from videostep.evaluate.tables.of_card import tables_of
from videostep.evaluate.tables.of_judges import tables_of_judges, tables_of_prompts
from videostep.evaluate.tables.table import Table, markdown_of
from videostep.evaluate.twins import Marker
from videostep.models.protocol import VideoModel
from videostep.store.atomic import atomic_open, atomic_write

BY_WORDS: Final[tuple[Scoring, ...]] = ("exact", "choice", "count")
"""The protocols that need no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is written of score cards besides the cards."""

    label: str = ""
    """What the model is called; "": as its backend names it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """What was varied."""


def score_folder(
    folder: EvaluationFolder,
    benchmark: str,
    report: Report,
    judges: Sequence[VideoModel] = (),
    *,
    predictions: Sequence[Path] = (),
    wordnet: WordNet | None = None,
) -> tuple[ScoreCard, ...]:
    """Mark all predictions of a folder, and write cards, tables and plots into it.

    Each file of predictions is read once, and once more for each judge.

    Args:
        folder: With predictions, or to be made.
        benchmark: Whose they are.
        report: What the model is called.
        judges: Language models that judge as well; a number of each is a card of its own.
        predictions: Files to take instead of the folder's own; marked copies go into it.
        wordnet: By which benchmarks that have `wups` among their protocols are scored as well.

    Raises:
        ConfigError: There is no such benchmark.
        ServerError, BudgetError: A judge cannot be reached, or its budget is spent.
        InputError: It holds no prediction of the benchmark, or none that could be scored.
        FormatError: A line is no prediction, or two files are of one condition.
        RunFolderError: The folder is another evaluation's, or cannot be written.
    """
    scorer = _Scorer(folder, benchmark, judges, wordnet)
    files = _files_by_condition(predictions or folder.prediction_files(), benchmark)
    _refuse_foreign(folder, files)
    for condition, path in files.items():
        scorer.score(condition, path)
    cards = scorer.cards(report)
    for card in cards:
        atomic_write(folder.scores(card.protocol), msgspec.json.format(msgspec.json.encode(card)) + b"\n")
    agreement = tables_of_judges(read_predictions(folder.predictions(next(iter(files)))), scorer.protocols())
    write_report(folder.root, cards, tuple(agreement))
    return cards


def _files_by_condition(paths: Sequence[Path], benchmark: str) -> dict[Condition, Path]:
    """The files by how their first question was asked; raises InputError and FormatError."""
    files: dict[Condition, Path] = {}
    for path in paths:
        condition = next(read_predictions(path, benchmark=benchmark)).condition
        if condition in files:
            raise _mixed(path, condition)
        files[condition] = path
    if not files:
        raise InputError("there are no predictions", remedy="make some with videostep evaluate --model")
    return files


def _mixed(path: Path, condition: Condition) -> FormatError:
    return FormatError(
        f"{path} holds predictions of {condition.name!r} beside others",
        remedy="keep one file for each way of asking",
    )


def _refuse_foreign(folder: EvaluationFolder, files: Mapping[Condition, Path]) -> None:
    """Raise RunFolderError where files from elsewhere would be put into an evaluation."""
    is_foreign = any(folder.predictions(one).resolve() != path.resolve() for one, path in files.items())
    if is_foreign and folder.settings.exists():
        raise RunFolderError(
            f"{folder.root} holds the predictions of an evaluation", remedy="give another --out"
        )


class _Scorer:
    """Marks files of predictions one after the other; a card for each protocol grows as they go by."""

    def __init__(
        self, folder: EvaluationFolder, benchmark: str, judges: Sequence[VideoModel], wordnet: WordNet | None
    ) -> None:
        self._folder, self._judges = folder, judges
        self._benchmark = open_benchmark(benchmark)
        self._wordnet = wordnet if "wups" in self._benchmark.scorings else None
        self._makers: dict[str, CardMaker] = {}
        self._all_hidden = True

    def score(self, condition: Condition, path: Path) -> None:
        """Write a file's predictions into the folder, with their marks, and count them."""
        judged = [marks_by_judge(read_predictions(path), judge) for judge in self._judges]
        goal = self._folder.predictions(condition)
        with atomic_open(goal) as lines, open_table(goal.with_suffix(".parquet")) as table:
            for read in read_predictions(path, benchmark=self._benchmark.name):
                if read.condition != condition:
                    raise _mixed(path, read.condition)
                prediction = self._marked(read, judged)
                lines.write(line_of(prediction))
                table.add(prediction)
                self._count(condition, prediction)

    def _count(self, condition: Condition, prediction: Prediction) -> None:
        self._all_hidden = self._all_hidden and prediction.item.is_hidden
        for protocol in prediction.marks:
            if protocol not in self._makers:
                self._makers[protocol] = CardMaker(protocol, self._marker(protocol), self._benchmark.mean_of)
        for maker in self._makers.values():
            maker.add(condition, prediction)

    def _marker(self, protocol: str) -> Marker | None:
        if protocol.startswith("wups"):
            return None if self._wordnet is None else partial(mark_wups, self._wordnet)
        return None if protocol.startswith("judge") else mark_answer

    def _marked(
        self, prediction: Prediction, judged: Sequence[Mapping[str, Mapping[str, Mark]]]
    ) -> Prediction:
        """With the marks by words, and those of judges by question id and protocol."""
        marks = dict(prediction.marks)
        for of_judge in judged:
            marks |= of_judge.get(prediction.item.id, {})
        if self._wordnet is not None and is_scored(prediction.item, "wups"):
            mark = mark_wups(self._wordnet, prediction.item, answer_of(prediction))
            marks[wups_protocol(self._wordnet)] = mark
        return replace(prediction, marks=marks | marks_by_words(prediction, BY_WORDS))

    def protocols(self) -> tuple[str, ...]:
        """Those that marked any question, in the benchmark's order; steps alone make no card."""
        asked = [name for name, maker in self._makers.items() if maker.has_questions]
        return tuple(
            name for scoring in self._benchmark.scorings for name in asked if name.startswith(scoring)
        )

    def cards(self, report: Report) -> tuple[ScoreCard, ...]:
        """A card for each protocol; raises InputError."""
        protocols = self.protocols()
        if not protocols and not self._all_hidden:
            raise InputError(
                f"nothing of {self._benchmark.name} can be scored by words", remedy="give --judge SPEC"
            )
        makers = [self._makers[protocol] for protocol in protocols]
        return tuple(maker.card(label=report.label, tags=report.tags) for maker in makers)


def write_report(root: Path, cards: Sequence[ScoreCard], more: Sequence[Table] = ()) -> None:
    """Tables as Markdown and LaTeX, plots as SVG and PNG; `more` are tables that are not of one card."""
    of_cards = (table for card in cards for table in tables_of(card))
    prompts = tables_of_prompts(card.protocol for card in cards)
    write_tables(root, [*of_cards, *more, *tables_beside(cards), *prompts])
    charts = [*named_step_charts(cards), *named_tag_charts(cards)]
    for name, chart in charts:
        _write_chart(EvaluationFolder(root).plots / name, chart)


def write_tables(root: Path, tables: Iterable[Table]) -> None:
    """`report.md` and `report.tex`."""
    every = list(tables)
    atomic_write(root / "report.md", "\n".join(map(markdown_of, every)).encode())
    atomic_write(root / "report.tex", latex_document(every).encode())


def _write_chart(stem: Path, chart: Chart) -> None:
    atomic_write(stem.with_name(f"{stem.name}.svg"), svg_of(chart))
    atomic_write(stem.with_name(f"{stem.name}.png"), png_of(chart))


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
