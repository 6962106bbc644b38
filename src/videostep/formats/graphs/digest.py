"""A digest of plain data that nobody vouches for: it may hold itself, or nest without end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

_DEEPEST: Final = 100
"""What nests deeper counts as alike; annotations need a tenth of it."""


def sha256_of_plain(value: Any) -> str:
    """SHA-256 in hex of containers, numbers and text: equal ones give equal digests in every process.

    It takes time in proportion to what is held in memory, however often the same thing is held.
    """
    return _Digester().digest(value, 0).hex()


class _Digester:
    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}
        """By identity; what is being looked at stands there as such."""

    def digest(self, value: Any, depth: int) -> bytes:
        if id(value) not in self._known:
            self._known[id(value)] = b"itself"
            parts = self._parts(value, depth + 1) if depth < _DEEPEST else [b"deep"]
            data = b"".join(b"%d:%b" % (len(part), part) for part in parts)
            self._known[id(value)] = hashlib.sha256(data).digest()
        return self._known[id(value)]

    def _parts(self, value: Any, depth: int) -> Iterable[bytes]:
        if isinstance(value, Mapping):
            pairs = (self._part(key, depth) + self._part(item, depth) for key, item in value.items())
            return [b"dict", *sorted(pairs)]
        if isinstance(value, set | frozenset):
            return [b"set", *sorted(self._part(item, depth) for item in value)]
        if isinstance(value, list | tuple):
            return [b"list", *(self._part(item, depth) for item in value)]
        return [_scalar(value)]

    def _part(self, value: Any, depth: int) -> bytes:
        if isinstance(value, Mapping | set | frozenset | list | tuple):
            return self.digest(value, depth)
        return _scalar(value)


def _scalar(value: Any) -> bytes:
    return repr(value).encode("utf-8", "backslashreplace")
