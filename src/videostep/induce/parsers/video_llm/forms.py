"""What a Video-LLM's replies must be: every text and list bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from videostep.graph import Box, Kind

Word = Annotated[str, Meta(max_length=60)]
Sentence = Annotated[str, Meta(max_length=240)]
Thousandths = Annotated[int, Meta(ge=0, le=1000)]
MOST_OBJECTS = 24
MOST_STATEMENTS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Edges of a box in thousandths of the picture's width and height."""

    left: Thousandths
    top: Thousandths
    right: Thousandths
    bottom: Thousandths

    def box(self) -> Box | None:
        """As fractions; None if it has no area."""
        if self.left >= self.right or self.top >= self.bottom:
            return None
        return Box(self.left / 1000, self.top / 1000, self.right / 1000, self.bottom / 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedObject:
    """An object node."""

    label: Word
    kind: Kind
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedObjects:
    """The objects of a keyframe."""

    objects: Annotated[tuple[NamedObject, ...], Meta(max_length=MOST_OBJECTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAttribute:
    """An attribute node of a listed object."""

    number: int
    name: Word
    value: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAttributes:
    """The attributes of all objects of a keyframe."""

    attributes: Annotated[tuple[NamedAttribute, ...], Meta(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRelation:
    """A relation edge between two listed objects."""

    subject: int
    predicate: Word
    object: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRelations:
    """The relations of all objects of a keyframe."""

    relations: Annotated[tuple[NamedRelation, ...], Meta(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedScene:
    """Everything that is said of a keyframe, in one reply; objects are numbered from 1 in their order."""

    objects: Annotated[tuple[NamedObject, ...], Meta(max_length=MOST_OBJECTS)]
    attributes: Annotated[tuple[NamedAttribute, ...], Meta(max_length=MOST_STATEMENTS)]
    relations: Annotated[tuple[NamedRelation, ...], Meta(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMotion:
    """A motion edge of a listed object."""

    number: int
    predicate: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMotions:
    """The motions between two keyframes."""

    motions: Annotated[tuple[NamedMotion, ...], Meta(max_length=MOST_OBJECTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a listed statement is true."""

    number: int
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What is said of a list of statements."""

    verdicts: Annotated[tuple[Verdict, ...], Meta(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePair:
    """Whether a listed pair of objects is one thing."""

    number: int
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePairs:
    """What is said of a list of pairs."""

    pairs: Annotated[tuple[SamePair, ...], Meta(max_length=MOST_STATEMENTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEvent:
    """What happens in a clip."""

    description: Sentence
    participants: Annotated[tuple[int, ...], Meta(max_length=MOST_OBJECTS)]
