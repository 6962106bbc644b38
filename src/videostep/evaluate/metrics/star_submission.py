"""The file that STAR's server scores: the answers to its hidden test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.benchmarks.star import TYPES
from videostep.evaluate.metrics.options import read_option


@dataclass(slots=True)
class StarSubmission:
    """Answers by question type, and the questions that have none."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {type_: [] for type_ in TYPES})
    """`{Type: [{question_id, answer}]}`, as the server reads it: `answer` is the option's number, from 0."""
    unanswered: list[str] = field(default_factory=list)
    """Ids of questions without a reply that names an option: they are left out, not guessed."""


def star_submission(items: Iterable[Item], replies: Mapping[str, str]) -> StarSubmission:
    """Replies as a submission."""
    submission = StarSubmission()
    for item in items:
        place = read_option(replies.get(item.id, ""), item.choices or ())
        if place is None:
            submission.unanswered.append(item.id)
        else:
            submission.answers[item.type].append({"question_id": item.id, "answer": place})
    return submission
