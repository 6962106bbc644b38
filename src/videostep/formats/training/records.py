"""One sample -> two training records: one asks for the answer, one for the rationale.

They are never two turns of one conversation: the second turn would see the answer of the first.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Final, Literal

from videostep.errors import ConfigError
from videostep.formats.training.novel import Pair
from videostep.sample import Sample
from videostep.video import TimeSpan

Task = Literal["answer", "rationale"]
TASKS: Final[tuple[Task, ...]] = ("answer", "rationale")

_BRACKETS = str.maketrans({"<": "(", ">": ")", "[": "(", "]": ")"})
_MEDIA_TAG = re.compile(r"<\s*/?\s*(video|image|audio)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What follows the question, per task: i_a and i_r of STEP, section 3.3 (wording not given there)."""

    answer: str = "Answer in a few words."
    rationale: str = "Explain step by step what leads to the answer, then give the answer."

    def __post_init__(self) -> None:
        """Raise ConfigError if a trainer could not tell an instruction from the other, or from a video."""
        for task, text in zip(TASKS, (self.answer, self.rationale), strict=True):
            if not text.strip():
                raise ConfigError(f"the {task} instruction is empty", remedy="give it words")
            if found := _MEDIA_TAG.search(text):
                raise ConfigError(
                    f"the {task} instruction holds {found[0]}, which stands for a file",
                    remedy="leave it out: export puts it where the target wants it",
                )
        if self.answer.strip() == self.rationale.strip():
            raise ConfigError(
                "the answer and the rationale instruction are the same",
                remedy="word them differently: one question would get two kinds of reply",
            )


def make_instructions(answer: str | None, rationale: str | None) -> Instructions:
    """The instructions in the user's words; None: the usual ones. Raises ConfigError."""
    given = {"answer": answer, "rationale": rationale}
    return Instructions(**{task: text for task, text in given.items() if text is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Where a record's video lies."""

    path: str
    """As the trainer opens it: relative to the export's folder, or absolute where the target wants that."""
    window_s: TimeSpan
    """The part of the original video that the question is about and can be judged by, seconds."""
    is_cut: bool
    """Whether the file at `path` is that part alone."""


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
    rationale_weight: float = 1.0,
    novel_pairs: tuple[Pair, ...] = (),
) -> tuple[Record, Record]:
    """The two records of a sample, answer first."""
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
        response=neutral(sample.rationale),
        weight=rationale_weight,
    )
    return answer, rationale


def neutral(text: str) -> str:
    """`text` without anything that a chat template or tokenizer could take for its own.

    Words come from videos and models. Every media tag and special token in use stands in angle or square
    brackets (`<video>`, `<|im_end|>`, `</s>`, `[INST]`), so these become round ones.
    """
    return text.translate(_BRACKETS)


def question_with_options(sample: Sample) -> str:
    """The question, followed by its choices unless it names them all itself."""
    if sample.choices is None or all(_names(sample.question, choice) for choice in sample.choices):
        return sample.question
    return "\n".join([sample.question, "Options:", *(f"- {choice}" for choice in sample.choices)])


def _names(question: str, choice: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", question, re.IGNORECASE) is not None
