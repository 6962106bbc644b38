"""What can be asked in one time context: cores by kind, each dealt once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import permutations
from random import Random
from typing import TypeVar

from videostep.reason.cores import AttributeCore, Core, MotionCore, single_cores
from videostep.reason.index import View
from videostep.reason.pairs import (
    Claim,
    Happening,
    Joint,
    LogicCore,
    LongerCore,
    OrderCore,
    OverlapCore,
    SameCore,
)
from videostep.reason.sets import CountCore, ExistsCore, absent_groups, groups
from videostep.reason.values import confusable, opposite_of

PAIR_KINDS = ("order", "longer", "overlap", "same", "logic")
GROUP_KINDS = ("exists yes", "exists no", "count")
MOST_PAIRS = 12
"""So many pairs of one kind are dealt at a time: there may be thousands, and few are wanted."""
PAIR_STEPS = 2
"""Steps of a core that asks about two facts."""
MANY_STEPS = 3
"""Questions of so many steps and more are asked alike."""
JOINTS: tuple[Joint, ...] = ("and", "or", "xor")
T = TypeVar("T")


class CoreMenu:
    """Every core of a view; of pairs and of what is absent a random part. Each is dealt once."""

    def __init__(
        self, view: View, *, lasting: bool = True, events: bool = True, said: frozenset[int] = frozenset()
    ) -> None:
        """Leave out what does not change (`lasting`), the whole event (`events`), some things (`said`)."""
        self._view, self._said = view, said
        self._cores: dict[str, list[Core]] = defaultdict(list)
        for core in single_cores(view):
            if (lasting or not is_lasting(core)) and (events or core.group[0] != "event"):
                self._cores[kind_of(core.group)].append(core)
        self._decks: dict[str, list[Core] | None] = {}
        self._rng = Random()
        self._steps = 1

    def deal(self, steps: int, rng: Random) -> None:
        """Questions of so many steps (of many and more: alike) are wanted: all that may have them."""
        self._steps, self._rng = steps, rng
        kinds = [*self._cores, *GROUP_KINDS] if steps >= 1 else []
        self._decks = dict.fromkeys((*kinds, *(PAIR_KINDS if steps >= PAIR_STEPS else ())))

    @property
    def kinds(self) -> list[str]:
        """Kinds of which something may still be dealt."""
        return list(self._decks)

    def draw(self, kind: str) -> Core | None:
        """A random core of a kind that `kinds` has named, not drawn again; None when there was none left."""
        deck = self._decks[kind]
        if deck is None:
            deck = self._decks[kind] = [core for core in self._made(kind) if self._fits(core)]
        if not deck:
            del self._decks[kind]
            return None
        last, chosen = len(deck) - 1, int(self._rng.random() * len(deck))
        deck[chosen], deck[last] = deck[last], deck[chosen]
        return deck.pop()

    def _fits(self, core: Core) -> bool:
        """Whether a question of so many steps may ask it: what nothing describes stays short."""
        if not self._said.isdisjoint(core.roots):
            return False
        hops = self._steps - core.steps
        if self._steps < MANY_STEPS and hops == 0:
            return all(map(self._view.bare_is_unique, core.roots))
        return bool(core.roots) and (hops > 0 or self._steps >= MANY_STEPS)

    def _made(self, kind: str) -> Iterable[Core]:
        match kind:
            case "order":
                return (OrderCore(*pair) for pair in self._pairs(self._happenings))
            case "longer":
                return (LongerCore(*pair) for pair in self._pairs(self._happenings))
            case "overlap":
                return (OverlapCore(*pair) for pair in self._pairs(self._happenings))
            case "same":
                valued = self._valued.items()
                return (SameCore(*pair, name) for name, things in valued for pair in self._pairs(things))
            case "logic":
                pairs = self._pairs(self._claims)
                return (LogicCore(self._rng.choice(JOINTS), *pair) for pair in pairs)
            case "exists yes":
                return (ExistsCore(group, True) for group in groups(self._view))
            case "exists no":
                return (ExistsCore(group, False) for group in absent_groups(self._view, self._rng))
            case "count":
                return (CountCore(group) for group in groups(self._view))
        return self._cores[kind]

    def _pairs(self, items: Sequence[T]) -> list[tuple[T, T]]:
        """Pairs of different items: all, or as many as are wanted at most."""
        if len(items) * (len(items) - 1) <= MOST_PAIRS:
            return list(permutations(items, 2))
        return [(one, other) for one, other in (self._rng.sample(items, 2) for _ in range(MOST_PAIRS))]

    @cached_property
    def _valued(self) -> dict[str, list[int]]:
        """Attribute name to the things of which it is asked."""
        valued: dict[str, list[int]] = defaultdict(list)
        for core in self._about_attributes:
            valued[core.name].append(core.thing)
        return valued

    @property
    def _about_attributes(self) -> list[AttributeCore]:
        return [core for cores in self._cores.values() for core in cores if isinstance(core, AttributeCore)]

    @cached_property
    def _happenings(self) -> list[Happening]:
        """Motions, and relations to what its bare label names, that hold once."""
        motions = [Happening(thing, name) for thing, names in self._view.motions.items() for name in names]
        relations = [
            Happening(thing, name, other)
            for (thing, other), names in self._view.links.items()
            for name in names
            if self._view.bare_is_unique(other) and other not in self._said
        ]
        return [each for each in (*motions, *relations) if each.fact(self._view) is not None]

    @cached_property
    def _claims(self) -> list[Claim]:
        """What is so, and as often what is not."""
        claims: list[Claim] = []
        for core in self._about_attributes:
            answer = core.answer(self._view) or ""
            values = [value for value in self._view.index.values[core.name] if not confusable(value, answer)]
            claims.append(
                Claim(core, self._rng.choice((answer, self._rng.choice(values) if values else answer)))
            )
        for other in self._cores.get("motion", ()):
            assert isinstance(other, MotionCore)
            answer = other.answer(self._view) or ""
            opposite = opposite_of(answer)
            claims.append(Claim(other, self._rng.choice((answer, opposite)) if opposite else answer))
        return claims


def is_lasting(core: Core) -> bool:
    """Whether a viewer expects no change: "after the bus leaves, what colour is the car?" sounds odd."""
    return core.group[0] == "attribute" and core.group[1].endswith("colour")


def kind_of(group: tuple[str, str]) -> str:
    """What counts as one kind when kinds are drawn evenly: all colours are one, all predicates too."""
    kind, name = group
    if kind == "exists":
        return f"exists {name}"
    if kind != "attribute":
        return kind
    return "colour" if name.endswith("colour") else f"attribute {name}"
