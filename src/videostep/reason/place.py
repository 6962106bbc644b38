"""Where questions are asked: a time context, and how things can be named in it."""

from __future__ import annotations

from dataclasses import dataclass

from videostep.reason.contexts import TimeContext
from videostep.reason.describe import Describer, Description
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

    def ways(self, thing: int, hops: int) -> tuple[Description, ...]:
        """Every way to name a thing by so many hops: in a scene also by what it is in another scene."""
        ways = self.here.descriptions(thing, hops)
        if self.context.kind != "scene":
            return ways
        return (*ways, *self.elsewhere.descriptions(thing, hops, self.here))
