"""How probable yes is: from the probabilities of a first token, or from how often yes was said."""

from __future__ import annotations

import math
import re
import string
from collections.abc import Iterable, Sequence

_FIRST_WORD = re.compile(r"[^\w]*(\w+)")
_AROUND = string.whitespace + string.punctuation
_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def said_yes(text: str) -> bool | None:
    """Whether a text begins with yes (True) or no (False); None: with neither."""
    match = _FIRST_WORD.match(text)
    return _WORDS.get(match[1].lower()) if match else None


def word_of(token: str) -> bool | None:
    """Whether a token is yes (True) or no (False); None: it is neither."""
    return _WORDS.get(token.strip(_AROUND).lower())


def p_yes_of_tokens(alternatives: Iterable[tuple[str, float]]) -> float | None:
    """Share of yes in what the alternatives of one place give to yes and no.

    To be asked of the place where yes or no was said: elsewhere the two may be unlikely, and their share
    means little.

    Args:
        alternatives: (token, natural logarithm of its probability) pairs.

    Returns:
        0..1, or None where neither is among them.
    """
    mass = {True: 0.0, False: 0.0}
    for token, log_p in alternatives:
        word = word_of(token)
        if word is not None and not math.isnan(log_p):
            mass[word] += math.exp(min(log_p, 0.0))
    total = mass[True] + mass[False]
    return round(mass[True] / total, 6) if total else None


def p_yes_of_texts(texts: Sequence[str]) -> float | None:
    """Share of yes among the texts that say yes or no; None where none does."""
    said = [word for text in texts if (word := said_yes(text)) is not None]
    return sum(said) / len(said) if said else None


def complaint_of(text: str) -> str:
    """What is wrong with a text that ought to be yes or no: nothing if it begins with either."""
    return "" if said_yes(text) is not None else "the reply is neither yes nor no"
