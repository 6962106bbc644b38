"""AGQA's codes and phrases as English: `o4` is a blanket, `putting a pillow somewhere` is what one puts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import lemminflect

from videostep.errors import FormatError
from videostep.formats.graphs.charades_words import (
    OBJECT_CLASSES,
    RELATIONSHIPS,
    Relationship,
    label_of,
    relationship_of,
)
from videostep.formats.graphs.plain import read_json, words

_CODE: Final = re.compile(r"([a-z])0*(\d{1,3})")
_NO_VERBS: Final = frozenset(("something", "anything", "nothing", "everything"))
_PLURAL_ENDINGS: Final = frozenset(("s", "es"))


def read_codes(path: Path) -> dict[str, str]:
    """`ENG.txt`: code to English; nothing without the file. Raises FormatError when it is not JSON."""
    if not path.exists():
        return {}
    raw = read_json(path)
    if not isinstance(raw, dict):
        raise FormatError(f"{path} is no JSON object", remedy="take AGQA's own file, or move this one away")
    return {code: said for code, text in raw.items() if (said := words(text))}


def label_of_class(name: str, codes: Mapping[str, str]) -> str | None:
    """The label of an object's class, a code or a word; None for a code that nobody explains."""
    said = codes.get(name)
    number = _number_of(name, "o")
    if said is None and number is not None and number <= len(OBJECT_CLASSES):
        said = OBJECT_CLASSES[number - 1]
    if said is None:
        return label_of(name)
    return label_of(said) or said


def relationship_of_class(name: str, codes: Mapping[str, str]) -> Relationship | None:
    """The relationship of a class, a code or a word; None for a code that nobody explains."""
    said = codes.get(name)
    number = _number_of(name, "r")
    if said is None and number is not None and number <= len(RELATIONSHIPS):
        return RELATIONSHIPS[number - 1]
    known = relationship_of(said or name)
    if known is None and said is not None and _number_of(name, "v") is not None:
        # Verbs are drawn from the actions: what the person does to the thing.
        return Relationship(name=said, role="contact", predicate=said)
    return known


def predicate_of_phrase(phrase: str) -> str:
    """An action as the predicate of a motion: `putting a pillow somewhere` as `puts a pillow somewhere`.

    Alternatives stay alternatives, since nobody knows which is true: `works or plays on a laptop`.
    """
    pieces = phrase.lower().removeprefix("someone is ").split()
    return " ".join(
        _piece(piece, is_verb=index == 0, after=pieces[index - 1]) for index, piece in enumerate(pieces)
    )


def _piece(piece: str, *, is_verb: bool, after: str) -> str:
    is_verb = is_verb or (after in ("and", "or") and piece.endswith("ing") and piece not in _NO_VERBS)
    first, *others = piece.split("/")
    kept = [first, *(other for other in others if other not in _PLURAL_ENDINGS)]
    *most, last = [_third_person(word) if is_verb else word for word in kept]
    return f"{', '.join(most)} or {last}" if most else last


def _third_person(participle: str) -> str:
    lemma = (lemminflect.getLemma(participle, upos="VERB") or (participle,))[0]
    return str((lemminflect.getInflection(lemma, tag="VBZ") or (participle,))[0])


def _number_of(code: str, letter: str) -> int | None:
    match = _CODE.fullmatch(code)
    return int(match[2]) if match and match[1] == letter and int(match[2]) else None
