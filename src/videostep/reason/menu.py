"""What can be asked in one time context: cores by kind, each dealt once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import islice
from random import Random
from typing import Protocol, TypeVar

from videostep.reason.again import again_cores
from videostep.reason.changes import change_cores
from videostep.reason.contexts import TimeContext
from videostep.reason.cores import AttributeCore, Core, MotionCore, ObjectCore, single_cores
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
from videostep.reason.picking import one_of, shuffled
from videostep.reason.place import Place
from videostep.reason.sets import (
    CountCore,
    ExistsCore,
    Group,
    absent_groups,
    absent_labels,
    groups,
    negated_groups,
)
from videostep.reason.spans import takes_time
from videostep.reason.values import confusable, opposite_of
from videostep.reason.words import is_verbal

PAIR_KINDS = ("order", "longer", "overlap", "same", "again", "logic")
GROUP_KINDS = ("exists yes", "exists no", "exists not", "count", "count not")
OTHER_RIVALS = ("object", "event", "change", "turn", "switch", "shift", "again", *GROUP_KINDS)
"""Kinds that have other rivals than things called alike, or are so rare that none is left for lack of any."""
MOST_ABSENT = 12
"""So many things that are not there are thought of in one time context."""
COMPARING_SHARE = 0.2
"""So many of the questions by which two things are compared in size or speed are thought of, 0..1."""
STILL_EACH = 4
"""Of what lies beside what, one is paired for so many things that somebody does, and two at least."""
MOST_PAIRED = 12
"""So many facts are paired with each other at a time: there may be thousands of pairs, and few are wanted."""
FACT_STEPS = 1
"""Steps of a core that asks about one fact, or one group."""
PAIR_STEPS = 2
"""Steps of a core that asks about two facts."""
JOINTS: tuple[Joint, ...] = ("and", "or", "xor")
T = TypeVar("T")


class OfThing(Protocol):
    """Something that is so of one thing."""

    @property
    def thing(self) -> int:
        """The thing."""


F = TypeVar("F", bound=OfThing)


class CoreMenu:
    """Every core of a view; of pairs and of what is absent a random part. Each is dealt once."""

    def __init__(self, place: Place, rng: Random, *, max_event_s: float) -> None:
        """Around something that happens, leave out what does not change, and what the time phrase speaks of.

        The whole event is asked of times up to `max_event_s` only.
        """
        self._place, self._view, self._said = place, place.here.view, place.context.things
        lasting = not place.context.anchors
        events = lasting and place.context.span_s.duration_s <= max_event_s
        self._cores: dict[str, list[Core]] = defaultdict(list)
        for core in single_cores(self._view):
            if (lasting or not core.is_lasting) and (events or core.kind != "event"):
                self._cores[core.kind].append(core)
        for kind in ("object", "relation") if self._view.index.comparisons else ():
            self._cores[kind] = _fewer_comparisons(self._cores[kind], self._view, rng)
        for core in change_cores(self._view) if lasting else ():
            self._cores[core.kind].append(core)
        self._decks: dict[str, Iterator[Core] | None] = {}
        self._rng = rng
        self._steps = self._most = 1
        self._with_rivals = False

    def deal(self, steps: int, most: int, *, with_rivals: bool) -> None:
        """Questions of `steps` to `most` steps are wanted: all that may have them.

        With rivals: those are left out of which it is plain that nothing else is called alike.
        """
        self._steps, self._most, self._with_rivals = steps, most, with_rivals
        kinds = [*self._cores, *GROUP_KINDS] if most >= 1 else []
        self._decks = dict.fromkeys((*kinds, *(PAIR_KINDS if most >= PAIR_STEPS else ())))

    @property
    def kinds(self) -> Collection[str]:
        """Kinds of which something may still be dealt."""
        return self._decks.keys()

    def draw(self, kind: str, unwanted: Collection[str] = ()) -> tuple[Core, str] | None:
        """A random core of a kind that `kinds` has named, and its answer; no core is drawn twice.

        Questions with `unwanted` answers are passed over. None when there was none left.
        """
        deck = self._decks[kind]
        if deck is None:
            deck = self._decks[kind] = self._deck(kind)
        alone = self._view.alone if self._with_rivals and kind not in OTHER_RIVALS else ()
        may_name, (fewest, most) = self._place.may_name, self.hops(kind)
        for core in deck:
            roots = core.roots
            if not (alone and alone.issuperset(roots)) and may_name(roots, fewest, most):
                answer = core.answer(self._view)
                if answer is not None and answer not in unwanted:
                    return core, answer
        del self._decks[kind]
        return None

    def hops(self, kind: str) -> tuple[int, int]:
        """Fewest and most hops by which a question of a kind names its things."""
        own = PAIR_STEPS if kind in PAIR_KINDS else FACT_STEPS
        return max(0, self._steps - own), self._most - own

    @property
    def _is_whole(self) -> bool:
        return self._place.context.kind == "none"

    def _may_stand_beside(self, thing: int) -> bool:
        """Whether a thing can be named in a question of two facts."""
        return self._place.may_name((thing,), 0, self._most - PAIR_STEPS)

    def _deck(self, kind: str) -> Iterator[Core]:
        match kind:
            case "order":
                return (OrderCore(*pair) for pair in self._pairs(self._happenings))
            case "longer":
                return (LongerCore(*pair) for pair in self._pairs(self._taking_time))
            case "overlap":
                scenes = shuffled(self._by_scene, self._rng)
                return (OverlapCore(*pair) for scene in scenes for pair in self._pairs(scene))
            case "same":
                return (
                    SameCore(one.thing, other.thing, name)
                    for name, cores in self._valued.items()
                    for one, other in self._pairs(cores)
                )
            case "again":
                return shuffled(again_cores(self._view), self._rng) if self._is_whole else iter(())
            case "logic":
                return (LogicCore(one_of(JOINTS, self._rng), *pair) for pair in self._pairs(self._claims))
            case "exists yes":
                return self._there(self._groups)
            case "exists no":
                return (ExistsCore(group, False) for group in self._absent())
            case "exists not":
                return self._there(self._negated)
            case "count not":
                return map(CountCore, shuffled(self._wanted(self._negated), self._rng))
            case "count":
                return map(CountCore, shuffled(self._wanted(self._groups), self._rng))
        return shuffled(self._cores[kind], self._rng)

    def _pairs(self, items: Iterable[F]) -> Iterator[tuple[F, F]]:
        """Pairs of a few random items whose things can be named; each pair in one order."""
        before: list[F] = []
        for item in islice(shuffled(items, self._rng), MOST_PAIRED):
            if self._may_stand_beside(item.thing):
                yield from ((item, other) for other in shuffled(before, self._rng))
                before.append(item)

    def _there(self, groups: dict[int, list[Group]]) -> Iterator[Core]:
        """Whether there is any. What is there around something that happens is there in the whole video."""
        lasting = not self._place.context.anchors
        for group in shuffled(self._wanted(groups), self._rng):
            is_there = not group.is_negated or bool(group.members(self._view))
            if lasting or group.neighbour >= 0 or not is_there:
                yield ExistsCore(group, is_there)

    def _absent(self) -> Iterator[Group]:
        """What is not there at all, and what is not there as something else is."""
        if not self._place.context.steps:
            yield from self._wanted({-1: absent_labels(self._view)})
        there = [group for told in self._groups.values() for group in told if group.operator]
        likes = self._rng.choices(there, k=min(MOST_ABSENT, 2 * len(there))) if there else ()
        told = (like for like in likes if like.neighbour >= 0 or self._steps <= FACT_STEPS)
        yield from absent_groups(self._view, told, self._rng)

    def _wanted(self, groups: dict[int, list[Group]]) -> list[Group]:
        """The groups of which questions of so many steps may be: by themselves, or told by a neighbour."""
        may_name, (fewest, most) = self._place.may_name, self.hops("count")
        told_by = [thing for thing in groups if may_name((thing,) if thing >= 0 else (), fewest, most)]
        return [group for thing in told_by for group in groups[thing]]

    @cached_property
    def _groups(self) -> dict[int, list[Group]]:
        found, context = groups(self._view), self._place.context
        if not context.anchors:
            return found
        return {by: [each for each in told if not _is_odd_then(each, context)] for by, told in found.items()}

    @cached_property
    def _negated(self) -> dict[int, list[Group]]:
        every = [group for told in self._groups.values() for group in told]
        found: dict[int, list[Group]] = defaultdict(list)
        for group in negated_groups(self._view, every, self._rng):
            if group.is_known(self._view):
                found[group.neighbour].append(group)
        return found

    @cached_property
    def _valued(self) -> dict[str, list[AttributeCore]]:
        """Attribute name to the questions for it."""
        valued: dict[str, list[AttributeCore]] = defaultdict(list)
        for core in self._about_attributes:
            valued[core.name].append(core)
        return valued

    @property
    def _about_attributes(self) -> list[AttributeCore]:
        return [core for cores in self._cores.values() for core in cores if isinstance(core, AttributeCore)]

    @cached_property
    def _happenings(self) -> list[Happening]:
        """Motions, and relations to what its bare label names, that hold once."""
        is_plain, said = self._view.bare_is_unique, self._said
        once = (key for key in self._view.once if key[2] < 0 or (is_plain(key[2]) and key[2] not in said))
        lively, still = list[Happening](), list[Happening]()
        for key in once:
            (lively if key[2] < 0 or is_verbal(key[1]) else still).append(Happening(*key))
        # "Is the cup in front of the man while the bed is behind him?" is true and dull.
        return [*lively, *self._rng.sample(still, min(len(still), max(2, len(lively) // STILL_EACH)))]

    @cached_property
    def _by_scene(self) -> list[list[Happening]]:
        """What happens in one clip, for each: things of different scenes are never seen together."""
        found: dict[int, list[Happening]] = defaultdict(list)
        for each in self._happenings:
            fact = each.fact(self._view)
            if fact is not None:
                found[self._view.index.clip_at(fact.spans_s[0].start_s)].append(each)
        return list(found.values())

    @cached_property
    def _taking_time(self) -> list[Happening]:
        return [each for each in self._happenings if takes_time(each.predicate)]

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


def _fewer_comparisons(cores: list[Core], view: View, rng: Random) -> list[Core]:
    """Most cores without those whose relation compares: that a horse is larger than a dog is no news."""
    comparisons = view.index.comparisons
    return [
        core
        for core in cores
        if rng.random() < COMPARING_SHARE
        or (core.predicate if isinstance(core, ObjectCore) else core.answer(view)) not in comparisons
    ]


def _is_odd_then(group: Group, context: TimeContext) -> bool:
    """Whether a question about a group sounds odd after a time phrase.

    In "after the bus that stops leaves, are there dogs?" all hops fix the time. "While the first person
    waves, how many people wave?" repeats it, and so does "while the dog next to a bench runs, is there a dog
    next to the bench?"
    """
    if context.steps and not group.operator:
        return True
    if group.name in context.predicates:
        return True
    return group.neighbour >= 0 and group.name in context.relations
