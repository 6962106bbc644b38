"""What can be asked in one time context: cores by kind, each dealt once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import permutations
from random import Random
from typing import TypeVar

from videostep.reason.cores import Core, Happening, OrderCore, SameCore, single_cores
from videostep.reason.index import View

MOST_PAIRS = 40
"""So many pairs of one kind are dealt at a time: there may be thousands, and few are wanted."""
PAIR_STEPS = 2
"""Steps of a core that asks about two facts."""
MANY_STEPS = 3
"""Questions of so many steps and more are asked alike."""
T = TypeVar("T")


class CoreMenu:
    """Every core of a view; of pairs a random part."""

    def __init__(self, view: View, *, lasting: bool = True, events: bool = True, said: int = -1) -> None:
        """Leave out what does not change (`lasting`), the whole event (`events`), one thing (`said`)."""
        self._view = view
        self._bare: dict[str, list[Core]] = defaultdict(list)
        """By kind; those whose things need no description."""
        self._other: dict[str, list[Core]] = defaultdict(list)
        self._valued: dict[str, list[int]] = defaultdict(list)
        """Attribute name to the things of which it is asked."""
        self._decks: dict[str, list[Core]] = {}
        for core in single_cores(view):
            kind, name = core.group
            if (lasting or not is_lasting(core)) and (events or kind != "event") and said not in core.roots:
                is_bare = all(map(view.bare_is_unique, core.roots))
                (self._bare if is_bare else self._other)[kind_of(core.group)].append(core)
                if kind == "attribute":
                    self._valued[name].append(core.roots[0])
        self._happenings = [
            Happening(thing, name)
            for thing, motions in view.motions.items()
            for name, facts in motions.items()
            if len(facts) == 1 and thing != said
        ]

    def deal(self, steps: int, rng: Random) -> None:
        """Questions of so many steps (of many and more: alike) are wanted: all that may have them."""
        self._decks = {}
        for kind in (*self._bare, *self._other):
            if deck := self._fitting(kind, steps):
                self._decks[kind] = deck
        for kind, pairs in (("order", self._orders), ("same", self._sames)):
            if steps >= PAIR_STEPS and (deck := pairs(rng, bare=steps == PAIR_STEPS)):
                self._decks[kind] = deck

    def _fitting(self, kind: str, steps: int) -> list[Core]:
        """Cores of one step of a kind: what nothing describes stays short, what is described gets long."""
        if steps == 1:
            return list(self._bare.get(kind, ()))
        if steps < 1 or kind == "event":
            return []
        return [*self._bare.get(kind, ()), *self._other.get(kind, ())]

    def _orders(self, rng: Random, *, bare: bool) -> list[Core]:
        return self._pairs(self._happenings, lambda one: one.thing, OrderCore, rng, bare=bare)

    def _sames(self, rng: Random, *, bare: bool) -> list[Core]:
        return [
            core
            for name, things in self._valued.items()
            for core in self._pairs(things, int, partial(_same, name), rng, bare=bare)
        ]

    def _pairs(
        self,
        items: list[T],
        thing: Callable[[T], int],
        make: Callable[[T, T], Core],
        rng: Random,
        *,
        bare: bool,
    ) -> list[Core]:
        """Cores of pairs of different items: all, or as many as are wanted at most."""
        if bare:
            items = [item for item in items if self._view.bare_is_unique(thing(item))]
        if len(items) * (len(items) - 1) <= MOST_PAIRS:
            return [make(*pair) for pair in permutations(items, 2)]
        return [make(*rng.sample(items, 2)) for _ in range(MOST_PAIRS)]

    @property
    def kinds(self) -> list[str]:
        """Kinds of which something is still to be dealt."""
        return list(self._decks)

    def draw(self, kind: str, rng: Random) -> Core:
        """A random core of a kind that `kinds` has named; it is not drawn again."""
        deck = self._decks[kind]
        last, chosen = len(deck) - 1, int(rng.random() * len(deck))
        deck[chosen], deck[last] = deck[last], deck[chosen]
        core = deck.pop()
        if not deck:
            del self._decks[kind]
        return core


def _same(name: str, first: int, second: int) -> Core:
    return SameCore(first, second, name)


def is_lasting(core: Core) -> bool:
    """Whether a viewer expects no change: "after the bus leaves, what colour is the car?" sounds odd."""
    return core.group[0] == "attribute" and core.group[1].endswith("colour")


def kind_of(group: tuple[str, str]) -> str:
    """What counts as one kind when kinds are drawn evenly: all colours are one, all predicates too."""
    kind, name = group
    if kind != "attribute":
        return kind
    return "colour" if name.endswith("colour") else f"attribute {name}"
