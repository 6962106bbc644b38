"""JSON files of any size, read one entry of an array or object at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import ijson

from videostep.errors import FormatError, InputError
from videostep.store.json_object import JsonObject, Tally, summed

_AGAIN = "copy or download it again"
_DEEPEST: Final = 10_000
"""Levels of brackets. The parser's memory grows with their square, and annotations have ten."""
# Of a text without an end nothing is tried twice (`*+`): else each escaped quote in it would begin another.
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_OPEN_TEXT = re.compile(rb'(?:[^"]*+"(?:[^"\\]|\\.)*+")*+[^"]*+("?)(?:[^"\\]|\\.)*+(\\?)', re.DOTALL)
"""Up to a text without an end, if there is one: its quote, and the backslash that it breaks off at."""
_TEXT_OR_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|-?(?:NaN|Infinity)', re.DOTALL)
_LONGEST_WORD: Final = len("-Infinity")
_BRACKETS = re.compile(rb"[\[{]+|[\]}]+")
_PLAIN = bytes(set(range(256)) - set(b'"\\[]{}'))
"""What neither opens nor ends anything."""


class _Tame:
    """A file that is read only as long as its brackets are not nested without end; NaN in it is `null`.

    NaN and Infinity are no JSON, but many writers leave them: they cost what they stand in, not the file.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file, self._path = file, path
        self._depth = 0
        self._open = b""
        """What stands for a text that the last piece has begun and not ended."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises FormatError where they nest too deep."""
        data = self._nulled(self._words(size))
        text = self._open + data
        # Six times as fast, and most pieces have nothing that is escaped.
        bare = text if b"\\" in text else text.translate(None, _PLAIN)
        outside, begun = _TEXT.sub(b"", bare), _OPEN_TEXT.match(bare)
        assert begun is not None  # it matches anything
        self._open = begun[1] + begun[2]
        opened = outside.count(b"[") + outside.count(b"{")
        if self._depth + opened > _DEEPEST:
            self._check(outside)
        self._depth += opened - outside.count(b"]") - outside.count(b"}")
        return data

    def _words(self, size: int) -> bytes:
        """The next bytes, and as many more as the last word may need to be whole."""
        data = self._file.read(size)
        for _ in range(_LONGEST_WORD - 1):
            if not (data[-1:].isalpha() or data[-1:] == b"-"):
                break
            data += self._file.read(1)
        return data

    def _nulled(self, data: bytes) -> bytes:
        if b"NaN" not in data and b"Infinity" not in data:
            return data
        text = _TEXT_OR_NO_NUMBER.sub(
            lambda met: met[0] if met[0].startswith(b'"') else b"null", self._open + data
        )
        return text[len(self._open) :]

    def rewind(self) -> None:
        """Begin again."""
        self._file.seek(0)
        self._depth, self._open = 0, b""

    def _check(self, outside: bytes) -> None:
        depth = self._depth
        for run in _BRACKETS.findall(outside):
            depth += len(run) if run[:1] in b"[{" else -len(run)
            if depth > _DEEPEST:
                raise FormatError(f"{self._path} nests deeper than {_DEEPEST} levels", remedy=_AGAIN)


def read_array(path: Path, keys: str = "") -> Iterator[Any]:
    """The entries of a JSON array, one in memory at a time; `repeats_of` tells of those that are objects.

    Args:
        path: The file.
        keys: Dotted keys that lead from the outermost object to the array; empty: the array is outermost.

    Raises:
        InputError: The file cannot be read.
        FormatError: It is no JSON, or cut off (the entries before that place have been given), or there is
            no array in that place. NaN and Infinity are read as None.
    """
    with _opened(path) as file:
        entry, tally = None, Tally()
        place = f"{keys}.item" if keys else "item"
        for entry in ijson.items(file, place, use_float=True, map_type=partial(JsonObject, tally)):
            yield summed(entry, tally)
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


def _check_place(file: _Tame, path: Path, keys: str, event: str, kind: str) -> None:
    """Tell an empty array or object from none at all."""
    file.rewind()
    if not any((place, met) == (keys, event) for place, met, _ in ijson.parse(file)):
        where = f" under {keys!r}" if keys else ""
        raise FormatError(
            f"{path} holds no JSON {kind}{where}", remedy="check that it is the file that was meant"
        )


@contextmanager
def _opened(path: Path) -> Iterator[_Tame]:
    try:
        with path.open("rb") as file:
            yield _Tame(file, path)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise FormatError(f"{path} is not whole JSON: {_reason(error)}", remedy=_AGAIN) from error


def _reason(error: Exception) -> str:
    """The first line of the parser's words, which may be bytes and go on to draw the place."""
    words = error.args[0] if error.args else ""
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return text.partition("\n")[0]
