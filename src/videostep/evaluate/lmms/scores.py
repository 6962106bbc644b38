"""Replies as lmms-eval's metrics: a name for each protocol and group, so that no two protocols share one.

Metrics read `PROTOCOL/GROUP`, such as `choice/Interaction`, and are means of 0 and 1; a question counts
under every group that it belongs to. `choice/unparsed` is the share of replies that name no option, or
several; they count as wrong. With `$VIDEOSTEP_JUDGE` set to a model, open questions are judged as well.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from typing import Final

from videostep.evaluate.benchmarks.item import Item, groups_of
from videostep.evaluate.lmms.questions import Document, item_of
from videostep.evaluate.metrics.judge import judge_replies
from videostep.evaluate.metrics.mark import Mark
from videostep.evaluate.metrics.marking import mark_reply
from videostep.models import open_model
from videostep.models.protocol import VideoModel

JUDGE_VARIABLE: Final = "VIDEOSTEP_JUDGE"
"""Environment variable: the judge, such as `openai:MODEL@URL`."""
MEAN_OF_TYPES: Final = "choice/mean of types"
"""STAR's headline: the mean of its four types' accuracies."""
_SHARE: Final = 100.0


def metrics_of(document: Document, results: list[str]) -> dict[str, object]:
    """What lmms-eval adds up for one reply, `results[0]`: metric to its value."""
    item = item_of(document)
    mark = mark_reply(item, results[0])
    scoring = "exact" if item.choices is None else "choice"
    metrics: dict[str, object] = {f"{scoring}/{group}": _percent(mark) for group in groups_of(item)}
    if scoring == "choice":
        metrics["choice/unparsed"] = _SHARE * (mark.fault == "unparsed")
        metrics[MEAN_OF_TYPES] = (item.type, _percent(mark))
    elif JUDGE_VARIABLE in os.environ:
        metrics |= judged_metrics_of(item, results[0], _judge(os.environ[JUDGE_VARIABLE]))
    return metrics


def judged_metrics_of(item: Item, reply: str, judge: VideoModel) -> dict[str, object]:
    """Accuracy and points by a judge; where it fails, only that it did."""
    ((_, mark, _),) = judge_replies(judge, [(item, reply)])
    if mark.right is None:
        return {"judge/unjudged": _SHARE}
    return {"judge/accuracy": _percent(mark), "judge/points": float(mark.points or 0), "judge/unjudged": 0.0}


def mean_of_types(pairs: Iterable[tuple[str, float]]) -> float:
    """The mean of the types' means, each weighing the same; lmms-eval's aggregation of `MEAN_OF_TYPES`."""
    by_type: dict[str, list[float]] = {}
    for type_, value in pairs:
        by_type.setdefault(type_, []).append(value)
    means = [sum(values) / len(values) for values in by_type.values()]
    return sum(means) / len(means)


def _percent(mark: Mark) -> float:
    return _SHARE * bool(mark.right)


@functools.cache
def _judge(spec: str) -> VideoModel:
    return open_model(spec)
