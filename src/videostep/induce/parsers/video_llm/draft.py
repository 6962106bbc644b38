"""A keyframe while it is being parsed: each step adds what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from videostep.graph import Box, Kind
from videostep.induce.lost import Lost
from videostep.models.protocol import Image
from videostep.video import Keyframe, TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object that enough replies named."""

    number: int
    """From 1; statements name it."""
    label: str
    kind: Kind
    box: Box | None
    confidence: float
    track: str | None = None
    """Of the parser that grounds it: things of one track are one."""
    spans_s: tuple[TimeSpan, ...] = ()
    """When it is seen while the keyframe stands for its clip; empty: all that time."""
    appearance: tuple[float, ...] = ()
    """As the parser that grounds it compares it."""

    def plain(self) -> dict[str, Any]:
        """As a prompt lists it."""
        edges = [round(edge * 1000) for edge in self.box] if self.box else None
        place = dict(zip(("left", "top", "right", "bottom"), edges, strict=True)) if edges else None
        return {"number": self.number, "label": self.label, "place": place}


class Attribute(NamedTuple):
    """`name` of thing `number` is `value`."""

    number: int
    name: str
    value: str


class Relation(NamedTuple):
    """Thing `subject` `predicate` thing `object`."""

    subject: int
    predicate: str
    object: int


class Motion(NamedTuple):
    """Thing `number` `predicate` from this keyframe to the next."""

    number: int
    predicate: str


Claim = Thing | Attribute | Relation | Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of one keyframe so far."""

    keyframe: Keyframe
    image: Image
    narrative: str = ""
    things: tuple[Thing, ...] = ()
    attributes: dict[Attribute, float]
    """Statement to confidence, here and below."""
    relations: dict[Relation, float]
    motions: dict[Motion, float]
    doubts: frozenset[str] = frozenset()
    """Labels that some reply gave and that were not confirmed."""
    lost: tuple[Lost, ...] = ()
    """All that was said and not confirmed, in the order of the steps."""

    def seen_s(self, thing: Thing) -> tuple[TimeSpan, ...]:
        """When a thing is seen while the keyframe stands for its clip."""
        return thing.spans_s or (self.keyframe.covers_s,)

    def thing(self, number: int) -> Thing:
        """The thing with that number; numbers stay when others are dropped."""
        return next(thing for thing in self.things if thing.number == number)

    def numbers(self) -> frozenset[int]:
        """Of all its things."""
        return frozenset(thing.number for thing in self.things)

    def plain_things(self) -> list[dict[str, Any]]:
        """As a prompt lists them."""
        return [thing.plain() for thing in self.things]
