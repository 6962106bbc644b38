"""Two evaluations, question by question; and the score cards of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from videostep.errors import InputError
from videostep.evaluate.benchmarks.item import ALL, groups_of
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.metrics.scale import scale_of
from videostep.evaluate.prediction import Condition, Prediction
from videostep.evaluate.predictions import read_predictions
from videostep.evaluate.scorecard import ScoreCard, headline_of, read_scorecard
from videostep.evaluate.statistics.paired import Comparison, PairedMark, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How two models differ under one protocol."""

    protocol: str
    first: str
    """The first model, by its label or as its backend names it, and how it was asked."""
    second: str
    comparisons: tuple[Comparison, ...]
    """By group, all questions first."""
    only_in_first: int
    """Questions that only the first was asked; they are left out."""
    only_in_second: int


def compare_predictions(first: Path, second: Path, protocol: str | None = None) -> tuple[Compared, ...]:
    """Compare two files of scored predictions, or the plain answers of two evaluation folders.

    Args:
        first: Of the model to be beaten.
        second: Of the other.
        protocol: Only this one; None: every one that scored both.

    Raises:
        InputError: A file cannot be read, they share no question, or no protocol scored both.
    """
    ours, theirs = (_file_of(path) for path in (first, second))
    known = {one.item.id: one for one in read_predictions(ours)}
    benchmark = next(iter(known.values())).benchmark
    other = {one.item.id: one for one in read_predictions(theirs, benchmark=benchmark)}
    shared = [(one, other[id_]) for id_, one in known.items() if id_ in other]
    if not shared:
        raise InputError(
            f"{ours} and {theirs} share no question", remedy="compare runs of the same questions"
        )
    protocols = _protocols(shared, protocol)
    if not protocols:
        raise InputError(
            f"no protocol{f' {protocol!r}' if protocol else ''} scored both {ours} and {theirs}",
            remedy=_remedy(_protocols(shared, None)),
        )
    return tuple(
        Compared(
            protocol=name,
            first=_who(first, shared[0][0], name),
            second=_who(second, shared[0][1], name),
            comparisons=compare(_paired(shared, name), scale_of(name) if _by_points(name) else None),
            only_in_first=len(known) - len(shared),
            only_in_second=len(other) - len(shared),
        )
        for name in protocols
    )


def _remedy(protocols: Sequence[str]) -> str:
    if protocols:
        return f"give one of {', '.join(map(repr, protocols))}"
    return "score both with videostep evaluate BENCHMARK --predictions FILE"


def _who(path: Path, prediction: Prediction, protocol: str) -> str:
    scores = EvaluationFolder(path).scores(protocol)
    name = read_scorecard(scores).label if scores.is_file() else prediction.model
    return f"{name}, {prediction.condition.name}"


def _file_of(path: Path) -> Path:
    return EvaluationFolder(path).predictions(Condition()) if path.is_dir() else path


def _protocols(shared: Sequence[tuple[Prediction, Prediction]], wanted: str | None) -> list[str]:
    names = dict.fromkeys(name for one, other in shared for name in one.marks if name in other.marks)
    return [name for name in names if wanted in (None, name)]


def _paired(shared: Sequence[tuple[Prediction, Prediction]], protocol: str) -> Iterator[PairedMark]:
    for one, other in shared:
        first, second = one.marks.get(protocol), other.marks.get(protocol)
        if first is None or second is None:
            continue
        values = [mark.points if _by_points(protocol) else mark.right for mark in (first, second)]
        # What a judge failed on says nothing about either model.
        if values[0] is None or values[1] is None:
            continue
        groups = tuple(group for group in groups_of(one.item) if group != ALL)
        yield PairedMark(video=one.item.video, groups=groups, first=values[0], second=values[1])


def _by_points(protocol: str) -> bool:
    return headline_of(protocol) == "points"


def gather_cards(folders: Sequence[Path]) -> tuple[ScoreCard, ...]:
    """The score cards of several evaluations; raises InputError where a folder has none."""
    cards: list[ScoreCard] = []
    for root in folders:
        files = EvaluationFolder(root).score_files()
        if not files:
            raise InputError(f"{root} holds no scores", remedy="make them with videostep evaluate")
        cards += map(read_scorecard, files)
    return tuple(cards)
