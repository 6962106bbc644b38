"""From predictions to marks: which words are the answer, and whether they are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from videostep.errors import BudgetError, ServerError
from videostep.evaluate.answering.rationale import split_reply
from videostep.evaluate.benchmarks.benchmark import Scoring
from videostep.evaluate.benchmarks.item import Item, Judging
from videostep.evaluate.metrics.judge import judge_replies, judged_by
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.marking import is_scored, mark_reply
from videostep.evaluate.prediction import Prediction
from videostep.models.protocol import VideoModel


def answer_of(prediction: Prediction) -> str | None:
    """The words that answer: the whole reply, or behind an explanation what it says the answer is.

    None where there is no reply; empty where an explanation ends without an answer.
    """
    if prediction.reply is None or prediction.mode == "answer":
        return prediction.reply
    return split_reply(prediction.reply).answer


def marks_by_words(prediction: Prediction, scorings: Iterable[Scoring]) -> dict[str, Mark]:
    """The marks of a prediction under those of the protocols that fit its question and need no model."""
    fitting = [scoring for scoring in scorings if is_scored(prediction.item, scoring)]
    return {scoring: mark_answer(prediction.item, answer_of(prediction)) for scoring in fitting}


def mark_answer(item: Item, answer: str | None) -> Mark:
    """The mark of the words that answer; "" is an explanation that came to none."""
    if answer == "":
        return replace(mark_reply(item, None), fault="unparsed")
    return mark_reply(item, answer)


def judge_protocol(model: VideoModel, judging: Judging = "answer") -> str:
    """How numbers that a model judges are signed: its name, the protocol, and the digest of its words."""
    signed = judged_by(model, judging)
    return f"judge {signed.model}, {signed.protocol}, prompt {signed.prompt_sha256[:8]}"


def _is_judged(item: Item) -> bool:
    """Open answers are judged; a letter that was chosen would mean nothing to a judge."""
    return item.choices is None and is_scored(item, "judge")


def marks_by_judge(predictions: Iterable[Prediction], judge: VideoModel) -> dict[str, dict[str, Mark]]:
    """Question id to a judge's mark by protocol; replies that are known from its cache cost nothing.

    Raises:
        ServerError: The judge cannot be reached.
        BudgetError: Its budget is spent.
    """
    asked: list[tuple[str, Judging]] = []

    def cases() -> Iterator[tuple[Item, str | None]]:
        for prediction in predictions:
            if _is_judged(prediction.item):
                asked.append((prediction.item.id, prediction.item.judging))
                yield prediction.item, answer_of(prediction)

    marks: dict[str, dict[str, Mark]] = {}
    for number, mark, error in judge_replies(judge, cases()):
        if isinstance(error, ServerError | BudgetError):
            raise error
        id_, judging = asked[number]
        marks[id_] = {judge_protocol(judge, judging): mark}
    return marks
