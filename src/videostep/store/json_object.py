"""JSON objects that tell how many of their keys came again.

The last one is read; what the others said would be gone unseen.
"""

from __future__ import annotations

from typing import Any


class Tally:
    """How many keys came again in a file, as far as it has been read."""

    __slots__ = ("repeats",)

    def __init__(self) -> None:
        self.repeats = 0


class JsonObject(dict[str, Any]):
    """An object whose keys are set one by one, as they stand in the file."""

    __slots__ = ("_tally", "repeats")

    def __init__(self, tally: Tally) -> None:
        """`tally` counts keys that come again, too, and so tells whether it is worth looking for them."""
        super().__init__()
        self._tally = tally
        self.repeats = 0

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.repeats += 1
            self._tally.repeats += 1
        super().__setitem__(key, value)


def object_of(pairs: list[tuple[str, Any]], tally: Tally) -> dict[str, Any]:
    """Pairs as an object; one that remembers nothing where no key comes again."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    found = JsonObject(tally)
    for key, value in pairs:
        found[key] = value
    return found


def summed(entry: Any, tally: Tally) -> Any:
    """The entry of a file; if it is an object, with the repeats of all that it holds as its own."""
    if not (tally.repeats and isinstance(entry, dict)):
        return entry
    found = JsonObject(tally)
    found.update(entry)
    found.repeats = _repeats_in(entry)
    return found


def repeats_of(entry: Any) -> int:
    """How many keys came again in an entry of a file, and in all that it holds."""
    return entry.repeats if isinstance(entry, JsonObject) else 0


def _repeats_in(entry: Any) -> int:
    found, left = 0, [entry]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            found += repeats_of(one)
            left += one.values()
        elif isinstance(one, list):
            left += one
    return found
