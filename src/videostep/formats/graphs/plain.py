"""Values of others' files, taken as what they should be or not at all: nothing in such a file is sure."""

from __future__ import annotations

import json
import math
from functools import partial
from pathlib import Path
from typing import Any

from videostep.errors import InputError
from videostep.store.json_object import Tally, object_of, summed
from videostep.store.order import natural_key

MOST_CHARACTERS = 120
"""Of a label, predicate or phrase: twice as long as any that the data sets' own lists hold."""
_MARKUP = frozenset("<>[]{}|\\`")


def json_files(path: Path) -> list[Path]:
    """`path` itself, or all JSON files in it and the folders below, in natural order.

    Raises:
        InputError: It does not exist, or there are none.
    """
    if path.is_file():
        return [path]
    found = [file for file in path.rglob("*.json") if file.is_file() and not file.name.startswith(".")]
    if not found:
        what = "holds no JSON files" if path.is_dir() else "does not exist"
        raise InputError(f"{path} {what}", remedy="name an annotation file, or the folder of the annotations")
    return sorted(found, key=lambda file: natural_key(file.as_posix()))


def read_json(path: Path) -> Any:
    """The content of a file that is small enough to be held, or None when it is not whole JSON.

    NaN and Infinity, which some writers leave, are read: they cost what they stand in, not the file. Of keys
    that come again the last one is read; `repeats_of` tells how many did.

    Raises:
        InputError: It cannot be read.
    """
    tally = Tally()
    try:
        raw = json.loads(path.read_bytes(), object_pairs_hook=partial(object_of, tally=tally))
        return summed(raw, tally)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error
    except (ValueError, RecursionError):
        return None


def number(raw: Any) -> float | None:
    """A finite number; None for anything else."""
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    try:
        return float(raw) if is_number and math.isfinite(raw) else None
    except OverflowError:
        return None


def positive(raw: Any) -> float | None:
    """A finite number above 0; None for anything else."""
    value = number(raw)
    return value if value is not None and value > 0 else None


def whole(raw: Any) -> int | None:
    """A whole number, also as `3.0`; None for anything else."""
    value = number(raw)
    return int(value) if value is not None and value == int(value) else None


def name(raw: Any) -> str | None:
    """An id as text, whether it was written `"7"` or `7`; None for anything else, and for empty text."""
    if isinstance(raw, str):
        return in_unicode(raw).strip() or None
    value = whole(raw)
    return None if value is None else str(value)


def words(raw: Any) -> str | None:
    """Text as lower-case words with single blanks (`_` is one); None for anything else, and for no words.

    Text with control characters or markup is no words, nor is text without a letter or longer than any name.
    """
    found = " ".join(raw.replace("_", " ").lower().split()) if isinstance(raw, str) else ""
    is_said = found.isprintable() and _MARKUP.isdisjoint(found) and any(map(str.isalpha, found))
    return found if is_said and len(found) <= MOST_CHARACTERS else None


def term(raw: Any) -> str | None:
    """A word of a data set's vocabulary as it is spelled there; None for what would be no words."""
    return raw.strip() if isinstance(raw, str) and words(raw) else None


def in_unicode(text: str) -> str:
    r"""`text` with halves of characters, which no file can hold, as `\ud800`."""
    return text.encode("utf-8", "backslashreplace").decode()


def entries(raw: Any) -> list[Any]:
    """A list's entries; none when it is no list."""
    return raw if isinstance(raw, list) else []


def fields(raw: Any) -> dict[str, Any]:
    """An object's fields; none when it is no object."""
    return raw if isinstance(raw, dict) else {}
