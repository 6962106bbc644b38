"""What the YAML files of this folder name by `!function`.

lmms-eval executes this file once for every name, so nothing is kept here; what must be kept is kept in the
modules it imports.
"""

from __future__ import annotations

from functools import partial

from videostep.evaluate.lmms.questions import Document, questions_of, video_of, words_of
from videostep.evaluate.lmms.scores import mean_of_types, metrics_of

__all__ = ["mean_of_types", "metrics", "video", "words"]

words = words_of
video = video_of


def metrics(document: Document, results: list[str]) -> dict[str, object]:
    """The metrics of one reply."""
    return metrics_of(document, results)


def _questions(benchmark: str, placeholder: object) -> object:
    """The benchmark's questions in place of the placeholder that lmms-eval has loaded."""
    return questions_of(benchmark)


agqa2_questions = partial(_questions, "agqa2")
star_questions = partial(_questions, "star")
msvd_qa_questions = partial(_questions, "msvd-qa")
msrvtt_qa_questions = partial(_questions, "msrvtt-qa")
qra_questions = partial(_questions, "qra")
