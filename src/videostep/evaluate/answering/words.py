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
from videostep.evaluate.predictions import Mode
from videostep.instruction import Instructions, neutral

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
    caption: str = "",
    known: Sequence[str] = (),
) -> str:
    """What is said to the model below the frames.

    Args:
        item: The question.
        mode: Whether it explains first.
        instructions: What follows the question.
        options: How a choice is put.
        sees: Whether frames stand above.
        caption: A description in place of frames.
        known: True sentences that the question builds on.

    Raises:
        ConfigError: It has more options than there are letters.
    """
    lines = [_PREFACE] if sees else []
    lines += [_CAPTION_PREFACE, neutral(caption)] if caption else []
    lines += [_KNOWN_PREFACE, *map(neutral, known)] if known else []
    lines += [
        neutral(item.question),
        *_options(item, options),
        *_instruction(item, mode, instructions, options),
    ]
    return "\n".join(lines)


def open_item(item: Item) -> Item:
    """The question without its options."""
    if item.choices is None:
        return item
    return replace(item, kind="open", choices=None, answer_index=None)


def _options(item: Item, style: OptionStyle) -> list[str]:
    if not item.choices:
        return []
    if style == "words":
        return ["Options:", *(f"- {neutral(choice)}" for choice in item.choices)]
    if len(item.choices) > len(ascii_uppercase):
        raise ConfigError(
            f"question {item.id!r} has {len(item.choices)} options", remedy="ask it with options in words"
        )
    pairs = zip(ascii_uppercase, item.choices, strict=False)
    return ["Options:", *(f"({letter}) {neutral(choice)}" for letter, choice in pairs)]


def _instruction(item: Item, mode: Mode, instructions: Instructions, style: OptionStyle) -> list[str]:
    lettered = bool(item.choices) and style == "letters"
    if mode == "rationale-then-answer":
        last = "End with: So the answer is " + ("(letter)." if lettered else "...")
        return [instructions.rationale, last]
    return ["Answer with the letter of the right option only." if lettered else instructions.answer]
