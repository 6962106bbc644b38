"""Where questions are asked: a time context, and how things can be named in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from videostep.reason.contexts import TimeContext
from videostep.reason.describe import MOST_STEPS, Describer, Description
from videostep.reason.elsewhere import Elsewhere

MANY_STEPS = 3
"""Questions of so many steps and more are asked alike."""
MOST_STEPS_AROUND = 1
"""Most hops of one description after a time phrase that speaks of things itself: nobody follows more."""


@dataclass(frozen=True, slots=True)
class Place:
    """A time context and the ways in which things can be named in it."""

    context: TimeContext
    here: Describer
    whole: Describer
    """The same for the whole video."""
    elsewhere: Elsewhere
    min_seen_s: float
    """An answer's facts must hold at least this long in the context, seconds."""
    _ways: dict[tuple[int, int], tuple[Description, ...]] = field(default_factory=dict)
    """What `ways` has found."""
    _kinds: dict[tuple[int, int], list[list[Description]]] = field(default_factory=dict)
    """What `kinds_of_ways` has found."""
    _telling: dict[int, bool] = field(default_factory=dict)
    """What `may_tell_time` has found."""
    _nameable: dict[tuple[tuple[int, ...], int, int], bool] = field(default_factory=dict)
    """What `may_name` has found."""

    @property
    def most_hops(self) -> int:
        """Most hops by which one thing is named."""
        return MOST_STEPS_AROUND if self.context.anchors else MOST_STEPS

    def ways(self, thing: int, hops: int) -> tuple[Description, ...]:
        """Every way to name a thing by so many hops: in a scene also by what it is in another scene."""
        ways = self._ways.get((thing, hops))
        if ways is None:
            ways = self.here.descriptions(thing, hops)
            if self.context.kind == "scene":
                ways = (*ways, *self.elsewhere.descriptions(thing, hops, self.here))
            self._ways[thing, hops] = ways
        return ways

    def kinds_of_ways(self, thing: int, hops: int) -> list[list[Description]]:
        """The same, kind by kind."""
        kinds = self._kinds.get((thing, hops))
        if kinds is None:
            found: dict[tuple[str, str, bool], list[Description]] = {}
            for way in self.ways(thing, hops):
                found.setdefault(_kind(way), []).append(way)
            kinds = self._kinds[thing, hops] = list(found.values())
        return kinds

    def tells_time(self, way: Description) -> bool:
        """Whether a description fits in this time only: of the whole video, nobody knows whom it means.

        A rank does not: whoever is the last to enter of all may look just like the last one here.
        """
        is_ranked = way.hop is not None and way.hop.is_ranking
        return not (way.scene or is_ranked or self.whole.fits(way))

    def may_tell_time(self, thing: int) -> bool:
        """Whether any name of a thing does."""
        found = self._telling.get(thing)
        if found is None:
            lengths = range(self.most_hops + 1)
            telling = (self.tells_time(way) for hops in lengths for way in self.ways(thing, hops))
            found = self._telling[thing] = any(telling)
        return found

    def may_name(self, things: tuple[int, ...], fewest: int, most: int) -> bool:
        """Whether a question may name up to two things by `fewest` to `most` hops together."""
        key = (things, fewest, most)
        found = self._nameable.get(key)
        if found is None:
            found = self._nameable[key] = self._may_name(things, fewest, most)
        return found

    def _may_name(self, things: tuple[int, ...], fewest: int, most: int) -> bool:
        if not self.context.things.isdisjoint(things):
            return False  # what the time phrase speaks of is not named again
        if len(things) == 1:
            return self._has_ways(things[0], fewest, most)
        if not things or things[0] == things[1]:  # what is named twice, by hops, would count them twice
            return fewest <= 0 <= most and all(self.ways(thing, 0) for thing in things)
        return any(
            self.ways(things[0], own) and self._has_ways(things[1], fewest - own, most - own)
            for own in range(min(most, self.most_hops) + 1)
        )

    def _has_ways(self, thing: int, fewest: int, most: int) -> bool:
        """Whether it has a name of `fewest` to `most` hops."""
        for hops in range(max(0, fewest), min(most, self.most_hops) + 1):  # noqa: SIM110 - a generator is slower
            if self.ways(thing, hops):
                return True
        return False


def _kind(way: Description) -> tuple[str, str, bool]:
    """What counts as one kind of description: a ranking is one, whatever it ranks by."""
    if way.hop is None:
        return ("", "", False)
    if way.hop.is_negated:
        return ("not", "", False)
    return ("ranking", "", False) if way.hop.is_ranking else (way.hop.operator, way.hop.name, way.scene > 0)
