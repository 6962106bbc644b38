"""Reads pickles of plain data and nothing else: containers, numbers, strings, and numpy arrays of those.

A pickle is a program. This one may name only what stands in a table, by exact name, and what it names is
a stand-in of ours, never the real thing: an array becomes nested lists, a numpy number a Python number.
Everything else is refused before it is looked up. Reading takes time and memory in proportion to the file.
"""

from __future__ import annotations

import pickle
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from math import prod
from pathlib import Path
from typing import IO, Any, ClassVar, Final, NoReturn

import numpy

from videostep.errors import FormatError, InputError

_NUMBERS: Final = re.compile(r"[biufU]\d{1,4}")
"""Types of array elements that are admitted: truth values, whole and real numbers, text."""
_ROOM: Final = 16
"""Values built by calls may take this much more room than the file: an honest pickle calls once for each
array in it, a bomb calls for the same bytes again and again."""

_KEYS: Final[dict[bytes, Callable[[list[Any]], list[Any]]]] = {
    pickle.SETITEM: lambda stack: stack[-2:-1],
    pickle.SETITEMS: lambda stack: stack[::2],
    pickle.DICT: lambda stack: stack[::2],
    pickle.ADDITEMS: lambda stack: stack,
    pickle.FROZENSET: lambda stack: stack,
}
"""What makes keys of dictionaries, and members of sets; where they then lie on the machine's stack."""


def read_pickle(path: Path) -> Any:
    """The plain data that a pickle holds. It may hold itself: do not walk it without a bound.

    Raises:
        InputError: The file cannot be read.
        FormatError: It is no pickle, is cut off, or holds something else than plain data.
    """
    try:
        with path.open("rb") as file:
            return _PlainUnpickler(_Source(file, path.stat().st_size)).load()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", remedy="check the path") from error
    except _RefusedError as error:
        raise FormatError(
            f"{path} is refused: {error}",
            remedy="take the file from its makers; plain data needs no such thing",
        ) from error
    except Exception as error:
        # The bytes are the program: any exception of the machine that runs it is their doing.
        reason = str(error) or type(error).__name__
        raise FormatError(f"{path} is not a whole pickle: {reason}", remedy="download it again") from error


class _RefusedError(Exception):
    """The pickle asks for something that plain data does not need."""


def _check_keys(keys: Iterable[Any]) -> None:
    """Refuse keys that can be chosen to have one hash: storing them takes time by the square of their number.

    The hashes of text and bytes differ from process to process, so that nobody can choose those.
    """
    for key in keys:
        if isinstance(key, tuple | frozenset):
            raise _RefusedError("a key that is made of several values")
        if isinstance(key, int) and abs(key) >= sys.hash_info.modulus:
            raise _RefusedError("a key that is a larger number than any id")


def _checking(
    keys_in: Callable[[list[Any]], list[Any]], load: Callable[[Any], None]
) -> Callable[[Any], None]:
    def load_checked(unpickler: Any) -> None:
        _check_keys(keys_in(unpickler.stack))
        load(unpickler)

    return load_checked


def _put(unpickler: Any) -> None:
    """Remember the last value under a number that the file gives: it is a key, too."""
    number = int(unpickler.readline()[:-1])
    _check_keys([number])
    unpickler.memo[number] = unpickler.stack[-1]


class _Source:
    """A file that is not asked for more than it holds, so that a false length allocates nothing."""

    def __init__(self, file: IO[bytes], size_bytes: int) -> None:
        self.readline = file.readline
        self.size_bytes = size_bytes
        self._file = file

    def read(self, count: int) -> bytes:
        if count > self.size_bytes:
            raise EOFError("it is cut off")
        return self._file.read(count)


class _StandIn:
    """Something a pickle may call. It has no attributes that a pickle could set."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)

    def __setstate__(self, state: object) -> NoReturn:
        raise _RefusedError("it changes what it was given to call")


class _Dtype:
    """The type of an array's elements; `text` as numpy spells it, byte order included."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        if not _NUMBERS.fullmatch(text):
            raise _RefusedError(f"an array of type {text!r}, which is neither numbers nor text")
        self.text = text

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, order, *parts = state
        if any(part is not None for part in parts[:3]):
            raise _RefusedError("an array with fields of several types")
        if order in ("<", ">"):
            self.text = order + self.text.lstrip("<>")


class _Array(list[Any]):
    """A numpy array as nested lists, filled when its state is read."""

    __slots__ = ("_unpickler",)

    def __init__(self, unpickler: _PlainUnpickler) -> None:
        super().__init__()
        self._unpickler = unpickler

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, dtype, is_fortran, raw = state
        self[:] = self._unpickler.values(raw, dtype, shape, "F" if is_fortran else "C")


# The class in Python, not the one in C: that one makes room for any memo index a file may name, so that
# ten bytes can ask for 64 GB.
class _PlainUnpickler(pickle._Unpickler):
    """Runs the pickle's program with stand-ins for the few things that plain data names."""

    dispatch: ClassVar = {
        **pickle._Unpickler.dispatch,
        # Protocol 5 makes room before it reads; the older way of bytes reads first.
        pickle.BYTEARRAY8[0]: pickle._Unpickler.dispatch[pickle.BINBYTES8[0]],
        pickle.PUT[0]: _put,
        **{
            code[0]: _checking(keys_in, pickle._Unpickler.dispatch[code[0]])
            for code, keys_in in _KEYS.items()
        },
    }

    def __init__(self, source: _Source) -> None:
        # latin1: how Python 2 wrote the bytes of arrays.
        super().__init__(source, encoding="latin1")
        self._left_bytes = _ROOM * source.size_bytes
        self._admitted = self._table()

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._admitted[module, name]
        except KeyError:
            raise _RefusedError(f"it names {module}.{name}") from None

    def persistent_load(self, pid: object) -> NoReturn:
        raise _RefusedError("it refers to objects outside the file")

    def values(self, raw: bytes | str, dtype: _Dtype, shape: tuple[int, ...], order: str) -> list[Any]:
        """The elements of an array as nested lists."""
        data = raw.encode("latin1") if isinstance(raw, str) else bytes(raw)
        self._spend(len(data))
        if not data:
            # numpy would make a list for each row of nothing, however many rows the shape names.
            if 0 not in shape[:1]:
                raise _RefusedError(f"an empty array of shape {shape}")
            return []
        kind = numpy.dtype(dtype.text)
        if prod(shape) * kind.itemsize != len(data):
            raise _RefusedError(f"an array of shape {shape} with {len(data)} bytes")
        listed = numpy.frombuffer(data, kind).reshape(shape, order="F" if order == "F" else "C").tolist()
        return listed if isinstance(listed, list) else [listed]

    def _table(self) -> dict[tuple[str, str], Any]:
        table: dict[tuple[str, str], Any] = {
            ("_codecs", "encode"): _StandIn(self._encode),
            ("collections", "OrderedDict"): _StandIn(self._dict),
            ("numpy", "dtype"): _StandIn(self._dtype),
            # Only ever handed to `_reconstruct`.
            ("numpy", "ndarray"): "ndarray",
        }
        for builtins in ("builtins", "__builtin__"):
            # Without arguments: how old protocols write empty bytes.
            table[builtins, "bytes"] = _StandIn(lambda: b"")
            table[builtins, "set"] = _StandIn(lambda items=(): set(self._members(items)))
            table[builtins, "frozenset"] = _StandIn(lambda items=(): frozenset(self._members(items)))
        for core in ("numpy.core", "numpy._core"):
            table[f"{core}.multiarray", "_reconstruct"] = _StandIn(self._reconstruct)
            table[f"{core}.multiarray", "scalar"] = _StandIn(self._scalar)
            table[f"{core}.numeric", "_frombuffer"] = _StandIn(self.values)
        return table

    def _reconstruct(self, kind: object, shape: object, code: object) -> _Array:
        if kind != "ndarray":
            raise _RefusedError("an array of an unknown class")
        return _Array(self)

    def _scalar(self, dtype: _Dtype, raw: bytes | str) -> Any:
        return self.values(raw, dtype, (1,), "C")[0]

    def _dtype(self, text: str, *_: object) -> _Dtype:
        return _Dtype(text)

    def _encode(self, text: str, encoding: str) -> bytes:
        if encoding != "latin1":
            raise _RefusedError(f"text in the encoding {encoding!r}")
        self._spend(len(text))
        return text.encode("latin1")

    def _dict(self, items: Iterable[Any] = ()) -> dict[Any, Any]:
        pairs = self._spent(items)
        if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs):
            raise _RefusedError("a dictionary of something else than pairs")
        _check_keys(key for key, _ in pairs)
        return dict(pairs)

    def _members(self, items: Iterable[Any]) -> Sequence[Any]:
        members = self._spent(items)
        _check_keys(members)
        return members

    def _spent(self, items: Iterable[Any]) -> Sequence[Any]:
        if not isinstance(items, list | tuple):
            raise _RefusedError("a container made of something else than a list")
        self._spend(len(items))
        return items

    def _spend(self, count_bytes: int) -> None:
        self._left_bytes -= count_bytes
        if self._left_bytes < 0:
            raise _RefusedError("it makes much more data than the file holds")
