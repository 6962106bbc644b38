"""Options that are written out with their letters: "A. sits down", "Caption B: the ball rises"."""

from __future__ import annotations

import re

_OPTION = re.compile(r"(?:\(?([A-Z])[.):]|(?:Caption|Sentence|Option) ([A-Z]|\d+):)\s*(.*)", re.DOTALL)


def without_letter(option: str) -> str:
    """The words of "B. sits down"; an option without a letter is all words."""
    match = _OPTION.fullmatch(option.strip())
    return match[3].strip() if match else option.strip()


def letter_place(answer: str) -> int | None:
    """The place, from 0, that "B", "B. sits down" or "Option 2: sits down" names; None: it names none."""
    match = _OPTION.fullmatch(answer.strip()) or re.fullmatch(r"\(?([A-Z])\)?\.?()", answer.strip())
    if not match:
        return None
    name = match[1] or match[2]
    return int(name) - 1 if name.isdigit() else ord(name) - ord("A")


def split_options(question: str) -> tuple[str, tuple[str, ...]]:
    """A question whose last lines are its options: the question itself, and their words."""
    lines = [line.strip() for line in question.strip().splitlines() if line.strip()]
    is_option = [_OPTION.fullmatch(line) is not None for line in lines]
    start = is_option.index(True) if True in is_option else len(lines)
    return "\n".join(lines[:start]), tuple(without_letter(line) for line in lines[start:])
