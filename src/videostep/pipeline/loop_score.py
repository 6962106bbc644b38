"""The evaluation hook of self-training that asks a benchmark."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from videostep.evaluate.folder import EvaluationFolder
from videostep.pipeline.evaluating import Evaluation, ask_benchmark
from videostep.pipeline.marking import Report, score_folder
from videostep.pipeline.progress import Reporter
from videostep.pipeline.rounds import ScoreHook


def score_on_benchmark(evaluation: Evaluation, reporter: Reporter) -> ScoreHook:
    """A hook that asks `evaluation`'s questions of each round's model, and gives its accuracies by group."""
    return partial(_score, evaluation, reporter)


def _score(evaluation: Evaluation, reporter: Reporter, model: str, out: Path) -> dict[str, float]:
    ask_benchmark(replace(evaluation, model=model), out, reporter)
    cards = score_folder(EvaluationFolder(out), evaluation.benchmark, Report())
    return {
        f"{evaluation.benchmark} {card.protocol} {group}": round(estimate.value, 4)
        for card in cards
        for series in card.series
        if (series.condition, series.measure) == ("answer", "accuracy")
        for group, estimate in series.groups.items()
    }
