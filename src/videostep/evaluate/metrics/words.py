"""When two answers are the same words."""

from __future__ import annotations

import functools
import unicodedata

_AROUND = " \"'`*_\u2018\u2019\u201c\u201d\u300c\u300d"
"""Quotes and the marks of bold type."""
_END = ".,;:!\u3002"
"""Full stops, an ideographic one too; NFKC has made the others of full width narrow."""


@functools.lru_cache(maxsize=4096)  # Answers come again and again.
def level(text: str) -> str:
    """`text` without what is no part of an answer: case, width, spaces, quotes around it, a full stop.

    Unicode NFKC, so that full-width letters and composed accents compare in any script.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.split()).strip(_AROUND).rstrip(_END).strip(_AROUND)
