"""How a model is asked: the question with its options, then an instruction that says what reply is wanted.

Training, export and evaluation ask with the same words, so the words are here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from videostep.errors import ConfigError
from videostep.sample import Sample

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


def neutral(text: str) -> str:
    """`text` without anything that a chat template or tokenizer could take for its own.

    Words come from videos and models. Every media tag and special token in use stands in angle or square
    brackets (`<video>`, `<|im_end|>`, `</s>`, `[INST]`), so these become round ones.
    """
    return text.translate(_BRACKETS)


def question_with_options(sample: Sample) -> str:
    """The question, followed by its choices unless it names them all itself."""
    return with_options(sample.question, sample.choices or ())


def with_options(question: str, choices: Sequence[str]) -> str:
    """A question, followed by choices unless it names them all itself."""
    if all(_names(question, choice) for choice in choices):
        return question
    return "\n".join([question, "Options:", *(f"- {choice}" for choice in choices)])


def _names(question: str, choice: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", question, re.IGNORECASE) is not None
