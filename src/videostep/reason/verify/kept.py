"""What is worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Found = TypeVar("_Found")


class kept(Generic[_Found]):
    """A property that is an attribute like any other once it was asked for; an error is not kept.

    As `functools.cached_property`, but without its lock, which on Python 3.11 takes as long as most of what
    is worked out here.
    """

    def __init__(self, find: Callable[[Any], _Found]) -> None:
        self._find, self._name, self.__doc__ = find, find.__name__, find.__doc__

    def __get__(self, owner: Any, _: type | None = None) -> _Found:
        found = self._find(owner)
        setattr(owner, self._name, found)  # `__dict__` would be made of the attributes first
        return found
