"""JSON files of any size, read one entry of an array or object at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ijson

from videostep.errors import FormatError, InputError

_AGAIN = "copy or download it again"


def read_array(path: Path, keys: str = "") -> Iterator[Any]:
    """The entries of a JSON array, one in memory at a time.

    Args:
        path: The file.
        keys: Dotted keys that lead from the outermost object to the array; empty: the array is outermost.

    Raises:
        InputError: The file cannot be read.
        FormatError: It is no JSON, or cut off (the entries before that place have been given), or there is
            no array in that place.
    """
    with _opened(path) as file:
        entry = None
        for entry in ijson.items(file, f"{keys}.item" if keys else "item", use_float=True):
            yield entry
        if entry is None:
            _check_place(file, path, keys, "start_array", "array")


def read_object(path: Path, keys: str = "") -> Iterator[tuple[str, Any]]:
    """The keys and values of a JSON object, one in memory at a time; a key that stands twice comes twice.

    Arguments and errors are those of `read_array`.
    """
    with _opened(path) as file:
        entry = None
        for entry in ijson.kvitems(file, keys, use_float=True):
            yield entry
        if entry is None:
            _check_place(file, path, keys, "start_map", "object")


def _check_place(file: IO[bytes], path: Path, keys: str, event: str, kind: str) -> None:
    """Tell an empty array or object from none at all."""
    file.seek(0)
    if not any((place, met) == (keys, event) for place, met, _ in ijson.parse(file)):
        where = f" under {keys!r}" if keys else ""
        raise FormatError(
            f"{path} holds no JSON {kind}{where}", remedy="check that it is the file that was meant"
        )


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is not whole JSON: {_reason(error)}", remedy=_AGAIN) from error


def _reason(error: Exception) -> str:
    """The first line of the parser's words, which may be bytes and go on to draw the place."""
    words = error.args[0] if error.args else ""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return text.partition("\n")[0]
