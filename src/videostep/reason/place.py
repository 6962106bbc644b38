"""Where questions are asked: a time context, and how things can be named in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from videostep.reason.contexts import TimeContext
from videostep.reason.describe import MOST_STEPS, Describer, Description
from videostep.reason.elsewhere import Elsewhere

MANY_STEPS = 3
"""Questions of so many steps and more are asked alike."""


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

    def ways(self, thing: int, hops: int) -> tuple[Description, ...]:
        """Every way to name a thing by so many hops: in a scene also by what it is in another scene."""
        ways = self._ways.get((thing, hops))
        if ways is None:
            ways = self.here.descriptions(thing, hops)
            if self.context.kind == "scene":
                ways = (*ways, *self.elsewhere.descriptions(thing, hops, self.here))
            self._ways[thing, hops] = ways
        return ways

    def may_name(self, things: tuple[int, ...], hops: int) -> bool:
        """Whether a question may name up to two things by so many hops together."""
        if len(things) == 1:
            return self._may_name(things[0], hops)
        if not things or things[0] == things[1]:  # what is named twice, by hops, would count them twice
            return hops == 0 and all(self._may_name(thing, 0) for thing in things)
        for own in range(hops + 1):
            if self._may_name(things[0], own) and self._may_name(things[1], hops - own):
                return True
        return False

    def _may_name(self, thing: int, hops: int) -> bool:
        """Whether a thing has a name of so many hops; what the time phrase speaks of is not named again."""
        return hops <= MOST_STEPS and thing not in self.context.names and bool(self.ways(thing, hops))
