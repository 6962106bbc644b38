"""What an evaluation would ask, told before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from videostep.evaluate.answering.spread import specs_of
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.folder import EvaluationFolder
from videostep.evaluate.prediction import Condition
from videostep.evaluate.prediction_file import PredictionFile
from videostep.models import open_model
from videostep.pipeline.evaluating import (
    Evaluation,
    missing_videos,
    questions_of,
    read_items,
    settings_of,
    video_finder,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlan:
    """What `ask_benchmark` would do."""

    questions: dict[str, int]
    """Condition to its questions."""
    to_ask: dict[str, int]
    """Condition to those that have no reply yet and whose video is there, if it is needed."""
    pictures: int | None
    """Frames that would be sent with them; None: by the model's own video input, nobody has counted."""
    missing_videos: tuple[str, ...]
    skipped: int
    """Rows of the benchmark that could not be asked at all."""


def plan_evaluation(evaluation: Evaluation, out: Path) -> EvaluationPlan:
    """Read the benchmark and what lies in `out`; writes nothing and loads no weights.

    Raises:
        ConfigError, InputError, FormatError: The benchmark or the model cannot be opened.
        RunFolderError: `out` is another evaluation's.
    """
    items, skipped = read_items(evaluation)
    folder = EvaluationFolder(out)
    folder.check(settings_of(evaluation, _name_of(evaluation, folder)))
    missing = missing_videos(items, video_finder(evaluation))
    asked = {one: questions_of(one, items)[0] for one in evaluation.conditions}
    to_ask = {one: list(_to_ask(folder, one, of_one, missing)) for one, of_one in asked.items()}
    frames = evaluation.answering.frames.frames
    sent = sum(_pictures(one, of_one, frames) for one, of_one in to_ask.items())
    return EvaluationPlan(
        questions={one.name: len(of_one) for one, of_one in asked.items()},
        to_ask={one.name: len(of_one) for one, of_one in to_ask.items()},
        pictures=None if evaluation.as_trained else sent,
        missing_videos=missing,
        skipped=len(skipped),
    )


def _name_of(evaluation: Evaluation, folder: EvaluationFolder) -> str:
    """As the model's backend names it; what is asked as trained has its name from loaded weights."""
    spec = specs_of(evaluation.model)[0]
    if evaluation.as_trained:
        return folder.saved().model if folder.settings.exists() else spec
    model = open_model(spec, evaluation.models.of_backend(spec))
    try:
        return model.name
    finally:
        model.close()


def _to_ask(
    folder: EvaluationFolder, condition: Condition, items: Iterable[Item], missing: tuple[str, ...]
) -> Iterator[Item]:
    faults = PredictionFile(folder.predictions(condition)).faults()
    unseen = () if condition.control == "question" else missing
    return (item for item in items if faults.get(item.id, "not asked") and item.video not in unseen)


def _pictures(condition: Condition, items: Iterable[Item], frames: int) -> int:
    if condition.control == "question":
        return 0
    if condition.control == "caption":
        return frames * len({(item.video, item.span_s) for item in items})
    return sum(1 if condition.control == "one-frame" else frames for _ in items)
