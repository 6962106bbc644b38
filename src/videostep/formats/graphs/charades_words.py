"""The vocabulary of Action Genome as English words; AGQA numbers the same lists.

Source: `object_classes.txt` and `relationship_classes.txt` of Action Genome 1.0, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["attention", "spatial", "contact"]

OBJECT_CLASSES: Final = (
    "person",
    "bag",
    "bed",
    "blanket",
    "book",
    "box",
    "broom",
    "chair",
    "closet/cabinet",
    "clothes",
    "cup/glass/bottle",
    "dish",
    "door",
    "doorknob",
    "doorway",
    "floor",
    "food",
    "groceries",
    "laptop",
    "light",
    "medicine",
    "mirror",
    "paper/notebook",
    "phone/camera",
    "picture",
    "pillow",
    "refrigerator",
    "sandwich",
    "shelf",
    "shoe",
    "sofa/couch",
    "table",
    "television",
    "towel",
    "vacuum",
    "window",
)
"""AGQA calls them `o1`, `o2` ..."""

GAZE_CONFIDENCE: Final = 0.3
"""Of `looking at`, 0..1. AGQA's authors left gaze out because people who watched the videos could not tell
where the person looks; at this confidence the graph holds it, and by default nobody asks about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """One relationship class: what it says as a predicate, or why it cannot be carried."""

    name: str
    role: Role
    predicate: str = ""
    confidence: float = 1.0
    uncarried: str = ""
    """Why a graph does not hold it; empty: it does, as `predicate`."""

    @property
    def from_object(self) -> bool:
        """Whether the thing is the subject and the person the object: `the chair is behind the person`."""
        return self.role == "spatial"


_NEGATION: Final = "a negation"
_UNSURE: Final = "the annotators were not sure"
_NAMELESS: Final = "a relationship without a name"
_DIRECTION: Final = "'in', which may say of either that it is in the other"

RELATIONSHIPS: Final = (
    Relationship(name="looking_at", role="attention", predicate="looking at", confidence=GAZE_CONFIDENCE),
    Relationship(name="not_looking_at", role="attention", uncarried=_NEGATION),
    Relationship(name="unsure", role="attention", uncarried=_UNSURE),
    Relationship(name="above", role="spatial", predicate="above"),
    Relationship(name="beneath", role="spatial", predicate="below"),
    Relationship(name="in_front_of", role="spatial", predicate="in front of"),
    Relationship(name="behind", role="spatial", predicate="behind"),
    Relationship(name="on_the_side_of", role="spatial", predicate="beside"),
    Relationship(name="in", role="spatial", uncarried=_DIRECTION),
    Relationship(name="carrying", role="contact", predicate="carrying"),
    Relationship(name="covered_by", role="contact", predicate="covered by"),
    Relationship(name="drinking_from", role="contact", predicate="drinking from"),
    Relationship(name="eating", role="contact", predicate="eating"),
    Relationship(name="have_it_on_the_back", role="contact", predicate="carrying on the back"),
    Relationship(name="holding", role="contact", predicate="holding"),
    Relationship(name="leaning_on", role="contact", predicate="leaning on"),
    Relationship(name="lying_on", role="contact", predicate="lying on"),
    Relationship(name="not_contacting", role="contact", uncarried=_NEGATION),
    Relationship(name="other_relationship", role="contact", uncarried=_NAMELESS),
    Relationship(name="sitting_on", role="contact", predicate="sitting on"),
    Relationship(name="standing_on", role="contact", predicate="standing on"),
    Relationship(name="touching", role="contact", predicate="touching"),
    Relationship(name="twisting", role="contact", predicate="twisting"),
    Relationship(name="wearing", role="contact", predicate="wearing"),
    Relationship(name="wiping", role="contact", predicate="wiping"),
    Relationship(name="writing_on", role="contact", predicate="writing on"),
)
"""AGQA calls them `r1`, `r2` ..."""

_LABELS: Final = {name: name.partition("/")[0] for name in OBJECT_CLASSES}
_BY_LABEL: Final = {label: label for label in _LABELS.values()}
# Some files spell the classes without the blanks between their words: `lookingat`.
_BY_NAME: Final = {relationship.name.replace("_", ""): relationship for relationship in RELATIONSHIPS}


def label_of(name: str) -> str | None:
    """The label of an object class, by any of its spellings; None for an unknown one.

    A class of several things, `sofa/couch`, is called by the first of its names, as in AGQA.
    """
    return _LABELS.get(name) or _BY_LABEL.get(name)


def has_alternatives(name: str) -> bool:
    """Whether the class stands for several things, so that its label is a choice among their names."""
    return "/" in name


def relationship_of(name: str) -> Relationship | None:
    """The relationship class of a name, by any of its spellings; None for an unknown one."""
    return _BY_NAME.get(name.replace("_", "").replace(" ", ""))


LABELS: Final = tuple(sorted(_BY_LABEL))


def predicates_of(*roles: Role) -> tuple[str, ...]:
    """The predicates of some kinds of relationship, for a graph's coverage."""
    return tuple(
        sorted(known.predicate for known in RELATIONSHIPS if known.predicate and known.role in roles)
    )
