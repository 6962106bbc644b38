"""The words of a request: the question with its options, and what form the answer must have.

The instructions are those of training and export, so that a model is asked as it was taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import Final, Literal, get_args

from videostep.errors import ConfigError
from videostep.evaluate.benchmarks.item import Item
from videostep.evaluate.prediction import Mode
from videostep.instruction import Instructions, neutral, with_options

OptionStyle = Literal["letters", "words", "none"]
"""`letters`: options have letters and one is asked for. `words`: as videostep's own samples are written.
`none`: they are kept back and the question is an open one, as STEP asks STAR's."""
OPTION_STYLES: Final[tuple[OptionStyle, ...]] = get_args(OptionStyle)
CAPTION_PROMPT: Final = (
    "These are frames of one video, in order of time. Describe in one paragraph what is seen and what "
    "happens: who and what is there, how it looks, what it does, and in which order."
)
_PREFACE: Final = "These are frames of one video, in order of time."
_CAPTION_PREFACE: Final = "This is a description of a video:"
_KNOWN_PREFACE: Final = "This much is known of the video:"


def words_of_item(
    item: Item,
    mode: Mode,
    instructions: Instructions,
    options: OptionStyle,
    *,
    sees: bool = True,
    as_taught: bool = False,
    caption: str = "",
    known: Sequence[str] = (),
) -> str:
    """What is said to the model below the frames.

    Args:
        item: The question.
        mode: Whether it explains first.
        instructions: What follows the question.
        options: How a choice is put.
        sees: Whether frames stand above as pictures.
        as_taught: Say nothing that training does not say: for a model that was trained on samples.
        caption: A description in place of frames.
        known: True sentences that the question builds on.

    Raises:
        ConfigError: It has more options than there are letters.
    """
    lines = [_PREFACE] if sees and not as_taught else []
    lines += [_CAPTION_PREFACE, neutral(caption)] if caption else []
    lines += [_KNOWN_PREFACE, *map(neutral, known)] if known else []
    lines += [
        _question(item, options),
        _instruction(item, mode, instructions, options),
        *([_ending(item, options)] if mode == "rationale-then-answer" and not as_taught else []),
    ]
    return "\n".join(lines)


def open_item(item: Item) -> Item:
    """The question without its options."""
    if item.choices is None:
        return item
    return replace(item, kind="open", choices=None, answer_index=None)


def _question(item: Item, style: OptionStyle) -> str:
    choices = item.choices or ()
    if not choices or style == "words":
        return neutral(with_options(item.question, choices))
    if len(choices) > len(ascii_uppercase):
        raise ConfigError(f"question {item.id!r} has {len(choices)} options", remedy="give --options words")
    lettered = (f"({letter}) {choice}" for letter, choice in zip(ascii_uppercase, choices, strict=False))
    return neutral("\n".join([item.question, "Options:", *lettered]))


def _instruction(item: Item, mode: Mode, instructions: Instructions, style: OptionStyle) -> str:
    if mode == "rationale-then-answer":
        return instructions.rationale
    return (
        "Answer with the letter of the right option only."
        if _has_letters(item, style)
        else instructions.answer
    )


def _ending(item: Item, style: OptionStyle) -> str:
    return "End with: So the answer is " + ("(letter)." if _has_letters(item, style) else "...")


def _has_letters(item: Item, style: OptionStyle) -> bool:
    return bool(item.choices) and style == "letters"
