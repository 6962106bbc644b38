"""STAR's classes as English: `o013` is medicine, `r012` is carrying, `a007` is what opens a door.

Source: `object_classes.txt`, `relationship_classes.txt` and `action_classes.txt` of its repository, in their
order, which are the numbers in the codes.
"""

from __future__ import annotations

import re
from typing import Any, Final

from videostep.formats.graphs.charades_words import label_of, relationship_of

_OBJECTS: Final = (
    "person", "broom", "picture", "closet/cabinet", "blanket", "window", "table", "paper/notebook",
    "refrigerator", "pillow", "cup/glass/bottle", "shelf", "shoe", "medicine", "phone/camera", "box",
    "sandwich", "book", "bed", "clothes", "mirror", "sofa/couch", "floor", "bag", "dish", "laptop",
    "door", "towel", "food", "chair", "doorknob", "doorway", "groceries", "hands", "light", "vacuum",
    "television",
)  # fmt: skip
_RELATIONSHIPS: Final = (
    "on", "behind", "in_front_of", "on_the_side_of", "above", "beneath", "drinking_from",
    "have_it_on_the_back", "wearing", "holding", "lying_on", "covered_by", "carrying", "eating",
    "leaning_on", "sitting_on", "twisting", "writing_on", "standing_on", "touching", "wiping", "at",
    "under", "near",
)  # fmt: skip
ACTIONS: Final = (
    "holds some clothes",
    "puts clothes somewhere",
    "takes some clothes from somewhere",
    "throws clothes somewhere",
    "tidies some clothes",
    "washes some clothes",
    "closes a door",
    "opens a door",
    "sits on a table",
    "sits at a table",
    "tidies up a table",
    "washes a table",
    "holds a phone or camera",
    "puts a phone or camera somewhere",
    "takes a phone or camera from somewhere",
    "opens a bag",
    "puts a bag somewhere",
    "takes a bag from somewhere",
    "throws a bag somewhere",
    "closes a book",
    "holds a book",
    "opens a book",
    "puts a book somewhere",
    "takes a book from somewhere",
    "throws a book somewhere",
    "looks at a book",
    "puts a towel or towels somewhere",
    "takes a towel or towels from somewhere",
    "throws a towel or towels somewhere",
    "tidies up a towel or towels",
    "closes a box",
    "holds a box",
    "opens a box",
    "puts a box somewhere",
    "takes a box from somewhere",
    "throws a box somewhere",
    "closes a laptop",
    "holds a laptop",
    "opens a laptop",
    "puts a laptop somewhere",
    "takes a laptop from somewhere",
    "holds a shoe or shoes",
    "puts shoes somewhere",
    "takes shoes from somewhere",
    "throws shoes somewhere",
    "sits in a chair",
    "stands on a chair",
    "holds some food",
    "puts some food somewhere",
    "takes food from somewhere",
    "throws food somewhere",
    "eats a sandwich",
    "holds a sandwich",
    "puts a sandwich somewhere",
    "takes a sandwich from somewhere",
    "holds a blanket",
    "puts a blanket somewhere",
    "takes a blanket from somewhere",
    "throws a blanket somewhere",
    "tidies up a blanket or blankets",
    "holds a pillow",
    "puts a pillow somewhere",
    "takes a pillow from somewhere",
    "throws a pillow somewhere",
    "reaches for and grabs a picture",
    "holds a picture",
    "puts a picture somewhere",
    "looks at a picture",
    "closes a window",
    "opens a window",
    "washes a window",
    "looks out of a window",
    "holds a mirror",
    "washes a mirror",
    "walks through a doorway",
    "holds a broom",
    "puts a broom somewhere",
    "takes a broom from somewhere",
    "throws a broom somewhere",
    "tidies up with a broom",
    "turns on a light",
    "turns off a light",
    "drinks from a cup, glass or bottle",
    "puts a cup, glass or bottle somewhere",
    "takes a cup, glass or bottle from somewhere",
    "washes a cup, glass or bottle",
    "closes a closet or cabinet",
    "opens a closet or cabinet",
    "tidies up a closet or cabinet",
    "puts paper or a notebook somewhere",
    "takes paper or a notebook from somewhere",
    "holds a dish",
    "puts a dish or dishes somewhere",
    "takes a dish or dishes from somewhere",
    "washes a dish or dishes",
    "lies on a sofa",
    "sits on a sofa",
    "lies on the floor",
    "sits on the floor",
    "holds some medicine",
    "takes some medicine",
    "puts groceries somewhere",
    "watches television",
    "lies on a bed",
    "sits in a bed",
    "holds a vacuum",
    "takes a vacuum from somewhere",
    "washes their hands",
    "grasps a doorknob",
    "closes a refrigerator",
    "opens a refrigerator",
)
"""What the person does. Where a class names different things, all stand here: nobody knows which it was."""
_CODE: Final = re.compile(r"([orva]?)(\d{1,3})", re.ASCII)


def label_of_code(raw: Any) -> str | None:
    """The label of an object class, written `"o013"`, `"13"` or `13`; None for an unknown one."""
    number = _number(raw, "o")
    said = _OBJECTS[number] if number is not None and number < len(_OBJECTS) else None
    return (label_of(said) or said) if said else None


def predicate_of_code(raw: Any) -> str | None:
    """The predicate of a relationship class, written `"r012"`; None for an unknown one and for a bare number.

    Two public lists of relationships are numbered differently, and a bare number does not say which it means.
    (The lists of objects agree.)
    """
    number = _number(raw, "r")
    if number is None or number >= len(_RELATIONSHIPS) or not isinstance(raw, str) or not raw.startswith("r"):
        return None
    known = relationship_of(_RELATIONSHIPS[number])
    return known.predicate if known else _RELATIONSHIPS[number]


def action_of_code(raw: Any) -> str | None:
    """What the person does by an action class, written `"a007"` or `7`; None for an unknown one."""
    number = _number(raw, "a")
    return ACTIONS[number] if number is not None and number < len(ACTIONS) else None


def _number(raw: Any, letter: str) -> int | None:
    match = _CODE.fullmatch(str(raw)) if isinstance(raw, str | int) and not isinstance(raw, bool) else None
    return int(match[2]) if match and match[1] in ("", letter) else None


LABELS: Final = tuple(sorted(label for code in range(len(_OBJECTS)) if (label := label_of_code(code))))
PREDICATES: Final = tuple(
    sorted(said for code in range(len(_RELATIONSHIPS)) if (said := predicate_of_code(f"r{code}")))
)
