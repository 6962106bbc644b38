"""The one order in which a run's videos are listed, whatever order they were finished in."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key by which `clip2` comes before `clip10`; ties are broken by the text itself."""
    pieces = _DIGITS.split(text)
    key = tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece.lower()) for piece in pieces)
    return (*key, (-1, 0, text))
