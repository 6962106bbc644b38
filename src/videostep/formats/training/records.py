"""One sample -> two training records: one asks for the answer, one for the rationale.

They are never two turns of one conversation: the second turn would see the answer of the first.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from videostep.formats.training.novel import Pair
from videostep.instruction import Instructions, Task, neutral, question_with_options
from videostep.part_words import words_of_part
from videostep.sample import Sample
from videostep.video import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Where a record's video lies."""

    path: str
    """As the trainer opens it: relative to the export's folder, or absolute where the target wants that."""
    window_s: TimeSpan
    """The part of the original video that the question is about and can be judged by, seconds."""
    part_s: TimeSpan | None = None
    """The part of the original video that the file at `path` holds; None: all of it."""

    @property
    def is_cut(self) -> bool:
        """Whether the file is what the question is about and nothing else."""
        return self.part_s == self.window_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One question to a model with the reply it should learn."""

    sample: Sample
    task: Task
    split: str
    media: Media
    question: str
    """With the options of a multiple choice where the question does not name them."""
    instruction: str
    response: str
    weight: float
    """Of this record's loss: 1 for answers, lambda for rationales (STEP, equation 3: lambda = 1)."""
    novel_pairs: tuple[Pair, ...]
    """What a held-out question brings together and the train split has only apart."""

    @property
    def id(self) -> str:
        """Sample id and task."""
        return f"{self.sample.id}-{self.task}"

    @property
    def prompt(self) -> str:
        """Question and instruction, for targets that have one field for both."""
        return f"{self.question}\n{self.instruction}"


def records_of(
    sample: Sample,
    *,
    split: str,
    media: Media,
    instructions: Instructions,
    shown_s: TimeSpan | None = None,
    rationale_weight: float = 1.0,
    novel_pairs: tuple[Pair, ...] = (),
) -> tuple[Record, Record]:
    """The two records of a sample, answer first; `shown_s` is what is shown of the video, None: all."""
    question = neutral(question_with_options(sample))
    answer = Record(
        sample=sample,
        task="answer",
        split=split,
        media=media,
        question=question,
        instruction=instructions.answer,
        response=neutral(sample.answer),
        weight=1.0,
        novel_pairs=novel_pairs,
    )
    rationale = dataclasses.replace(
        answer,
        task="rationale",
        instruction=instructions.rationale,
        response=neutral(words_of_part(sample.rationale, shown_s)),
        weight=rationale_weight,
    )
    return answer, rationale
