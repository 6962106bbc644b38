"""What can be asked in one time context: cores by kind and by the least number of steps they need."""

from __future__ import annotations

import math
from collections import defaultdict
from random import Random

from videostep.reason.cores import Core, Happening, OrderCore, SameCore, single_cores
from videostep.reason.describe import PERSONS, Describer

PAIRS = ("order", "same")
"""Kinds that ask about two facts: too many pairs to list, so they are drawn."""
PAIR_TRIES = 4
"""How often a pair is drawn at a time before another kind is tried."""
MANY_STEPS = 3
"""Questions of so many steps and more are dealt from one deck."""
PAIR_DRAWS = 12
"""How often pairs of one kind are asked for, for questions of one length."""


class CoreMenu:
    """Every core of a view that has one answer and whose things can be named; each is dealt once."""

    def __init__(
        self, describer: Describer, *, lasting: bool = True, events: bool = True, said: int = -1
    ) -> None:
        """Leave out what does not change (`lasting`), the whole event (`events`), one thing (`said`)."""
        self.describer = describer
        self._said = said
        self._single: dict[str, list[tuple[int, Core]]] = defaultdict(list)
        self._decks: dict[tuple[str, int], list[Core]] = {}
        self._open: dict[int, list[str]] = {}
        self._pairs_left: dict[str, int] = {}
        for core in single_cores(describer.view):
            if (not lasting and is_lasting(core)) or (not events and core.group[0] == "event"):
                continue
            if (steps := self._least_steps(core)) < math.inf and self._is_worth_asking(core):
                self._single[kind_of(core.group)].append((int(steps), core))
        self._happenings = self._find_happenings()
        self._valued = self._find_valued()
        self.shuffle()

    def shuffle(self) -> None:
        """Questions of another length are wanted: everything may be dealt again."""
        self._decks.clear()
        self._open.clear()
        self._pairs_left = {
            "order": PAIR_DRAWS if len(self._happenings) > 1 else 0,
            "same": PAIR_DRAWS if self._valued else 0,
        }

    def _least_steps(self, core: Core) -> float:
        return core.steps + sum(self.describer.need(thing) for thing in dict.fromkeys(core.roots))

    def _is_worth_asking(self, core: Core) -> bool:
        """One answer, not trivial, not "who?" answered by "person", not about what the time phrase names."""
        if self._said in core.roots or (isinstance(core, OrderCore) and core.is_trivial):
            return False
        answer = core.answer(self.describer.view)
        return answer is not None and not (core.group[0] == "object" and answer in PERSONS)

    def _find_happenings(self) -> list[Happening]:
        return [
            Happening(thing, name)
            for thing, motions in self.describer.view.motions.items()
            for name, facts in motions.items()
            if len(facts) == 1 and self.describer.need(thing) < math.inf
        ]

    def _find_valued(self) -> dict[str, list[int]]:
        valued: dict[str, list[int]] = defaultdict(list)
        for kind in sorted(self._single):
            for _, core in self._single[kind]:
                if core.group[0] == "attribute":
                    valued[core.group[1]].append(core.roots[0])
        return {name: things for name, things in valued.items() if len(things) > 1}

    def kinds(self, steps: int, rng: Random) -> list[str]:
        """Kinds of which something of so many steps is still to be dealt."""
        most = min(steps, MANY_STEPS)
        open_ = self._open.get(most)
        if open_ is None:
            for kind in self._single:
                self._decks[kind, most] = self._deal(kind, most, rng)
            open_ = self._open[most] = [kind for kind in self._single if self._decks[kind, most]]
            open_ += [kind for kind in PAIRS if self._pairs_left[kind] and steps >= 2]
        return open_

    def _deal(self, kind: str, most: int, rng: Random) -> list[Core]:
        fitting = ((least, core) for least, core in self._single[kind] if least <= most)
        # What speaks of no thing has nothing to expand.
        deck = [core for least, core in fitting if core.roots or least == most]
        rng.shuffle(deck)
        return deck

    def draw(self, kind: str, steps: int, rng: Random) -> Core | None:
        """The next core of a kind, which `kinds` has named; None when no pair was found."""
        most = min(steps, MANY_STEPS)
        if kind in PAIRS:
            return self._next_pair(kind, steps, rng)
        deck = self._decks[kind, most]
        core = deck.pop()
        if not deck:
            self._open[most].remove(kind)
        return core

    def _next_pair(self, kind: str, steps: int, rng: Random) -> Core | None:
        self._pairs_left[kind] -= 1
        if not self._pairs_left[kind]:
            for open_ in self._open.values():
                if kind in open_:
                    open_.remove(kind)
        for _ in range(PAIR_TRIES):
            core = self._draw_pair(kind, rng)
            if self._least_steps(core) <= steps and self._is_worth_asking(core):
                return core
        return None

    def _draw_pair(self, kind: str, rng: Random) -> Core:
        if kind == "order":
            return OrderCore(*rng.sample(self._happenings, 2))
        name = rng.choice(list(self._valued))
        first, second = rng.sample(self._valued[name], 2)
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
