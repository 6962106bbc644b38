"""Random choices in the innermost loops, where `Random.choice` costs three times as much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def one_of(items: Sequence[T], rng: Random) -> T:
    """A random item; there must be one."""
    return items[int(rng.random() * len(items))]


def shuffled(items: Iterable[T], rng: Random) -> Iterator[T]:
    """All items in random order, no further than they are asked for."""
    rest, random = list(items), rng.random
    while rest:
        chosen = int(random() * len(rest))
        rest[chosen], rest[-1] = rest[-1], rest[chosen]
        yield rest.pop()
