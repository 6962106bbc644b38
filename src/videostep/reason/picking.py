"""Random choices in the innermost loops, where `Random.choice` costs three times as much."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def one_of(items: Sequence[T], rng: Random) -> T:
    """A random item; there must be one."""
    return items[int(rng.random() * len(items))]
