"""From predictions to marks: which words are the answer, and whether they are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from videostep.errors import BudgetError, ServerError
from videostep.evaluate.answering.rationale import split_reply
from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.metrics.judge import judge_replies, judged_by
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.marking import is_scored, mark_reply
from videostep.evaluate.prediction_file import PredictionFile
from videostep.evaluate.predictions import Prediction, read_predictions
from videostep.models.protocol import VideoModel

_UNPARSED: Final = Mark(right=False, fault="unparsed")


def answer_of(prediction: Prediction) -> str | None:
    """The words that answer: the whole reply, or behind an explanation what it says the answer is.

    None where there is no reply; empty where an explanation ends without an answer.
    """
    if prediction.reply is None or prediction.mode == "answer":
        return prediction.reply
    return split_reply(prediction.reply).answer


def mark_by_words(predictions: Iterable[Prediction], scoring: Scoring) -> Iterator[Prediction]:
    """Predictions with their marks under `exact` or `choice`; those that it does not fit stay as they are."""
    for prediction in predictions:
        if is_scored(prediction.item, scoring):
            mark = mark_answer(prediction.item, answer_of(prediction))
            yield replace(prediction, marks={**prediction.marks, scoring: mark})
        else:
            yield prediction


def mark_answer(item: Item, answer: str | None) -> Mark:
    """The mark of the words that answer; "" is an explanation that came to none."""
    return _UNPARSED if answer == "" else mark_reply(item, answer)


def judge_protocol(model: VideoModel) -> str:
    """How numbers that a model judges are signed: its name, the protocol, and the digest of its words."""
    signed = judged_by(model)
    return f"judge {signed.model}, {signed.protocol}, prompt {signed.prompt_sha256[:8]}"


def _is_judged(item: Item) -> bool:
    """Open answers are judged; a letter that was chosen would mean nothing to a judge."""
    return item.choices is None and is_scored(item, "judge")


def mark_by_judge(file: PredictionFile, judge: VideoModel) -> None:
    """Write a judge's marks into a file of predictions; replies that are known from its cache cost nothing.

    Raises:
        ServerError: The judge cannot be reached.
        BudgetError: Its budget is spent.
    """
    scored = (one for one in read_predictions(file.path) if _is_judged(one.item))
    marks: dict[int, Mark] = {}
    for number, mark, error in judge_replies(judge, ((one.item, answer_of(one)) for one in scored)):
        if isinstance(error, ServerError | BudgetError):
            raise error
        marks[number] = mark
    protocol = judge_protocol(judge)

    def with_marks(predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        number = 0
        for prediction in predictions:
            if _is_judged(prediction.item):
                mark, number = marks[number], number + 1
                prediction = replace(prediction, marks={**prediction.marks, protocol: mark})
            yield prediction

    file.rewrite(with_marks)
