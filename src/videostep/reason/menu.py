"""What can be asked in one time context: cores by kind, each dealt once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import permutations
from random import Random
from typing import TypeVar

from videostep.reason.changes import change_cores
from videostep.reason.cores import AttributeCore, Core, MotionCore, single_cores
from videostep.reason.describe import MOST_STEPS
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
from videostep.reason.place import Place
from videostep.reason.sets import ExistsCore, Group, absent_groups, count_core, groups, negated_groups
from videostep.reason.values import confusable, opposite_of

PAIR_KINDS = ("order", "longer", "overlap", "same", "logic")
GROUP_KINDS = ("exists yes", "exists no", "exists not", "count", "count not")
MOST_PAIRS = 30
"""So many pairs of one kind are dealt at a time: there may be thousands, and few are wanted."""
PAIR_STEPS = 2
"""Steps of a core that asks about two facts."""
GROUP_STEPS = 1
"""Steps of a core that asks about a group."""
JOINTS: tuple[Joint, ...] = ("and", "or", "xor")
T = TypeVar("T")


class CoreMenu:
    """Every core of a view; of pairs and of what is absent a random part. Each is dealt once."""

    def __init__(self, place: Place, *, max_event_s: float) -> None:
        """Around something that happens, leave out what does not change, and what the time phrase speaks of.

        The whole event is asked of times up to `max_event_s` only.
        """
        self._place, self._view, self._said = place, place.here.view, place.context.things
        lasting = not place.context.anchors
        events = lasting and place.context.span_s.duration_s <= max_event_s
        self._cores: dict[str, list[Core]] = defaultdict(list)
        for core in single_cores(self._view):
            if (lasting or not is_lasting(core)) and (events or core.group[0] != "event"):
                self._cores[kind_of(core.group)].append(core)
        for core in change_cores(self._view) if lasting else ():
            self._cores[kind_of(core.group)].append(core)
        self._decks: dict[str, Iterator[Core] | None] = {}
        self._rng = Random()
        self._unwanted: Collection[str] = ()
        self._steps = self._most = 1
        self._hops: dict[int, Sequence[int]] = {}

    def deal(self, steps: int, most: int, rng: Random) -> None:
        """Questions of `steps` to `most` steps are wanted: all that may have them."""
        self._steps, self._most, self._rng = steps, most, rng
        self._hops = {}
        kinds = [*self._cores, *GROUP_KINDS] if most >= 1 else []
        self._decks = dict.fromkeys((*kinds, *(PAIR_KINDS if most >= PAIR_STEPS else ())))

    @property
    def kinds(self) -> list[str]:
        """Kinds of which something may still be dealt."""
        return list(self._decks)

    def draw(self, kind: str, unwanted: Collection[str] = ()) -> tuple[Core, str] | None:
        """A random core of a kind that `kinds` has named, and its answer; no core is drawn twice.

        Questions with `unwanted` answers are passed over. None when there was none left.
        """
        deck, self._unwanted = self._decks[kind], unwanted
        if deck is None:
            deck = self._decks[kind] = self._deck(kind)
        for core in deck:
            answer = core.answer(self._view) if self._fits(core) else None
            if answer is not None and answer not in unwanted:
                return core, answer
        del self._decks[kind]
        return None

    def _fits(self, core: Core) -> bool:
        """Whether its things may be named, by as many hops as the question still needs."""
        roots = core.roots
        fewest, most = self._steps - core.steps, self._most - core.steps
        if most < 0 or not self._said.isdisjoint(roots):
            return False
        if not roots:
            return fewest <= 0
        ways = self._hops_of(roots[0])
        if len(roots) > 1 and ways:
            ways = [one + other for one in ways for other in self._hops_of(roots[1])]
        for hops in ways:  # noqa: SIM110 - a generator costs three times as much
            if fewest <= hops <= most:
                return True
        return False

    def _may_name(self, thing: int, steps: int) -> bool:
        """Whether a thing can be named in a question that has so many steps without its name."""
        hops = self._hops_of(thing)
        return bool(hops) and hops[0] <= self._most - steps

    def _hops_of(self, thing: int) -> Sequence[int]:
        """By how many hops, of those that may be wanted, a thing can be named."""
        found = self._hops.get(thing)
        if found is None:
            every = range(min(self._most - 1, MOST_STEPS) + 1)
            found = self._hops[thing] = [n for n in every if self._place.ways(thing, n)]
        return found

    def _deck(self, kind: str) -> Iterator[Core]:
        match kind:
            case "order":
                return (OrderCore(*pair) for pair in self._pairs_of_happenings())
            case "longer":
                return (LongerCore(*pair) for pair in self._pairs_of_happenings())
            case "overlap":
                return (OverlapCore(*pair) for pair in self._pairs_of_happenings())
            case "same":
                return (
                    SameCore(*pair, name)
                    for name, things in self._valued.items()
                    for pair in self._pairs([thing for thing in things if self._may_name(thing, PAIR_STEPS)])
                )
            case "logic":
                claims = [claim for claim in self._claims if self._may_name(claim.core.thing, PAIR_STEPS)]
                return (LogicCore(self._rng.choice(JOINTS), *pair) for pair in self._pairs(claims))
            case "exists yes":
                return (ExistsCore(group, True) for group in self._shuffled(self._named_groups()))
            case "exists no":
                absent = absent_groups(self._view, self._groups, self._rng)
                return (ExistsCore(group, False) for group in absent)
            case "exists not":
                groups = self._shuffled(self._named(self._negated))
                return (ExistsCore(group, bool(group.members(self._view))) for group in groups)
            case "count not":
                return self._counts(self._named(self._negated))
            case "count":
                return self._counts(self._named_groups())
        return self._shuffled(self._cores[kind])

    def _counts(self, groups: list[Group]) -> Iterator[Core]:
        """Questions how many of a group there are. Most have one member, and "one" is soon unwanted."""
        for group in self._shuffled(groups):
            if "one" not in self._unwanted or len(group.members(self._view)) != 1:
                yield count_core(group, self._view)

    def _shuffled(self, items: Iterable[T]) -> Iterator[T]:
        """All items in random order, no further than they are asked for."""
        rest = list(items)
        while rest:
            chosen = int(self._rng.random() * len(rest))
            rest[chosen], rest[-1] = rest[-1], rest[chosen]
            yield rest.pop()

    def _pairs(self, items: Sequence[T]) -> Iterator[tuple[T, T]]:
        """Pairs of different items: all, or as many as are wanted at most."""
        if len(items) * (len(items) - 1) <= MOST_PAIRS:
            yield from self._shuffled(permutations(items, 2))
            return
        for _ in range(MOST_PAIRS):
            first = int(self._rng.random() * len(items))
            yield items[first], items[first - 1 - int(self._rng.random() * (len(items) - 1))]

    def _pairs_of_happenings(self) -> Iterator[tuple[Happening, Happening]]:
        return self._pairs([each for each in self._happenings if self._may_name(each.thing, PAIR_STEPS)])

    def _named_groups(self) -> list[Group]:
        return self._named(self._groups)

    def _named(self, groups: Iterable[Group]) -> list[Group]:
        """The groups that questions of so many steps may be about."""
        may_be_bare = self._steps <= GROUP_STEPS
        return [
            group
            for group in groups
            if (may_be_bare if group.neighbour < 0 else self._may_name(group.neighbour, GROUP_STEPS))
        ]

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        return tuple(groups(self._view))

    @cached_property
    def _negated(self) -> tuple[Group, ...]:
        return tuple(negated_groups(self._view, self._groups, self._rng))

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
    if kind in ("exists", "count"):
        return f"{kind} {name}".rstrip()
    if kind != "attribute":
        return kind
    return "colour" if name.endswith("colour") else f"attribute {name}"
